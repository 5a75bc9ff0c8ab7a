"""The commands about keywords: importing, showing and ignoring them."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import func, select

from igny8_assets.automation.sites import default_sector, find_sector, find_site
from igny8_assets.cli.arguments import Limit, SiteArgument
from igny8_assets.cli.installation import OpenInstallation, open_installation
from igny8_assets.cli.output import AsJson, amount, console, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.store.models import Cluster, Keyword, KeywordStatus, Site

KeywordArguments = Annotated[
    list[str], typer.Argument(metavar="KEYWORD…", help="The keywords; quote those with spaces.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Keywords: what people search for.")
    noun.command("import", help="Import keyword exports, each once by its content.")(import_)
    noun.command("list", help="Show a site's keywords, the most searched first.")(list_)
    noun.command("results", help="Import search results: which pages rank for keywords.")(results)
    noun.command("ignore", help="Take keywords out of the work.")(ignore)
    noun.command("unignore", help="Take ignored keywords up again.")(unignore)
    app.add_typer(noun, name="keywords")


def import_(
    site: SiteArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Exports: CSV, TSV, text, .xlsx or .zip.")],
    sector: Annotated[str | None, typer.Option(help="The sector of new keywords; without it, the default one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import files; those that can't be read are named at the end, and the others stay imported."""
    from igny8_assets.keywords.importing import ImportSummary, import_file

    summaries: list[ImportSummary] = []
    refused: list[dict[str, str]] = []
    with open_installation() as installation:
        store, settings = installation.store, installation.settings
        with store.read() as session:
            row = find_site(session, site)
            chosen = default_sector(session, row) if sector is None else find_sector(session, row, sector)
        for path in files:
            try:
                with console().status(f"importing {path.name}"):
                    summary = import_file(
                        store, row.id, chosen.id, row.country, path, settings.folder / "rejects" / row.slug
                    )
            except UserError as error:
                refused.append({"file": path.name, "reason": str(error)})
            else:
                summaries.append(summary)
        if any(not summary.again for summary in summaries):
            _report(installation, row, [summary for summary in summaries if not summary.again], refused)
    show_rows([_as_row(summary) for summary in summaries], as_json=as_json, empty="nothing was imported")
    if refused:
        raise UserError("; ".join(failure["reason"] for failure in refused))


def _as_row(summary: Any) -> dict[str, Any]:
    return {
        "file": summary.name,
        "layout": summary.layout,
        "rows": summary.rows,
        "new": summary.new,
        "merged": summary.merged,
        "rejected": summary.rejected,
        "note": "imported before" if summary.again else "",
        "rejects_file": None if summary.rejects_file is None else str(summary.rejects_file),
    }


def _report(installation: OpenInstallation, site: Site, summaries: list[Any], refused: list[dict[str, str]]) -> None:
    """Show the import on the page of Dagster's asset `keywords`."""
    from igny8_assets.assets.importing import import_metadata
    from igny8_assets.dagster_home import dagster_instance
    from igny8_assets.launch import report_import

    with dagster_instance(installation.settings) as instance:
        report_import(instance, site.slug, import_metadata(installation.store, site.id, summaries, refused))


def results(
    site: SiteArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table with the columns keyword and url.")],
) -> None:
    """Keep the first results of the site's keywords; those that share some are clustered together."""
    from igny8_assets.keywords.keeping_results import keep_results
    from igny8_assets.keywords.search_results import read_search_results

    found = read_search_results(file)
    with open_installation() as installation, installation.store.write() as session:
        row = find_site(session, site)
        kept, unknown = keep_results(session, row.id, found.urls)
    line = f"results of {amount(kept, 'keyword')} kept"
    if unknown:
        line += f"; {amount(unknown, 'keyword')} of the file not known to {site}"
    if kept:
        line += f"; `igny8 clusters rebuild {site}` shows what they change among clusters that exist"
    say(line)
    if left_out := found.left_out():
        say(left_out)


def list_(
    site: SiteArgument,
    status: Annotated[KeywordStatus | None, typer.Option(help="Only those that stand here.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show keywords."""
    with open_installation() as installation, installation.store.read() as session:
        wanted = (
            select(Keyword, Cluster.name)
            .outerjoin(Cluster, Cluster.id == Keyword.cluster_id)
            .where(Keyword.site_id == find_site(session, site).id)
            .order_by(func.coalesce(Keyword.volume, -1).desc(), Keyword.id)
            .limit(limit)
        )
        if status is not None:
            wanted = wanted.where(Keyword.status == status)
        rows = [
            {
                "keyword": keyword.text,
                "market": keyword.market,
                "volume": keyword.volume,
                "difficulty": keyword.difficulty,
                "intents": keyword.intents,
                "status": keyword.status.value,
                "cluster": cluster,
                "cluster_id": keyword.cluster_id,
                "failure": keyword.failure_reason,
            }
            for keyword, cluster in session.execute(wanted)
        ]
    show_rows(
        rows, as_json=as_json, empty=f"{site} has no such keywords; `igny8 keywords import {site} FILE` brings some"
    )


def ignore(site: SiteArgument, keywords: KeywordArguments) -> None:
    """Ignore keywords."""
    from igny8_assets.review import ignoring

    with open_installation() as installation, installation.store.write() as session:
        changed = ignoring.ignore(session, find_site(session, site), keywords)
    say(f"{amount(changed, 'keyword')} ignored")


def unignore(site: SiteArgument, keywords: KeywordArguments) -> None:
    """Take ignored keywords up again."""
    from igny8_assets.review import ignoring

    with open_installation() as installation, installation.store.write() as session:
        taken = ignoring.unignore(session, find_site(session, site), keywords)
    parts = []
    if taken.returned:
        parts.append(f"{amount(taken.returned, 'keyword')} back in the cluster that had it before, at no credits")
    if taken.new or not taken.returned:
        parts.append(f"{amount(taken.new, 'keyword')} new again; the next run groups what is new")
    say("; ".join(parts))
