"""Finding a keyphrase in a text the way search engines and their plugins do: its words, in any order."""

from dataclasses import dataclass

from igny8_assets.quality.words import folded, is_unspaced, words_of

# English words that carry no topic; Yoast SEO leaves such words out of the keyphrase too.
_FUNCTION_WORDS = frozenset(
    (  # noqa: SIM905
        "a an the this that of to in on at by for from with without and or but as is are was be do does did "
        "can could should will would how what when where which who why i me my we our you your it its"
    ).split()
)


@dataclass(frozen=True)
class Keyphrase:
    """The words that have to appear (English singular and plural are one), or a whole Chinese or Japanese phrase."""

    words: tuple[str, ...]
    phrase: str | None
    english: bool

    def occurs_in(self, text: str) -> bool:
        """Whether the plain text holds the keyphrase."""
        return self.count_in(text) > 0

    def count_in(self, text: str) -> int:
        """How often the plain text (best: one sentence) holds the keyphrase: as often as its rarest word."""
        if self.phrase is not None:
            return _unspaced(text).count(self.phrase) if self.phrase else 0
        present = [_stem(word, english=self.english) for word in words_of(folded(text))]
        return min((present.count(word) for word in self.words), default=0)

    def in_slug(self, slug: str) -> bool:
        """Whether the slug holds it: every word of a keyphrase of one or two, more than half of a longer one."""
        from slugify import slugify

        written = [_stem(part, english=self.english) for part in slug.casefold().split("-")]
        if self.phrase is not None:
            return bool(self.phrase) and (slugify(self.phrase) in slug.casefold() or self.phrase in _unspaced(slug))
        hits = sum(1 for word in self.words if word in written or _in_ascii(word, slugify(word), written))
        return hits == len(self.words) > 0 if len(self.words) <= 2 else hits > len(self.words) / 2


def read_keyphrase(text: str, language_code: str) -> Keyphrase:
    """The keyphrase ready to be looked for; without any words it is found nowhere."""
    english = language_code == "en"
    if is_unspaced(text):
        return Keyphrase((), _unspaced(text), english)
    words = list(dict.fromkeys(_stem(word, english=english) for word in words_of(folded(text))))
    telling = [word for word in words if word not in _FUNCTION_WORDS] if english else words
    return Keyphrase(tuple(telling or words), None, english)


def same_keyphrase_key(text: str) -> str:
    """Equal for keyphrases that differ only in case, spacing or punctuation; empty if there are no words."""
    return " ".join(words_of(folded(text)))


def _unspaced(text: str) -> str:
    return "".join(folded(text).split())


def _in_ascii(word: str, spelled: str, written: list[str]) -> bool:
    parts = spelled.split("-")
    return bool(spelled) and (word != spelled) and all(part in written for part in parts)


def _stem(word: str, *, english: bool) -> str:
    if not english:
        return word
    word = word.removesuffix("'s")
    # Only the plural: "descaling" stays apart from "descale", which a person may judge.
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
