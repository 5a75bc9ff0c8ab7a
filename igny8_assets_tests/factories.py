"""Rows for tests, made straight through the models; what a test does not name has a sensible value."""

from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from igny8_assets.automation.sites import NewSite, add_account, add_site, default_sector
from igny8_assets.keywords.normalising import normalise
from igny8_assets.quality.checking import check_draft
from igny8_assets.quality.hashing import content_hash
from igny8_assets.quality.words import count_words
from igny8_assets.store import counters, ledger
from igny8_assets.store.models import (
    Account,
    Base,
    Cluster,
    Content,
    ContentIdea,
    ContentStatus,
    IdeaKeyword,
    IdeaStatus,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets.vocabulary import ContentStructure, ContentType
from igny8_assets_tests.quality.drafts import good_draft

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def make_account(session: Session, name: str = "default", *, tenths: int = 100_000) -> Account:
    """An account with credits."""
    account = add_account(session, name)
    if tenths:
        ledger.grant(session, account.id, tenths, key=f"first:{name}")
    session.flush()
    session.refresh(account)
    return account


def make_site(session: Session, slug: str = "shop", *, account: Account | None = None, **values: Any) -> Site:
    """A site of an account of its own, unless one is given."""
    return add_site(session, account or make_account(session, f"account of {slug}"), NewSite(slug=slug, **values))


def make_cluster(session: Session, site: Site, **values: Any) -> Cluster:
    """A cluster without keywords."""
    name = values.pop("name", f"cluster {next(_numbers)}")
    defaults = {"market": "us", "root_keyword": normalise(name), "ideas_pending": True}
    sector_id = values.pop("sector_id", None) or default_sector(session, site).id
    row = Cluster(site_id=site.id, sector_id=sector_id, name=name, **{**defaults, **values})
    return _added(session, row)


def make_keyword(session: Session, site: Site, text: str = "", **values: Any) -> Keyword:
    """A keyword; with a `cluster` it is mapped to it, and counted there as not covered."""
    text = text or f"keyword {next(_numbers)}"
    cluster: Cluster | None = values.pop("cluster", None)
    defaults: dict[str, Any] = {"market": "us", "status": KeywordStatus.NEW, "volume": 10}
    if cluster is not None:
        defaults |= {"status": KeywordStatus.MAPPED, "cluster_id": cluster.id}
    row = Keyword(
        site_id=site.id,
        sector_id=values.pop("sector_id", None) or default_sector(session, site).id,
        text=text,
        normalised=normalise(text),
        **{**defaults, **values},
    )
    if cluster is not None:
        cluster.keyword_count += 1
        cluster.uncovered_count += 1
        cluster.volume += row.volume or 0
    return _added(session, row)


def make_idea(session: Session, site: Site, **values: Any) -> ContentIdea:
    """A new idea of a cluster; covers `keywords`."""
    keywords: list[Keyword] = values.pop("keywords", [])
    cluster = values.pop("cluster", None) or make_cluster(session, site)
    defaults = {
        "title": f"How to descale a coffee machine {next(_numbers)}",
        "description": "Four steps.",
        "content_type": ContentType.BLOG_POST,
        "content_structure": ContentStructure.HOW_TO,
        "status": IdeaStatus.NEW,
    }
    row = ContentIdea(site_id=site.id, sector_id=cluster.sector_id, cluster_id=cluster.id, **{**defaults, **values})
    row.keywords = [IdeaKeyword(keyword_id=keyword.id, position=place) for place, keyword in enumerate(keywords)]
    for keyword in keywords:
        if keyword.cluster_id == cluster.id:
            cluster.uncovered_count -= 1
    return _added(session, row)


def make_task(session: Session, site: Site, **values: Any) -> Task:
    """A pending task of an idea that is in progress."""
    idea = values.pop("idea", None) or make_idea(session, site, status=IdeaStatus.IN_PROGRESS)
    defaults = {
        "title": idea.title,
        "description": idea.description,
        "content_type": idea.content_type,
        "content_structure": idea.content_structure,
        "word_target": 310,
        "status": TaskStatus.PENDING,
    }
    row = Task(
        site_id=site.id,
        sector_id=idea.sector_id,
        cluster_id=idea.cluster_id,
        idea_id=idea.id,
        **{**defaults, **values},
    )
    return _added(session, row)


def make_content(session: Session, site: Site, *, images: int = 1, **values: Any) -> Content:
    """A draft of about 300 words that passes every check, with so many generated images: ready for review."""
    task = values.pop("task", None)
    if task is None:
        idea = make_idea(session, site, status=IdeaStatus.COMPLETED)
        task = make_task(session, site, idea=idea, status=TaskStatus.COMPLETED)
    draft = good_draft()
    parts = {
        "title": draft.title,
        "slug": f"{draft.slug}-{next(_numbers)}",
        "meta_title": draft.meta_title,
        "meta_description": draft.meta_description,
        "html": draft.html,
        "json_ld": draft.json_ld,
    }
    parts |= {name: values.pop(name) for name in parts if name in values}
    defaults = {
        "keyphrase": draft.keyphrase,
        "task_attempt": task.attempt,
        "outline": list(draft.outline_headings),
        "word_count": count_words(parts["html"]),
        "content_hash": content_hash(**parts),
        "illustration": Illustration.READY if images else Illustration.NEEDS_PROMPTS,
        "status": ContentStatus.DRAFT,
        "quality": _good_report(),
    }
    row = _added(session, Content(site_id=site.id, task_id=task.id, **parts, **{**defaults, **values}))
    for number in range(images):
        make_image(session, row, role="featured" if number == 0 else f"in_article_{number}")
    session.refresh(row)
    return row


@cache
def _good_report() -> dict[str, Any]:
    """The report on the draft that passes every check, before it has pictures."""
    return check_draft(good_draft(images=None)).to_json()


def make_image(session: Session, content: Content, *, role: str = "featured", **values: Any) -> Image:
    """A generated image of a text; its file is not made."""
    name = f"shop/{content.slug}-{content.id}-{role}.webp"
    defaults = {
        "prompt": "A white coffee machine on a table, morning light.",
        "alt_text": f"A coffee machine ({role})",
        "caption": "A clean machine",
        "name": name,
        "location": f"/images/{name}",
        "width": 1200,
        "height": 675,
        "format": "webp",
        "status": ImageStatus.GENERATED,
    }
    return _added(session, Image(site_id=content.site_id, content_id=content.id, role=role, **{**defaults, **values}))


def assert_counters_are_true(session: Session, site: Site) -> None:
    """The site's counters say what its rows say, zeros left out."""
    session.flush()
    counted, true = counters.read(session, site.id), counters.recount(session, site.id)
    assert {key: amount for key, amount in counted.items() if amount} == {
        key: amount for key, amount in true.items() if amount
    }


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
