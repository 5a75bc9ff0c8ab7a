"""The words of the domain that several rooms share: intents, what clusters are like, content types and structures."""

from enum import StrEnum

RESULTS = 10
"""So many of a keyword's search results count: the first page."""


class Intent(StrEnum):
    """What a searcher wants; a keyword may bear several."""

    INFORMATIONAL = "informational"
    NAVIGATIONAL = "navigational"
    COMMERCIAL = "commercial"
    TRANSACTIONAL = "transactional"


class Granularity(StrEnum):
    """The width of clusters, the narrowest first; each one's clusters lie whole in those of the next."""

    PAGE = "page"
    TOPIC = "topic"
    THEME = "theme"


class ClusterStrategy(StrEnum):
    """What decides which keywords belong together: their vectors, or a language model."""

    VECTORS = "vectors"
    LLM = "llm"


class KeywordModel(StrEnum):
    """What compares keywords on this machine; `auto` chooses by their number."""

    WORDLLAMA = "wordllama"
    MINILM = "minilm"
    AUTO = "auto"


class Reason(StrEnum):
    """Why a keyword is in its cluster: beside which other keyword, or by whose decision."""

    WORDS = "words"
    URLS = "urls"
    PARENT = "parent"
    LIKENESS = "likeness"
    MODEL = "model"
    PERSON = "person"


class ContentType(StrEnum):
    """What kind of page a text is."""

    BLOG_POST = "blog post"
    LANDING_PAGE = "landing page"
    PRODUCT_PAGE = "product page"
    CATEGORY_PAGE = "category page"
    CASE_STUDY = "case study"


class ContentStructure(StrEnum):
    """How a text is built."""

    HOW_TO = "how-to"
    LISTICLE = "listicle"
    COMPARISON = "comparison"
    REVIEW = "review"
    TUTORIAL = "tutorial"
    PILLAR_PAGE = "pillar page"
    CASE_STUDY = "case study"
    ROUND_UP = "round-up"
    BUYERS_GUIDE = "buyer's guide"
    EXPLAINER = "explainer"
    NEWS_ANALYSIS = "news analysis"
    FAQ = "FAQ"
