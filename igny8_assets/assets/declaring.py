"""How a stage asset is declared: one place for what all seven share."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation


def stage_asset(
    number: int,
    name: str,
    *,
    after: str,
    group: str,
    kinds: set[str],
    description: str,
    columns: Mapping[str, tuple[str, str]],
) -> dg.AssetsDefinition:
    """Declare a stage's asset: partitioned by site, its output optional, so that a stopped run skips the rest.

    Args:
        number: the stage.
        name: the asset's key.
        after: the asset that comes before.
        group: its group in the Dagster UI.
        kinds: at most ten badges.
        description: what it does, in a sentence.
        columns: name → type and description of what its rows carry.
    """

    @dg.asset(
        name=name,
        partitions_def=SITES,
        output_required=False,
        deps=[after],
        group_name=group,
        kinds=kinds,
        owners=["team:seo"],
        description=description,
        metadata={"dagster/column_schema": column_schema(columns)},
    )
    def work(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
        # Imported here: every Dagster process loads the definitions, few of them run a stage.
        from igny8_assets.assets.working import work_stage

        yield from work_stage(context, installation, number)

    return work


def column_schema(columns: Mapping[str, tuple[str, str]]) -> dg.TableSchema:
    """What Dagster shows of a table's columns: name → type and description."""
    return dg.TableSchema(
        columns=[dg.TableColumn(name, kind, description=text) for name, (kind, text) in columns.items()]
    )
