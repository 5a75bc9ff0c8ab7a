"""What the AI functions take and give: bounded Pydantic models, the source of every JSON schema."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from igny8_assets.vocabulary import ContentStructure, ContentType, Intent

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Role = Annotated[str, StringConstraints(pattern=r"^(featured|in_article_[1-9])$")]


class Schema(BaseModel):
    """Shared behaviour: unknown fields are refused and values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KeywordFacts(Schema):
    """One keyword as the functions see it; `id` is what answers refer to."""

    id: int
    text: Line
    volume: int | None = None
    difficulty: int | None = None
    intents: tuple[Intent, ...] = ()


class GroupToName(Schema):
    """Keywords that belong together and need a name, the most searched first."""

    id: int
    keywords: Annotated[list[KeywordFacts], Field(min_length=1, max_length=50)]


class AutoClusterInput(Schema):
    """Groups to name; who belongs to which group is already decided."""

    language: str
    groups: Annotated[list[GroupToName], Field(min_length=1, max_length=100)]


class ClusterName(Schema):
    """The name of the group with this `id`."""

    id: int
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class AutoClusterOutput(Schema):
    """One name for every group that was asked."""

    clusters: Annotated[list[ClusterName], Field(min_length=1, max_length=100)]


class GenerateIdeasInput(Schema):
    """A cluster for which texts are to be planned."""

    language: str
    site_name: str
    brand_voice: str
    cluster_name: str
    cluster_description: str
    keywords: Annotated[list[KeywordFacts], Field(min_length=1, max_length=200)]
    ideas_wanted: Annotated[int, Field(ge=1, le=10)]
    existing_titles: list[str] = []


class Idea(Schema):
    """One planned text; `keyword_ids` are the keywords it targets, its keyphrase first."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=150)]
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    content_type: ContentType
    content_structure: ContentStructure
    keyword_ids: Annotated[list[int], Field(min_length=1, max_length=200)]


class GenerateIdeasOutput(Schema):
    """At least one idea, at most as many as were wanted."""

    ideas: Annotated[list[Idea], Field(min_length=1, max_length=10)]


class LinkTarget(Schema):
    """A page or text of the site that a text may link to; `id` is what the text refers to it by."""

    id: Annotated[str, StringConstraints(pattern=r"^(page|text)-[0-9]{1,18}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class ContentBriefInput(Schema):
    """A text to plan; lengths are in words. `link_candidates` are pages and texts of the site on near topics."""

    title: str
    description: str
    content_type: ContentType
    content_structure: ContentStructure
    keyphrase: Line
    supporting_keywords: list[KeywordFacts]
    intents: tuple[Intent, ...]
    language: str
    site_name: str
    brand_voice: str
    word_target: Annotated[int, Field(ge=100, le=20000)]
    rejection_reason: str | None = None
    link_candidates: Annotated[list[LinkTarget], Field(max_length=20)] = []


class OutlineEntry(Schema):
    """A section to write: its heading, of level 2 or 3, what it has to say, and about how many words that takes."""

    heading: Line
    level: Annotated[int, Field(ge=2, le=3)]
    points: Annotated[list[Line], Field(max_length=8)]
    words: Annotated[int, Field(ge=30, le=2000)]


Outline = Annotated[list[OutlineEntry], Field(min_length=1, max_length=40)]
Audience = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class ContentBriefOutput(Schema):
    """What the brief adds: for whom, in which sections, which questions are left, and what to link to."""

    audience: Audience
    outline: Outline
    questions: Annotated[list[Line], Field(max_length=12)]
    link_ids: Annotated[list[str], Field(max_length=10)]


class ContentBrief(Schema):
    """All that a text is written from; a person may look at it and change it before."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
    description: str
    content_type: ContentType
    content_structure: ContentStructure
    keyphrase: Line
    supporting_keywords: list[KeywordFacts]
    intents: tuple[Intent, ...]
    language: str
    site_name: str
    brand_voice: str
    word_target: Annotated[int, Field(ge=100, le=20000)]
    audience: Audience
    outline: Outline
    questions: Annotated[list[Line], Field(max_length=12)]
    links: Annotated[list[LinkTarget], Field(max_length=10)]
    rejection_reason: str | None = None


class Section(Schema):
    """A part of a text under a heading of level 2 or 3; `body` is Markdown without headings."""

    heading: Line
    level: Annotated[int, Field(ge=2, le=3)]
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12000)]


class FaqEntry(Schema):
    """A question and its answer, both plain text."""

    question: Line
    answer: Paragraph


class ContentSectionInput(Schema):
    """The section with this number (from 0) of the brief's outline is to be written."""

    brief: ContentBrief
    section: Annotated[int, Field(ge=0, le=39)]


class ContentSectionOutput(Schema):
    """The text under a heading: Markdown without headings."""

    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12000)]


class ContentJoinInput(Schema):
    """Sections that were written apart are to become one text."""

    brief: ContentBrief
    sections: Annotated[list[Section], Field(min_length=1, max_length=40)]


class Lead(Schema):
    """A sentence that leads from what stands before into the section with this number (from 0)."""

    section: Annotated[int, Field(ge=0, le=39)]
    sentence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class ContentJoinOutput(Schema):
    """What makes one text of the sections, and what search engines show of it."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=150)]
    meta_title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=70)]
    meta_description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=200)]
    introduction: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
    leads: Annotated[list[Lead], Field(max_length=40)]
    faq_heading: Line
    faq: Annotated[list[FaqEntry], Field(max_length=12)]
    conclusion_heading: Line
    conclusion: Annotated[str, StringConstraints(strip_whitespace=True, max_length=6000)]


class Draft(Schema):
    """A draft in parts: title, introduction, sections, questions, conclusion and what search engines show."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=150)]
    meta_title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=70)]
    meta_description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=200)]
    introduction: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
    sections: Annotated[list[Section], Field(min_length=1, max_length=40)]
    faq_heading: Line = "Frequently asked questions"
    faq: Annotated[list[FaqEntry], Field(max_length=12)]
    conclusion_heading: Line = "Conclusion"
    conclusion: Annotated[str, StringConstraints(strip_whitespace=True, max_length=6000)]


class DraftFinding(Schema):
    """What a check has against a draft, with its evidence."""

    check: str
    evidence: str


class ContentMendInput(Schema):
    """A draft that can't be published as it is: what is found against it is to be mended, the rest stays."""

    brief: ContentBrief
    draft: Draft
    findings: Annotated[list[DraftFinding], Field(min_length=1, max_length=40)]


class SectionExcerpt(Schema):
    """A section as the image prompts need it."""

    heading: str
    excerpt: str


class GenerateImagePromptsInput(Schema):
    """A draft that needs pictures for `roles`."""

    language: str
    site_name: str
    title: str
    image_style: str
    sections: list[SectionExcerpt]
    roles: Annotated[list[Role], Field(min_length=1, max_length=10)]


class ImagePrompt(Schema):
    """What to show for one role; `caption` is a short line that may stand on or under the picture."""

    role: Role
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1500)]
    alt_text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=125)]
    caption: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]


class GenerateImagePromptsOutput(Schema):
    """One prompt for every role that was asked."""

    images: Annotated[list[ImagePrompt], Field(min_length=1, max_length=10)]


class GenerateImagesInput(Schema):
    """One picture to make; `colours` are the site's two CSS hex colours, background first."""

    prompt: str
    caption: str
    site_name: str
    role: Role
    colours: tuple[str, str]
    size: str
    quality: str
