"""One input of each text function, and the requests made of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, SecretStr

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.keyword_groups import ClusterToJoin, GroupKeywordsInput, KeywordToPlace
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.ai.provider import TextRequest
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    ContentBrief,
    ContentBriefInput,
    ContentJoinInput,
    ContentMendInput,
    ContentSectionInput,
    Draft,
    DraftFinding,
    GenerateIdeasInput,
    GenerateImagePromptsInput,
    GenerateImagesInput,
    GroupToName,
    KeywordFacts,
    LinkTarget,
    OutlineEntry,
    Section,
    SectionExcerpt,
)
from igny8_assets.settings import Settings
from igny8_assets.vocabulary import ContentStructure, ContentType, Intent

KEY = "gateway-VERYSECRET-0123456789"
KEYWORDS = [
    KeywordFacts(id=11, text="moka pot", volume=5400, difficulty=31, intents=(Intent.INFORMATIONAL,)),
    KeywordFacts(id=12, text="moka pot sizes", volume=320),
    KeywordFacts(id=13, text="clean a moka pot"),
]
PLANNED = ContentBriefInput(
    title="How to clean a moka pot",
    description="Steps and what to avoid",
    content_type=ContentType.BLOG_POST,
    content_structure=ContentStructure.HOW_TO,
    keyphrase="clean a moka pot",
    supporting_keywords=KEYWORDS[:2],
    intents=(Intent.INFORMATIONAL,),
    language="en",
    site_name="Brew",
    brand_voice="plain",
    word_target=800,
    link_candidates=[LinkTarget(id="page-3", title="Moka pots", url="https://brew.example/moka-pots")],
)
BRIEF = ContentBrief(
    **{name: getattr(PLANNED, name) for name in ContentBrief.model_fields if hasattr(PLANNED, name)},
    audience="People who have a moka pot.",
    outline=[
        OutlineEntry(heading="What you need to clean a moka pot", level=2, points=["water"], words=150),
        OutlineEntry(heading="Step by step", level=2, points=["rinse", "dry"], words=300),
    ],
    questions=["Can it go into the dishwasher?"],
    links=PLANNED.link_candidates,
)
SECTIONS = [Section(heading=entry.heading, level=entry.level, body="Rinse it.") for entry in BRIEF.outline]
INPUTS: dict[str, BaseModel] = {
    "group_keywords": GroupKeywordsInput(
        language="en",
        width="what one page can rank for",
        separate_intents=True,
        keywords=[KeywordToPlace(id=one.id, text=one.text, intents=one.intents) for one in KEYWORDS],
        clusters=[ClusterToJoin(id=5, name="Tea pots", root_keyword="tea pot")],
    ),
    "auto_cluster": AutoClusterInput(
        language="en",
        groups=[GroupToName(id=1, keywords=KEYWORDS), GroupToName(id=2, keywords=[KeywordFacts(id=21, text="tea")])],
    ),
    "generate_ideas": GenerateIdeasInput(
        language="en",
        site_name="Brew",
        brand_voice="plain",
        cluster_name="Moka pots",
        cluster_description="All about moka pots",
        keywords=KEYWORDS,
        ideas_wanted=2,
    ),
    "generate_content_brief": PLANNED,
    "generate_content_section": ContentSectionInput(brief=BRIEF, section=1),
    "generate_content_join": ContentJoinInput(brief=BRIEF, sections=SECTIONS),
    "generate_content_mend": ContentMendInput(
        brief=BRIEF,
        draft=Draft(
            title="How to clean a moka pot",
            meta_title="How to clean a moka pot",
            meta_description="How to clean a moka pot, step by step.",
            introduction="Clean a moka pot with water.",
            sections=SECTIONS,
            faq=[],
            conclusion="That is all.",
        ),
        findings=[DraftFinding(check="minimum_words", evidence="20 words; at least 250")],
    ),
    "generate_image_prompts": GenerateImagePromptsInput(
        language="en",
        site_name="Brew",
        title="How to clean a moka pot",
        image_style="bright photograph",
        sections=[SectionExcerpt(heading="Rinse", excerpt="Rinse it with warm water.")],
        roles=["featured", "in_article_1"],
    ),
}
PICTURE = GenerateImagesInput(
    prompt="A moka pot on a stove",
    caption="Fresh coffee",
    site_name="Brew",
    role="featured",
    colours=("#ffffff", "#000000"),
    size="320x240",
    quality="standard",
)

Result = TypeVar("Result")


def request_for(function: str, model: str = "some-model") -> TextRequest:
    """The request that the engine would make of the sample input."""
    system, user = Prompts().load(function).system, INPUTS[function].model_dump_json()
    return TextRequest(function, model, system, user, FUNCTIONS[function].output)


def settings_for(base_url: str, *, key: str | None = KEY, timeout: float = 20.0) -> Settings:
    """Settings for a server, without the environment's."""
    return Settings(
        _env_file=None,
        provider="openai",
        openai_base_url=base_url,
        openai_api_key=SecretStr(key) if key is not None else None,
        ai_timeout_seconds=timeout,
        text_model="some-model",
        image_model="gpt-image-1",
    )


def ask(provider: OpenAIProvider, act: Callable[[OpenAIProvider], Awaitable[Result]]) -> Result:
    """Do one thing with the provider in an event loop of its own, and close it there."""

    async def session() -> Result:
        try:
            return await act(provider)
        finally:
            await provider.close()

    return asyncio.run(session())


def ask_text(provider: OpenAIProvider, function: str = "auto_cluster") -> str:
    """The text of one answer."""
    return ask(provider, lambda it: it.text(request_for(function))).text


def ask_image(provider: OpenAIProvider, model: str = "gpt-image-1") -> bytes:
    """The bytes of one picture."""
    return ask(provider, lambda it: it.image(model, PICTURE)).data
