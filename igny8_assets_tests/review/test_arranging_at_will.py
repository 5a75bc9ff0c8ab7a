"""Whatever a person does with clusters, in any order: no keyword is lost, and every figure equals the rows."""

import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.ai.offline.provider import OfflineProvider
from igny8_assets.errors import UserError
from igny8_assets.review.arranging import merge, move, rename, split
from igny8_assets.review.ignoring import ignore, unignore
from igny8_assets.review.rebuilding import carry_out, propose
from igny8_assets.settings import Settings
from igny8_assets.stages.cluster_members import is_covered
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AutomationConfig,
    Cluster,
    ClusterStatus,
    ContentIdea,
    IdeaStatus,
    Keyword,
    KeywordStatus,
    PlannedMembership,
    Site,
)
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword, make_site, make_task
from igny8_assets_tests.stages.camp import assert_sound

PLACES = ["mills", "grinders", "beans", "new", "orphaned"]
KEYWORDS = st.lists(
    st.tuples(st.sampled_from(PLACES), st.one_of(st.none(), st.integers(0, 9)), st.booleans()), min_size=3, max_size=10
)
OPERATIONS = st.lists(
    st.sampled_from(["rename", "merge", "split", "move", "ignore", "unignore", "rebuild"]), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(keywords=KEYWORDS, operations=OPERATIONS, data=st.data())
def test_any_sequence_of_decisions_leaves_every_figure_true(
    store: Store, keywords: list[tuple[str, int | None, bool]], operations: list[str], data: st.DataObject
) -> None:
    with store.write() as session:
        site = make_site(session, uuid.uuid4().hex)
        texts = _fill(session, site, keywords)
        ideas = len(session.scalars(select(ContentIdea.id).where(ContentIdea.site_id == site.id)).all())
    for operation in operations:
        try:
            if operation == "rebuild":
                _rebuild(store, site)
            else:
                with store.write() as session:
                    _decide(session, site, operation, texts, data)
        except UserError:
            pass
        assert_sound(store, site)
        with store.read() as session:
            _assert_true(session, site, texts, ideas)


def _fill(session: Session, site: Site, keywords: list[tuple[str, int | None, bool]]) -> list[str]:
    """Clusters whose first keyword is their root, each with an idea of what is covered, and keywords beside them."""
    texts = [f"{place} {number}" for number, (place, _, _) in enumerate(keywords)]
    clusters: dict[str, Cluster] = {}
    covered: dict[str, list[Keyword]] = {}
    for text, (place, volume, has_idea) in zip(texts, keywords, strict=True):
        if place in {"new", "orphaned"}:
            row = make_keyword(session, site, text, status=KeywordStatus(place), volume=volume)
            if place == "new" and clusters:
                cluster = next(iter(clusters.values()))
                session.add(
                    PlannedMembership(
                        keyword_id=row.id, site_id=site.id, group_number=0, position=row.id, cluster_id=cluster.id
                    )
                )
            continue
        if place not in clusters:
            clusters[place] = make_cluster(session, site, name=place, root_keyword=text)
        row = make_keyword(session, site, text, cluster=clusters[place], volume=volume, reason=Reason.LIKENESS)
        if has_idea:
            covered.setdefault(place, []).append(row)
    for place, rows in covered.items():
        clusters[place].status = ClusterStatus.MAPPED
        idea = make_idea(session, site, cluster=clusters[place], keywords=rows, status=IdeaStatus.IN_PROGRESS)
        make_task(session, site, idea=idea)
    for cluster in clusters.values():
        cluster.ideas_pending = cluster.uncovered_count >= (5 if cluster.status == ClusterStatus.MAPPED else 1)
    return texts


def _decide(session: Session, site: Site, operation: str, texts: list[str], data: st.DataObject) -> None:
    ids = session.scalars(select(Cluster.id).where(Cluster.site_id == site.id).order_by(Cluster.id)).all()
    if not ids:
        return
    chosen = data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=4), label=operation)
    one = data.draw(st.sampled_from(ids), label="cluster")
    match operation:
        case "rename":
            rename(session, site, one, "Mills")
        case "merge":
            merge(session, site, one, data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2)))
        case "split":
            inside = session.scalars(select(Keyword.text).where(Keyword.cluster_id == one).order_by(Keyword.id)).all()
            split(session, site, one, data.draw(st.lists(st.sampled_from(inside), min_size=1)) if inside else chosen)
        case "move":
            move(session, site, chosen, one)
        case "ignore":
            ignore(session, site, chosen)
        case _:
            unignore(session, site, chosen)


def _rebuild(store: Store, site: Site) -> None:
    """Make the clusters anew, after which there is nothing left to change, and nothing that a person placed moved."""
    with store.read() as session:
        placed = _placed_by_person(session, site)
    plan = propose(store, Settings(), OfflineProvider(), site)
    with store.write() as session:
        carry_out(session, session.get_one(Site, site.id), plan)
    assert not propose(store, Settings(), OfflineProvider(), site).moves
    with store.read() as session:
        assert _placed_by_person(session, site) == placed


def _placed_by_person(session: Session, site: Site) -> dict[int, int | None]:
    rows = session.execute(
        select(Keyword.id, Keyword.cluster_id).where(Keyword.site_id == site.id, Keyword.reason == Reason.PERSON)
    )
    return {row.id: row.cluster_id for row in rows}


def _assert_true(session: Session, site: Site, texts: list[str], ideas: int) -> None:
    keywords = session.scalars(select(Keyword).where(Keyword.site_id == site.id)).all()
    assert sorted(row.text for row in keywords) == sorted(texts)
    uncovered = set(session.scalars(select(Keyword.id).where(Keyword.site_id == site.id, ~is_covered())))
    clusters = session.scalars(select(Cluster).where(Cluster.site_id == site.id)).all()
    again = session.get_one(AutomationConfig, site.id).reopen_after
    for cluster in clusters:
        members = [row for row in keywords if row.cluster_id == cluster.id]
        open_ = sum(row.id in uncovered for row in members)
        assert cluster.keyword_count == len(members)
        assert cluster.volume == sum(row.volume or 0 for row in members)
        assert cluster.uncovered_count == open_
        assert cluster.ideas_pending == (open_ >= (again if cluster.status == ClusterStatus.MAPPED else 1))
        assert not members or cluster.root_keyword in {row.normalised for row in members}
    with_ideas = select(func.count()).select_from(ContentIdea).join(Cluster, Cluster.id == ContentIdea.cluster_id)
    assert session.scalar(with_ideas.where(Cluster.site_id == site.id)) == ideas
