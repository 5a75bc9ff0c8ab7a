"""The exact request that a run would send for a site's next item, for people who write prompts."""

from typing import Any

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.keyword_groups import ClusterToJoin, GroupKeywordsInput, KeywordToPlace
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.pace import learned_of
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.ai.provider import Misconfigured, Provider, SchemaDialect, TextRequest
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
    GroupToName,
    KeywordFacts,
    OutlineEntry,
    Section,
    SectionExcerpt,
)
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
from igny8_assets.site_settings import for_site
from igny8_assets.stages.groups_by_model import WIDTHS
from igny8_assets.store.models import AutomationConfig, Cluster, Keyword, Site, Task
from igny8_assets.vocabulary import ContentStructure, ContentType, Intent

MOST_KEYWORDS = 5
WITH_TEXT = frozenset({"generate_content_join", "generate_content_mend", "generate_image_prompts"})
"""Functions that are given what was written before."""


def example_request(session: Session, settings: Settings, site: Site, function: str) -> dict[str, Any]:
    """A request as it would go out: method, address, headers without the key, and body.

    Its data are the site's own where there are some (keywords, a cluster, a task with its brief), and are made up of
    the site's name where not; `data` says which.

    Args:
        function: a name in `FUNCTIONS`.

    Raises:
        UserError: the prompt, the address of the service or the names of its models can't be used.
    """
    # The key is not shown, so that none is needed.
    settings = for_site(settings, site.slug).model_copy(update={"openai_api_key": SecretStr("***")})
    provider = OpenAIProvider(settings)
    try:
        provider.check()
    except Misconfigured as error:
        raise UserError(str(error)) from None
    prompt = Prompts.of_site(settings, site.slug, site.language).load(function)
    question = _inputs(session, site)[function]
    request = TextRequest(
        function,
        provider.text_model(function),
        prompt.system,
        question.model_dump_json(),
        FUNCTIONS[function].output,
        _dialect(session, settings, provider, function),
    )
    return {
        "method": "POST",
        "url": settings.openai_base_url.rstrip("/") + "/chat/completions",
        "headers": {"content-type": "application/json", "authorization": "Bearer ***"},
        "body": provider.text_body(request),
        "prompt": {"version": prompt.version, "sha256": prompt.sha256, "file": prompt.source},
        "data": _origin(session, site, function),
    }


def _origin(session: Session, site: Site, function: str) -> str:
    """Whether the data of a request are the site's own."""
    of_site = {
        "keywords": select(Keyword.id).where(Keyword.site_id == site.id),
        "clusters": select(Cluster.id).where(Cluster.site_id == site.id),
        "tasks with a brief": select(Task.id).where(Task.site_id == site.id, Task.brief.is_not(None)),
    }
    needed = {
        "group_keywords": ("keywords",),
        "auto_cluster": ("keywords",),
        "generate_ideas": ("keywords", "clusters"),
    }
    missing = [
        name for name in needed.get(function, ("tasks with a brief",)) if session.scalar(of_site[name].limit(1)) is None
    ]
    if missing:
        return f"made up: the site has no {' and no '.join(missing)} yet"
    return "the site's own" + ("; what is written of the text is left out (…)" if function in WITH_TEXT else "")


def _dialect(session: Session, settings: Settings, provider: Provider, function: str) -> SchemaDialect:
    if settings.schema_dialect != "auto":
        return SchemaDialect(settings.schema_dialect)
    found = learned_of(session, f"{provider.host}|{provider.text_model(function)}").dialect
    return SchemaDialect(found) if found else SchemaDialect.FULL


def _inputs(session: Session, site: Site) -> dict[str, Any]:
    keywords, config = _keywords(session, site), session.get_one(AutomationConfig, site.id)
    cluster = session.scalar(select(Cluster).where(Cluster.site_id == site.id).order_by(Cluster.volume.desc()).limit(1))
    brief = _brief(session, site, keywords)
    planned = {name: getattr(brief, name) for name in ContentBriefInput.model_fields if hasattr(brief, name)}
    sections = [Section(heading=entry.heading, level=entry.level, body="…") for entry in brief.outline]
    common = {"language": site.language, "site_name": site.name}
    return {
        "group_keywords": GroupKeywordsInput(
            language=site.language,
            width=WIDTHS[config.granularity],
            separate_intents=config.separate_intents,
            keywords=[
                KeywordToPlace(id=one.id, text=one.text, volume=one.volume, intents=one.intents) for one in keywords
            ],
            clusters=[ClusterToJoin(id=cluster.id, name=cluster.name, root_keyword=cluster.root_keyword)]
            if cluster
            else [],
        ),
        "auto_cluster": AutoClusterInput(language=site.language, groups=[GroupToName(id=1, keywords=keywords)]),
        "generate_ideas": GenerateIdeasInput(
            **common,
            brand_voice=site.brand_voice,
            cluster_name=cluster.name if cluster else keywords[0].text,
            cluster_description=cluster.description if cluster else "",
            keywords=keywords,
            ideas_wanted=3,
        ),
        "generate_content_brief": ContentBriefInput(**planned, link_candidates=brief.links),
        "generate_content_section": ContentSectionInput(brief=brief, section=0),
        "generate_content_join": ContentJoinInput(brief=brief, sections=sections),
        "generate_content_mend": ContentMendInput(
            brief=brief,
            draft=Draft(
                title=brief.title.ljust(5, "."),
                meta_title=brief.title[:70].ljust(5, "."),
                meta_description=brief.title.ljust(20, "."),
                introduction="…",
                sections=sections,
                faq=[],
                conclusion="…",
            ),
            findings=[DraftFinding(check="minimum_words", evidence="120 words; at least 250")],
        ),
        "generate_image_prompts": GenerateImagePromptsInput(
            **common,
            title=brief.title,
            image_style=site.image_style,
            sections=[SectionExcerpt(heading=entry.heading, excerpt="…") for entry in brief.outline],
            roles=["featured", "in_article_1"],
        ),
    }


def _keywords(session: Session, site: Site) -> list[KeywordFacts]:
    rows = session.scalars(
        select(Keyword)
        .where(Keyword.site_id == site.id)
        .order_by(Keyword.volume.desc(), Keyword.id)
        .limit(MOST_KEYWORDS)
    ).all()
    found = [
        KeywordFacts(
            id=row.id,
            text=row.text,
            volume=row.volume,
            difficulty=row.difficulty,
            intents=tuple(Intent(word) for word in row.intents.split(",") if word),
        )
        for row in rows
    ]
    return found or [KeywordFacts(id=1, text=site.name)]


def _brief(session: Session, site: Site, keywords: list[KeywordFacts]) -> ContentBrief:
    task = session.scalar(
        select(Task).where(Task.site_id == site.id).order_by(Task.brief.is_(None), Task.volume.desc(), Task.id).limit(1)
    )
    if task is not None and task.brief is not None:
        return ContentBrief.model_validate(task.brief)
    return ContentBrief(
        title=task.title if task else f"All about {keywords[0].text}"[:150],
        description=task.description if task else "",
        content_type=task.content_type if task else ContentType.BLOG_POST,
        content_structure=task.content_structure if task else ContentStructure.EXPLAINER,
        keyphrase=keywords[0].text,
        supporting_keywords=keywords[1:],
        intents=keywords[0].intents,
        language=site.language,
        site_name=site.name,
        brand_voice=site.brand_voice,
        word_target=task.word_target if task else 1200,
        audience="…",
        outline=[OutlineEntry(heading=keywords[0].text, level=2, points=[], words=200)],
        questions=[],
        links=[],
    )
