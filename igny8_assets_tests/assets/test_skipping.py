"""What Dagster makes of an asset that yields nothing: the behaviour that pausing rests on."""

from collections.abc import Iterator
from typing import Any

import dagster as dg


def test_an_asset_that_yields_nothing_is_skipped_and_so_is_what_follows() -> None:
    sites = dg.DynamicPartitionsDefinition(name="skipping_site")

    @dg.asset(partitions_def=sites, output_required=False)
    def first() -> Iterator[dg.MaterializeResult[Any]]:
        yield dg.MaterializeResult()

    @dg.asset(partitions_def=sites, output_required=False, deps=[first])
    def stopped() -> Iterator[dg.MaterializeResult[Any]]:
        yield from ()

    @dg.asset(partitions_def=sites, output_required=False, deps=[stopped])
    def later() -> Iterator[dg.MaterializeResult[Any]]:
        yield dg.MaterializeResult()

    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("skipping_site", ["demo"])
        result = dg.materialize([first, stopped, later], instance=instance, partition_key="demo")
    assert result.success
    made = [event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key]
    assert made == ["first"]
    skipped = [event.step_key for event in result.all_events if event.event_type_value == "STEP_SKIPPED"]
    assert skipped == ["later"]
