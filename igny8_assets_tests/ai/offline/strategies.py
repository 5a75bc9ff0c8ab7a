"""Keywords as sites really have them, and as an enemy would write them."""

from hypothesis import strategies as st

from igny8_assets.ai.schemas import ContentBriefInput, GenerateIdeasInput, KeywordFacts
from igny8_assets.vocabulary import ContentStructure, ContentType, Intent

REAL = (
    "best coffee grinder for espresso",
    "how to clean moka pot",
    "how do i descale a kettle",
    "french press vs pour over",
    "burr or blade grinder",
    "coffee subscription near me",
    "what is cold brew",
    "why is my espresso sour",
    "how fine to grind espresso",
    "espresso machine",
    "coffee beans",
    "breville barista express review",
    "cheap espresso machine",
    "espresso machine price",
    "buy coffee beans online",
    "where to buy green coffee",
    "espresso machine not heating",
    "moka pot cleaning checklist",
    "types of coffee",
    "best espresso machine 2025",
    "keurig alternatives",
    "cold brew meaning",
    "coffee trends 2025",
    "coffee shop case study",
    "making cold brew at home",
    "AI writing tool",
    "coffee",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><!--",
    "<img src=x onerror=alert(1)>",
    "*bold* _under_ `code`",
    "[link](javascript:alert(1))",
    "![x](https://a.example/x.png)",
    "a | b | c",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "```fence",
    "&lt;b&gt;",
    "{text} {0} {}",
    "%s %(name)s ${x}",
    "c++ & c#",
    "???",
    "...",
    "what? is! this. thing",
    "קפה קר בבית",
    "قهوة باردة؟",
    "コーヒー 豆",
    "☕🫘",
    "\u202eevil\u202c",
    "a\tb\u00a0c\u200bd",
    "best",
    "how to",
    "vs",
    "for",
    "near me",
    "x" * 200,
    "very " * 39 + "long",
    "ß ŉ İ ǆ",
)

any_text = st.text(min_size=1, max_size=200).filter(lambda text: text.strip() and len(text.strip()) <= 200)
words = st.lists(st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=1, max_size=12), min_size=1)
keyword_texts = st.one_of(
    st.sampled_from(REAL),
    st.sampled_from(HOSTILE),
    words.map(lambda parts: " ".join(parts)[:200].strip()).filter(bool),
    any_text,
)
intents = st.lists(st.sampled_from(Intent), max_size=3, unique=True).map(tuple)


def facts(texts: list[str], intent: tuple[Intent, ...] = ()) -> list[KeywordFacts]:
    """Keywords with ids from 1 and falling volumes."""
    count = len(texts)
    return [
        KeywordFacts(id=place, text=text, volume=10 * (count - place), intents=intent)
        for place, text in enumerate(texts, 1)
    ]


@st.composite
def keyword_lists(draw: st.DrawFn, most: int = 60) -> list[KeywordFacts]:
    texts = draw(st.lists(keyword_texts, min_size=1, max_size=most))
    return [
        KeywordFacts(id=place, text=text, volume=draw(st.none() | st.integers(0, 10**7)), intents=draw(intents))
        for place, text in enumerate(texts, 1)
    ]


@st.composite
def cluster_inputs(draw: st.DrawFn, most: int = 60) -> GenerateIdeasInput:
    return GenerateIdeasInput(
        language="en",
        site_name="Bean There",
        brand_voice="",
        cluster_name="c",
        cluster_description="",
        keywords=draw(keyword_lists(most)),
        ideas_wanted=draw(st.integers(1, 10)),
        existing_titles=draw(st.lists(keyword_texts, max_size=5)),
    )


@st.composite
def briefs(draw: st.DrawFn, most: int = 20) -> ContentBriefInput:
    return ContentBriefInput(
        title=draw(st.text(max_size=200) | st.sampled_from(REAL)),
        description="",
        content_type=draw(st.sampled_from(ContentType)),
        content_structure=draw(st.sampled_from(ContentStructure)),
        keyphrase=draw(keyword_texts),
        supporting_keywords=draw(st.just([]) | keyword_lists(most)),
        intents=draw(intents),
        language="en",
        site_name=draw(st.sampled_from(["Bean There", "", "<b>Site</b>"])),
        brand_voice="",
        word_target=draw(st.integers(100, 4000)),
        rejection_reason=draw(st.none() | st.sampled_from(["too short", "make it shorter", "dull", ""])),
    )


def brief_of(
    keyphrase: str,
    structure: ContentStructure,
    supporting: list[str],
    *,
    intent: tuple[Intent, ...] = (Intent.INFORMATIONAL,),
    words: int = 1200,
    reason: str | None = None,
    title: str | None = None,
) -> ContentBriefInput:
    """A realistic brief."""
    return ContentBriefInput(
        title=title or f"{keyphrase.capitalize()}: A Plain Guide",
        description="",
        content_type=ContentType.BLOG_POST,
        content_structure=structure,
        keyphrase=keyphrase,
        supporting_keywords=facts(supporting, intent),
        intents=intent,
        language="en",
        site_name="Bean There",
        brand_voice="",
        word_target=words,
        rejection_reason=reason,
    )
