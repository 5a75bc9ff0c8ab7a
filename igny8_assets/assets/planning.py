"""The group `planning`: keywords, and the clusters, ideas and tasks that come of them."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from igny8_assets.assets.declaring import column_schema, stage_asset
from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation


@dg.asset(
    partitions_def=SITES,
    output_required=False,
    group_name="planning",
    kinds={"csv"},
    owners=["team:seo"],
    description="Keywords of a site, imported from the exports in its inbox folder or by `igny8 keywords import`.",
    metadata={
        "dagster/column_schema": column_schema(
            {
                "text": ("string", "The search term as people write it."),
                "market": ("string", "The country it was measured in."),
                "volume": ("integer", "Searches a month; unknown is empty."),
                "difficulty": ("integer", "0 to 100; unknown is empty."),
                "intents": ("string", "What searchers want, comma-separated."),
                "status": ("string", "new, mapped, orphaned or ignored."),
            }
        )
    },
)
def keywords(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Import every new, settled file of the site's inbox."""
    from igny8_assets.assets.importing import import_settled_files
    from igny8_assets.assets.joining import open_or_join, selected_stages

    if selected_stages(context) and open_or_join(context, installation) is None:
        return
    yield dg.MaterializeResult(metadata=import_settled_files(context, installation))


clusters = stage_asset(
    1,
    "clusters",
    after="keywords",
    group="planning",
    kinds={"ai"},
    description="Stage 1: new keywords join clusters or form new ones, by the similarity of the whole list.",
    columns={
        "name": ("string", "The cluster's name."),
        "keyword_count": ("integer", "Keywords in it."),
        "uncovered_count": ("integer", "Keywords that no idea targets yet."),
        "volume": ("integer", "Searches a month of all its keywords."),
        "intent": ("string", "What most of its searchers want."),
        "status": ("string", "active, or mapped once it has ideas."),
    },
)


ideas = stage_asset(
    2,
    "ideas",
    after="clusters",
    group="planning",
    kinds={"ai"},
    description="Stage 2: clusters get ideas for texts, which together answer all of their keywords.",
    columns={
        "title": ("string", "The planned title."),
        "content_type": ("string", "What kind of page it is."),
        "content_structure": ("string", "How it is built."),
        "status": ("string", "new, in_progress, completed, held or dropped."),
    },
)


tasks = stage_asset(
    3,
    "tasks",
    after="ideas",
    group="planning",
    kinds={"python"},
    description="Stage 3: ideas become writing tasks with a word target. Costs nothing.",
    columns={
        "title": ("string", "The title to write."),
        "word_target": ("integer", "Words to aim at."),
        "status": ("string", "pending, completed, failed, held or dropped."),
    },
)
