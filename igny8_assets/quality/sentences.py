"""Cutting plain text into sentences, and telling whether it has come to an end."""

import re

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？｡]++[\"'”’」』）]*+|(?<![؟۔।॥])[؟۔।॥]++(?=\s)")
_CLOSED = re.compile(r"[.!?…。！？｡؟۔।॥][\"'”’“»«›‹)\]」』）*_]*\s*$")
_ABBREVIATIONS = frozenset(
    "e.g i.e cf vs mr mrs ms dr prof st nr approx inc ltd al u.s u.k z.b d.h bzw ca p.ex sr sra".split()  # noqa: SIM905
)


def sentences_of(text: str) -> list[str]:
    """The sentences of one paragraph; a full stop after an abbreviation or before a small letter ends none."""
    sentences: list[str] = []
    begin = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _goes_on(text[begin : match.start()], text[match.end() :]):
            continue
        sentences.append(text[begin : match.end()].strip())
        begin = match.end()
    sentences.append(text[begin:].strip())
    return [sentence for sentence in sentences if sentence]


def ends_properly(text: str) -> bool:
    """Whether the text's last sentence has its end mark, whatever quotes or brackets close after it."""
    return _CLOSED.search(text[-200:]) is not None


def _goes_on(before: str, after: str) -> bool:
    following = after.lstrip()[:1]
    last = before.rsplit(maxsplit=1)[-1:] or [""]
    word = last[0].lstrip("(\"'“‘«").casefold()
    return following.islower() or word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")
