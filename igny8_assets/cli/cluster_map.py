"""`igny8 clusters map`: a site's clusters as a page that a browser opens."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import amount, say
from igny8_assets.errors import UserError
from igny8_assets.whole_files import whole_file


def map_(site: SiteArgument, out: Annotated[Path, typer.Option(help="The HTML file to write.")]) -> None:
    """Write the page."""
    from igny8_assets.clustering.cohesion import cohesions
    from igny8_assets.review.cluster_map.page import cluster_page
    from igny8_assets.review.clusters import read_clusters

    with open_installation() as installation, installation.store.read() as session:
        found = find_site(session, site)
        name, clusters = found.name, read_clusters(session, found)
    if not clusters:
        raise UserError(f"site {site!r} has no clusters; `igny8 run {site} --stages 1` makes them")
    page = cluster_page(name, clusters, cohesions([view.texts for view in clusters]), datetime.now(UTC))
    with whole_file(out) as file:
        file.write(page.encode("utf-8", "replace"))
    say(f"wrote {out}: {amount(len(clusters), 'cluster')}; open it in a browser")
