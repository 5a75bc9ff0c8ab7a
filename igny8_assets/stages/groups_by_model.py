"""Which new keywords belong together, asked of a language model: for sites that want it, while a list is short."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from igny8_assets.ai.engine import all_of
from igny8_assets.ai.keyword_groups import (
    MOST_CLUSTERS,
    MOST_KEYWORDS,
    ClusterToJoin,
    GroupKeywordsInput,
    GroupKeywordsOutput,
    KeywordToPlace,
)
from igny8_assets.clustering.bounds import intents_of
from igny8_assets.clustering.embedding import Embed
from igny8_assets.clustering.granularity import Cuts
from igny8_assets.clustering.grouping import KeywordToGroup
from igny8_assets.clustering.offer import Offer, offer_of
from igny8_assets.clustering.said import Said
from igny8_assets.stages.areas import Area
from igny8_assets.stages.run_log import RunLog
from igny8_assets.stages.stage import ItemFailed, StageAborted
from igny8_assets.stages.tools import Tools
from igny8_assets.store.models import Cluster
from igny8_assets.vocabulary import ClusterStrategy, Granularity

MOST_NEW = 300
"""New keywords of an area that a model is asked about: it has to name each, some 2,000 tokens, and forgets more of a
longer list; vectors compare any number."""
MOST_ORPHANS = MOST_KEYWORDS - MOST_NEW
LONGEST_TEXT = 200
WIDTHS = {
    Granularity.PAGE: "page: keywords that one page can rank for, since their searchers want the same answer",
    Granularity.TOPIC: "topic: keywords of one topic, about which a site has several pages",
    Granularity.THEME: "theme: keywords of one broad theme, such as a department of a shop",
}
"""What one cluster holds, in words."""


async def ask_for_groups(
    tools: Tools, areas: Mapping[Area, Sequence[KeywordToGroup]], cuts: Cuts, embed: Embed
) -> dict[Area, Said]:
    """Ask a language model about each area, if the site wants that and it can be.

    The log of the run says for which areas vectors decide instead: where there are too many new keywords, the provider
    has no model, or the model's answer was of no use at all, which is not paid for a second time.

    Args:
        areas: all keywords that may be together, by area, each with new ones.

    Raises:
        StageAborted, BudgetReached: the service does not answer.
    """
    log = RunLog(tools.settings, tools.ticket.run_id)
    if tools.ticket.config.cluster_strategy is not ClusterStrategy.LLM:
        return {}
    if tools.engine.provider.host is None:
        log.write("grouped by vectors: the offline provider has no language model to ask", stage=tools.stage)
        return {}

    async def asked(area: Area) -> tuple[Area, Said | None]:
        sector, market = area
        new = sum(keyword.cluster is None and not keyword.was_alone for keyword in areas[area])
        if new > MOST_NEW:
            reason = f"{new} new keywords; a language model is asked about {MOST_NEW} at most"
        else:
            offer = await asyncio.to_thread(
                offer_of, areas[area], clusters=MOST_CLUSTERS, orphans=MOST_ORPHANS, cuts=cuts, embed=embed
            )
            if not offer.keywords:
                reason = "each new keyword is near one of too many clusters to show"
            else:
                try:
                    return area, await _ask(tools, offer)
                except ItemFailed as failure:
                    if not failure.permanent:
                        raise StageAborted(failure.reason) from failure
                    reason = failure.reason
        log.write(f"grouped by vectors in sector {sector}, market {market}: {reason}", stage=tools.stage)
        return area, None

    answers = await all_of(asked(area) for area in areas)
    return {area: said for area, said in answers if said is not None}


async def _ask(tools: Tools, offer: Offer) -> Said:
    ticket = tools.ticket
    question = GroupKeywordsInput(
        language=ticket.site.language,
        width=WIDTHS[ticket.config.granularity],
        separate_intents=ticket.config.separate_intents,
        keywords=[_to_place(keyword) for keyword in offer.keywords],
        clusters=await asyncio.to_thread(_clusters, tools, offer.clusters),
    )
    answer = await tools.ask_for_all("group_keywords", question)
    output: GroupKeywordsOutput = answer.value
    return Said(
        [(part.cluster_id, part.keyword_ids) for part in output.joins],
        [group.keyword_ids for group in output.groups],
        output.alone,
    )


def _to_place(keyword: KeywordToGroup) -> KeywordToPlace:
    return KeywordToPlace(
        id=keyword.id,
        text=keyword.text[:LONGEST_TEXT],
        volume=keyword.volume or None,
        intents=intents_of(keyword.intents),
    )


def _clusters(tools: Tools, ids: Sequence[int]) -> list[ClusterToJoin]:
    with tools.ticket.store.read() as session:
        rows = session.execute(select(Cluster.id, Cluster.name, Cluster.root_keyword).where(Cluster.id.in_(ids)))
        found = {row.id: ClusterToJoin(id=row.id, name=row.name, root_keyword=row.root_keyword) for row in rows}
    return [found[one] for one in ids]
