"""Making a site's clusters anew: shown as a plan first, then carried out as shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from igny8_assets.ai import vectors
from igny8_assets.ai.offline.naming import name_after
from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import CUTS, Cuts
from igny8_assets.clustering.models import chosen, comparing_by
from igny8_assets.errors import UserError
from igny8_assets.review.arranging import delete_clusters
from igny8_assets.review.memberships import no_root, recount
from igny8_assets.review.rebuild_plan import RebuildPlan, plan_rebuild, read_present
from igny8_assets.settings import Settings
from igny8_assets.stages.clustering_plan import rules_of
from igny8_assets.stages.distinct_names import distinct_name
from igny8_assets.stages.keyword_vectors import looked_up
from igny8_assets.store.database import Store
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import (
    AutomationConfig,
    Cluster,
    ClusterStatus,
    ContentIdea,
    Keyword,
    KeywordStatus,
    PlannedMembership,
    Site,
    Task,
)

if TYPE_CHECKING:
    from igny8_assets.ai.provider import Provider

KEYWORDS_AT_ONCE = 500


def propose(store: Store, settings: Settings, provider: "Provider", site: Site) -> RebuildPlan:
    """Work out what a rebuild would change; nothing is written.

    Raises:
        UserError: the site's keywords are compared by a service that was not asked about some; says what to do.
    """
    with store.read() as session:
        present = read_present(session, site)
        rules = rules_of(session.get_one(AutomationConfig, site.id))
        texts = sorted({one.text for keywords in present.areas.values() for one in keywords})
        cuts, embed = _comparing(session, settings, provider, site, texts)
    return plan_rebuild(present, rules, cuts, embed)


def carry_out(session: Session, site: Site, plan: RebuildPlan) -> None:
    """Do what a plan says. New clusters are called after their head keyword until stage 1 names and describes them.

    Raises:
        UserError: the clusters are not what they were when it was made; nothing was changed.
    """
    take_turn(session, site.id)
    if read_present(session, site).mark != plan.mark:
        raise UserError(
            f"the clusters of {site.slug} changed since the plan was made; "
            f"`igny8 clusters rebuild {site.slug}` makes it anew"
        )
    created = {keywords: _created(session, site, plan, keywords) for keywords in plan.areas}
    rows = _by_id(session, [move.keyword_id for move in plan.moves])
    for move in plan.moves:
        home = created[move.target].id if isinstance(move.target, tuple) else move.target
        keyword = rows[move.keyword_id]
        keyword.cluster_id, keyword.failure_reason = home, None
        keyword.status = KeywordStatus.ORPHANED if home is None else KeywordStatus.MAPPED
        keyword.reason = keyword.reason_keyword_id = keyword.reason_amount = None
    session.flush()
    _say_why(session, plan)
    for source, target in plan.ended.items():
        _follow(session, source, created[target].id if isinstance(target, tuple) else target)
    touched = {move.source for move in plan.moves} | {
        move.target for move in plan.moves if not isinstance(move.target, tuple)
    }
    changed = sorted(one for one in touched if one is not None)
    # Those that lost keywords come first: what they lost may be the root of another then.
    recount(session, site, [*changed, *(cluster.id for cluster in created.values())])
    has_ideas = exists().where(ContentIdea.cluster_id == Cluster.id)
    empty = select(Cluster).where(Cluster.id.in_(list(plan.ended)), Cluster.keyword_count == 0, ~has_ideas)
    delete_clusters(session, session.scalars(empty).all())


def _created(session: Session, site: Site, plan: RebuildPlan, keywords: tuple[int, ...]) -> Cluster:
    sector_id, market = plan.areas[keywords]
    head = session.get_one(Keyword, keywords[0])
    cluster = Cluster(
        site_id=site.id,
        sector_id=sector_id,
        market=market,
        name=distinct_name(session, site.id, market, [name_after(head.text)]),
        head_keyword_id=head.id,
        root_keyword=no_root(f"around {head.id}"),
    )
    session.add(cluster)
    session.flush()
    return cluster


def _by_id(session: Session, ids: Sequence[int]) -> dict[int, Keyword]:
    rows: dict[int, Keyword] = {}
    for start in range(0, len(ids), KEYWORDS_AT_ONCE):
        part = session.scalars(select(Keyword).where(Keyword.id.in_(ids[start : start + KEYWORDS_AT_ONCE])))
        rows |= {row.id: row for row in part}
    return rows


def _say_why(session: Session, plan: RebuildPlan) -> None:
    why: list[dict[str, Any]] = [
        {
            "id": keyword_id,
            "reason": reason.reason,
            "reason_keyword_id": reason.keyword_id,
            "reason_amount": reason.amount,
        }
        for keyword_id, reason in plan.reasons.items()
    ]
    if why:
        session.execute(update(Keyword), why)
        session.expire_all()


def _follow(session: Session, source: int, target: int | None) -> None:
    """What was planned for a cluster that ends goes where most of its keywords do."""
    if target is None:
        return
    for model in (ContentIdea, Task, PlannedMembership):
        session.execute(update(model).where(model.cluster_id == source).values(cluster_id=target))
    if session.get_one(Cluster, source).status == ClusterStatus.MAPPED:
        session.get_one(Cluster, target).status = ClusterStatus.MAPPED


def _comparing(
    session: Session, settings: Settings, provider: "Provider", site: Site, texts: Sequence[str]
) -> tuple[Cuts, Embed]:
    """What compared the keywords in stage 1; of a service the vectors that it gave then."""
    model = provider.embedding_model
    if model is None:
        return comparing_by(chosen(settings.keyword_model, len(texts)), texts)
    try:
        return CUTS["minilm"], looked_up(texts, vectors.vectors_of(session, f"{provider.host}|{model}", texts))
    except KeyError:
        raise UserError(
            f"{model} was not asked about all keywords of {site.slug} yet; "
            f"`igny8 run {site.slug} --stages 1` with a new keyword asks it"
        ) from None
