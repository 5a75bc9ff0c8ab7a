"""Asset checks: the invariants of the store and the quality of the drafts, each per site."""

import warnings

import dagster as dg

from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation


def _site_check(
    asset: str, invariant: str, description: str, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetChecksDefinition:
    """Declare a check by the name of its function in invariants.py."""

    def check(context: dg.AssetCheckExecutionContext, installation: Installation) -> dg.AssetCheckResult:
        # Imported here: every Dagster process loads the definitions, few of them run a check.
        from igny8_assets.assets import invariants
        from igny8_assets.automation.sites import find_site

        with installation.store.read() as session:
            site = find_site(session, context.partition_key)
            passed, figures = getattr(invariants, invariant)(session, site, installation.settings)
        return dg.AssetCheckResult(passed=passed, severity=severity, metadata=figures)

    with warnings.catch_warnings():
        # Partitions of checks are a preview in Dagster 1.13; without them one site's pass hides another's failure.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return dg.asset_check(asset=asset, name=invariant, description=description, partitions_def=SITES)(check)


CHECKS = (
    _site_check(
        "keywords",
        "every_row_is_accounted_for",
        "Every row of every import is a keyword, merged into one, or rejected with a reason.",
    ),
    _site_check("keywords", "counters_equal_the_rows", "The counters that the overview reads equal the rows."),
    _site_check(
        "clusters",
        "every_mapped_keyword_has_a_cluster",
        "Every mapped keyword has a cluster, and every cluster counts its keywords right.",
    ),
    _site_check("content", "no_draft_without_text", "No draft is without text."),
    _site_check(
        "content",
        "draft_quality",
        "What the quality checks found in the drafts; a warning never stops a run.",
        dg.AssetCheckSeverity.WARN,
    ),
    _site_check("images", "every_image_has_its_file", "Every generated image has its file in the library."),
    _site_check("review_queue", "ledger_balances", "The balance of the site's account equals the sum of its ledger."),
)
