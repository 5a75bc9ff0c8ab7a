"""The one list of what a finished text never holds: gaps left to fill, and the machine talking about itself."""

import re

# Gaps are wrong in any text. "[Enter]" and "[Insert]" alone are keys, so those words need something after them.
_GAPS = (
    r"\[\s*(?:insert|add|your|enter|include|replace|fill in|write|describe|choose)[\s:_-]\s*[^\]\n]{1,80}\]",
    r"\[\s*(?:placeholder|tbd|tba|todo|xx+)\b[^\]\n]{0,80}\]",
    (
        r"\[\s*(?:company|brand|business|product|author|client|customer|city|site|website|competitor|first|last)"
        r"(?:[ _-]?name)?\s*\]"
    ),
    (
        r"\[\s*(?:link|url|image|picture|photo|date|year|name|number|price|statistic|source|citation)s?"
        r"(?:\s+(?:here|needed|goes here|to [^\]\n]{1,60})|\s*:[^\]\n]{0,80})?\s*\]"
    ),
    r"<\s*(?:insert|your|add|enter)\s[^>\n]{1,60}>",
    r"\{\{|\}\}|\{%|%\}|<%=|\$\{[^}\n]{1,60}\}",
    r"\{(?:keyword|keyphrase|title|topic|brand|company|site_name|name|city|year)\}",
    r"\byour (?:answer|text|content|title|image|keyword|keyphrase) (?:goes )?here\b",
    r"\bplaceholder (?:text|image|title|paragraph) (?:here|goes)\b",
    r"(?-i:\bTODO\b\s?:|\bTBD\b|\bTKTK\b|\bFIXME\b)",
    r"(?-i:[$€£]\s?X{1,3}\b|\bX{1,3}\s?%)",
    r"\bcontentreference\[oaicite:|\bturn\d+(?:search|view)\d+\b|【\d+†",
    r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|```",
    # Field names of our own requests.
    r"\b(?:word_target|brand_voice|rejection_reason|supporting_keywords|content_structure)\b",
)

# Slips are wrong unless the brief is about that very thing: an article on prompts may say "system prompt".
_SLIPS = (
    r"\blorem ipsum\b",
    r"\bas an? (?:ai|artificial intelligence|large) language model\b",
    r"\bas an? (?:ai|artificial intelligence|language)(?: model| assistant)?,? (?:i|my)\b",
    r"\bI(?:'m| am) (?:just |only )?an? (?:ai|(?:large )?language model)\b",
    r"\bmy (?:training data|knowledge cut-?off|last knowledge update)\b",
    (
        r"\bI(?:'m sorry,? but I)?(?: can't| cannot| am unable to|'m unable to) "
        r"(?:fulfil|fulfill|comply|assist with|help with (?:that|this)|(?:provide|generate|write) (?:that|this))\b"
    ),
    r"\bsystem prompt\b",
    r"\b(?:ignore|disregard) (?:all |any )?(?:the |your )?(?:previous|prior|above) (?:instructions|prompts?)\b",
    (
        r"(?:^|[.!?] )You are an? (?:expert |experienced |professional |helpful |senior |skilled )?"
        r"(?:seo|ai|content|copy) ?(?:writer|assistant|copywriter|specialist|expert|strategist)\b"
    ),
    (
        r"^(?:certainly|sure|absolutely|of course)[!,.]? here(?:'s| is| are)\b"
        r"[^\n]{0,60}\b(?:article|post|draft|text|version|outline|title|rewrite)"
    ),
    (
        r"\bhere(?:'s| is) (?:the|your) (?:requested |complete |full |revised |rewritten |seo[- ]optimi[sz]ed )?"
        r"(?:article|blog post|draft|rewrite)(?: you (?:asked|requested)| as requested|:)"
    ),
    r"\blet me know if you(?:'d| would) like (?:any (?:changes|revisions)|me to (?:revise|adjust|expand|rewrite))\b",
    r"^#{2,6}\s?(?:instruction|response|input|output|system|user|assistant)s?\b",
    r"^(?:please )?(?:write|generate|produce) an? \d[\d,]{0,6}[- ]word (?:article|blog post|text)\b",
    r"^the user (?:asked|has asked|wants|requested)\b[^\n]{0,40}\b(?:article|post|text|draft)\b",
)


def placeholders_in(text: str, brief: str) -> list[str]:
    """What in the text is a placeholder or leaked prompt text, as it stands there, without repeats.

    `text` is plain text, a line per block, code left out. A slip that the `brief` itself holds is the subject of the
    text, not a leak; a gap is a gap in any case.
    """
    straight = text.replace("’", "'")
    subject = brief.replace("’", "'").casefold()
    found = [match.group().strip() for match in _pattern(_GAPS).finditer(straight)]
    slips = (match.group().strip() for match in _pattern(_SLIPS).finditer(straight))
    found += [slip for slip in slips if slip.casefold() not in subject]
    return list(dict.fromkeys(found))


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    # `re` keeps compiled patterns itself.
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE | re.MULTILINE)
