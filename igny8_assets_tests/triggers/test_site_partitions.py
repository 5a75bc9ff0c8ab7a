"""The sensor that makes sites known to Dagster."""

import dagster as dg

from igny8_assets.partitions import add_site_partition
from igny8_assets.resources import Installation
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site, SiteStatus
from igny8_assets.triggers.site_partitions import site_partitions
from igny8_assets_tests.pipeline.sites import make_site


def tick(instance: dg.DagsterInstance) -> list[str]:
    """The partitions that the sensor asks for."""
    with dg.build_sensor_context(instance=instance, resources={"installation": Installation()}) as context:
        outcome = site_partitions(context)
    if isinstance(outcome, dg.SkipReason):
        return []
    assert isinstance(outcome, dg.SensorResult)
    return [key for request in outcome.dynamic_partitions_requests or () for key in request.partition_keys]


def test_new_sites_become_partitions_and_known_ones_are_left(store: Store, instance: dg.DagsterInstance) -> None:
    for slug in ("first", "second", "third"):
        make_site(store, slug)
    add_site_partition(instance, "second")
    assert tick(instance) == ["first", "third"]


def test_an_archived_site_is_not_made_known_and_keeps_the_key_that_it_has(
    store: Store, instance: dg.DagsterInstance
) -> None:
    known, unknown = make_site(store, "known"), make_site(store, "unknown")
    add_site_partition(instance, "known")
    with store.write() as session:
        for site in (known, unknown):
            session.get_one(Site, site.id).status = SiteStatus.ARCHIVED
    assert tick(instance) == []
    assert instance.get_dynamic_partitions("site") == ["known"]
