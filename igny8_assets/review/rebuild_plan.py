"""What clusters would be if they were made anew, beside what they are."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.grouping import KeywordToGroup, Rules, group_keywords
from igny8_assets.clustering.reasons import WhyThere
from igny8_assets.stages.areas import COLUMNS_TO_GROUP, Area, keywords_to_group
from igny8_assets.stages.cluster_members import is_covered
from igny8_assets.store.models import Cluster, Keyword, KeywordStatus, Site
from igny8_assets.vocabulary import Reason

Home = int | tuple[int, ...] | None
"""A cluster that exists, the keywords of a new one (the head first), or none."""


@dataclass(frozen=True)
class Present:
    """The keywords of a site that are in clusters or fit none, as they are now.

    `fixed` are those that a person placed; `covered` those that ideas target; `mark` changes when anything of this
    does.
    """

    areas: Mapping[Area, Sequence[KeywordToGroup]]
    fixed: frozenset[int]
    covered: frozenset[int]
    named: frozenset[int]
    mark: str


@dataclass(frozen=True)
class Move:
    """A keyword that goes from one cluster (or none) to another (or none)."""

    keyword_id: int
    text: str
    source: int | None
    target: Home


@dataclass(frozen=True)
class RebuildPlan:
    """What a rebuild changes.

    Attributes:
        mark: of the state for which this holds.
        moves: the keywords that move, by text.
        areas: for each new cluster's keywords, its sector and market.
        ended: clusters that lose all their keywords, each with the one that most of them go to, if any.
        reasons: by keyword why it is where it is then; a person's decisions are not among them.
    """

    mark: str
    moves: tuple[Move, ...]
    areas: Mapping[tuple[int, ...], Area]
    ended: Mapping[int, Home]
    reasons: Mapping[int, WhyThere]


def read_present(session: Session, site: Site) -> Present:
    """Read what a rebuild looks at."""
    mark = sha256()
    fixed, covered = set[int](), set[int]()
    rows = []
    for row in session.execute(_placed(site.id)):
        *facts, reason, is_target = row
        mark.update(repr(row).encode())
        rows.append(facts)
        if reason == Reason.PERSON:
            fixed.add(facts[0])
        if is_target:
            covered.add(facts[0])
    named = session.scalars(select(Cluster.id).where(Cluster.site_id == site.id, Cluster.named_by_person)).all()
    return Present(keywords_to_group(rows), frozenset(fixed), frozenset(covered), frozenset(named), mark.hexdigest())


def plan_rebuild(present: Present, rules: Rules, cuts: Cuts, embed: Embed) -> RebuildPlan:
    """Group all keywords anew but those that a person placed, and say what that changes.

    Keywords that a person placed draw others into their cluster where they are at least half of what resembles each
    other; fewer leave the others where they are. Any other group goes on as the cluster that most of its keywords are
    in, so that as little as possible moves, unless a person placed as many there. A cluster that a person named goes
    on, at the worst with the keywords that it has. A keyword that fits none becomes an orphan, unless ideas target it:
    then it stays.

    What the groups are depends on nothing that carrying the plan out changes, so that a second plan is empty.
    """
    moves: list[Move] = []
    areas: dict[tuple[int, ...], Area] = {}
    reasons: dict[int, WhyThere] = {}
    left: dict[int, list[Home]] = defaultdict(list)
    filled: set[Home] = set()
    for area, keywords in sorted(present.areas.items()):
        was = {one.id: one.cluster for one in keywords}
        free = [replace(one, cluster=None) for one in keywords if one.id not in present.fixed]
        fixed = [one for one in keywords if one.id in present.fixed and one.cluster is not None]
        drawing = _drawing(free, fixed, rules, cuts, embed)
        grouping = group_keywords([*free, *drawing], rules, cuts=cuts, embed=embed)
        homes: dict[int, Home] = {**grouping.joins, **_homes(grouping.groups, was, present)}
        homes |= {one: was[one] if one in present.covered else None for one in grouping.orphans}
        here = {was[one] for one in present.fixed if one in was} | set(homes.values())
        stay = {one: was[one] for one in homes if was[one] in present.named - here}
        homes |= stay
        filled |= here | set(stay.values())
        reasons |= {one: why for one, why in grouping.reasons.items() if one not in stay}
        for one in free:
            home = homes[one.id]
            if isinstance(home, tuple):
                areas[home] = area
            source = was[one.id]
            if home != source:
                moves.append(Move(one.id, one.text, source, home))
                if source is not None:
                    left[source].append(home)
    ended = {source: _most(homes_) for source, homes_ in sorted(left.items()) if source not in filled}
    moves.sort(key=lambda move: (move.text, move.keyword_id))
    return RebuildPlan(present.mark, tuple(moves), areas, ended, reasons)


def _placed(site_id: int) -> Select[Any]:
    return (
        select(*COLUMNS_TO_GROUP, Keyword.reason, is_covered())
        .where(
            Keyword.site_id == site_id,
            or_(Keyword.status == KeywordStatus.MAPPED, Keyword.status == KeywordStatus.ORPHANED),
        )
        .order_by(Keyword.id)
    )


def _drawing(
    free: Sequence[KeywordToGroup], fixed: Sequence[KeywordToGroup], rules: Rules, cuts: Cuts, embed: Embed
) -> list[KeywordToGroup]:
    """Of the keywords that a person placed, those that tell what their cluster is about.

    They are at least half of their group, when all are grouped as if nobody had placed any.
    """
    if not fixed:
        return []
    placed = {one.id: one.cluster for one in fixed}
    as_new = [replace(one, cluster=None) for one in fixed]
    grouping = group_keywords([*free, *as_new], rules, cuts=cuts, embed=embed)
    drawing = set(grouping.orphans)
    for group in grouping.groups:
        by_cluster = Counter(placed[one] for one in group if one in placed)
        drawing |= {one for one in group if one in placed and 2 * by_cluster[placed[one]] >= len(group)}
    return [one for one in fixed if one.id in drawing]


def _homes(groups: Sequence[tuple[int, ...]], was: Mapping[int, int | None], present: Present) -> dict[int, Home]:
    """Let each group go on as a cluster, those with the most keywords in common first; the others are new."""
    by_person = Counter(was[one] for one in present.fixed if one in was)
    in_common = Counter((place, was[one]) for place, group in enumerate(groups) for one in group)
    common = {
        (place, cluster): number
        for (place, cluster), number in in_common.items()
        if cluster is not None and number > by_person[cluster]
    }
    went_on: dict[int, int] = {}
    used: set[int] = set()
    # A name that a person gave goes before any other's claim.
    claims = sorted(common.items(), key=lambda pair: (pair[0][1] not in present.named, -pair[1], pair[0]))
    for (place, cluster), _ in claims:
        if place not in went_on and cluster not in used:
            went_on[place] = cluster
            used.add(cluster)
    return {one: went_on.get(place, group) for place, group in enumerate(groups) for one in group}


def _most(homes: Sequence[Home]) -> Home:
    """Where most go; nowhere only if all do."""
    placed = [home for home in homes if home is not None]
    return max(placed, key=lambda home: (placed.count(home), str(home))) if placed else None
