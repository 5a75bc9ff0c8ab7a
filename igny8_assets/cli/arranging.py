"""The commands by which a person arranges clusters: renaming, merging and splitting them, moving keywords."""

from typing import Annotated

import typer

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import LARGEST_ID, ItemNumber, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import amount, say

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its new name, of 120 characters at most.")]
Into = Annotated[
    int, typer.Argument(metavar="INTO_ID", min=1, max=LARGEST_ID, help="The cluster that stays, with its name.")
]
Others = Annotated[list[int], typer.Argument(metavar="OTHER_ID…", min=1, max=LARGEST_ID, help="Those that go into it.")]
NewName = Annotated[str | None, typer.Option(help="Of the new cluster; without it, its most searched keyword.")]
Keywords = Annotated[list[str], typer.Option("--keyword", help="A keyword; give the option once for each.")]
To = Annotated[int, typer.Option(min=1, max=LARGEST_ID, metavar="ID", help="The cluster to put them into.")]


def register(noun: typer.Typer) -> None:
    """Add the commands to those about clusters."""
    noun.command("rename", help="Give a cluster a name that stays.")(rename)
    noun.command("merge", help="Put clusters into one, with their ideas.")(merge)
    noun.command("split", help="Put some of a cluster's keywords into a new one.")(split)
    noun.command("move", help="Put keywords into a cluster, for good.")(move)


def rename(site: SiteArgument, cluster: ItemNumber, name: Name) -> None:
    """Rename a cluster."""
    from igny8_assets.review import arranging

    with open_installation() as installation, installation.store.write() as session:
        row = arranging.rename(session, find_site(session, site), cluster, name)
    say(f"cluster {row.id} is called {row.name!r} now")


def merge(site: SiteArgument, into: Into, others: Others) -> None:
    """Merge clusters."""
    from igny8_assets.review import arranging

    with open_installation() as installation, installation.store.write() as session:
        merged = arranging.merge(session, find_site(session, site), into, others)
    row = merged.cluster
    say(
        f"{amount(merged.clusters, 'cluster')} merged into {row.id} ({row.name}), which has "
        f"{amount(row.keyword_count, 'keyword')} now; {amount(merged.ideas, 'idea')} came along"
    )


def split(site: SiteArgument, cluster: ItemNumber, keyword: Keywords, name: NewName = None) -> None:
    """Split a cluster."""
    from igny8_assets.review import arranging

    with open_installation() as installation, installation.store.write() as session:
        row = arranging.split(session, find_site(session, site), cluster, keyword, name)
    say(f"{amount(row.keyword_count, 'keyword')} of cluster {cluster} split off into cluster {row.id} ({row.name})")


def move(site: SiteArgument, keyword: Keywords, to: To) -> None:
    """Move keywords."""
    from igny8_assets.review import arranging

    with open_installation() as installation, installation.store.write() as session:
        moved = arranging.move(session, find_site(session, site), keyword, to)
    row = moved.cluster
    if not moved.keywords:
        say(f"nothing moved: cluster {row.id} ({row.name}) has them already, and keeps them")
        return
    line = f"{amount(moved.keywords, 'keyword')} moved to cluster {row.id} ({row.name})"
    if moved.deleted:
        line += f"; left without keywords and deleted: {', '.join(moved.deleted)}"
    if moved.emptied:
        line += f"; left without keywords, kept for their ideas: {', '.join(moved.emptied)}"
    say(line)
