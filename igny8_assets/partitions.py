"""The partitions of every asset: one per site, its key the site's slug."""

import dagster as dg

SITES = dg.DynamicPartitionsDefinition(name="site")


def add_site_partition(instance: dg.DagsterInstance, slug: str) -> None:
    """Make a site known to Dagster; one that is known already stays where it is."""
    if not instance.has_dynamic_partition("site", slug):
        instance.add_dynamic_partitions("site", [slug])
