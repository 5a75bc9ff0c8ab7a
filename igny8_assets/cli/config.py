"""The commands about a site's automation settings."""

from typing import Annotated, Any

import typer

from igny8_assets.automation.configuration import (
    GROUPING,
    SCHEDULE,
    Configuration,
    change_configuration,
    has_clusters,
    read_configuration,
    slots_of,
)
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, say, show_facts
from igny8_assets.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Config: how a site is automated.")
    noun.command("get", help="Show a site's settings.")(get)
    noun.command("set", help="Change settings, e.g. stage_4_batch_size=2 is_enabled=true.")(set_)
    app.add_typer(noun, name="config")


def get(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show the settings."""
    with open_installation() as installation, installation.store.read() as session:
        row = find_site(session, site)
        facts = _facts(read_configuration(session, row)) | slots_of(session, row)
    show_facts(facts, as_json=as_json, keys=True)


def set_(
    site: SiteArgument,
    changes: Annotated[list[str], typer.Argument(metavar="KEY=VALUE…", help="`none` takes a cap away.")],
    as_json: AsJson = False,
) -> None:
    """Change settings: all that are named, or none."""
    wanted: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name.strip():
            raise UserError(f"{change!r} is not a change; write it like stage_4_batch_size=2")
        wanted[name.strip()] = value.strip()
    with open_installation() as installation, installation.store.write() as session:
        row = find_site(session, site)
        before = _facts(read_configuration(session, row))
        facts = _facts(change_configuration(session, row, wanted))
        regroups = any(facts[name] != before[name] for name in GROUPING) and has_clusters(session, row)
        changed = {name: value for name, value in facts.items() if name in wanted}
        if SCHEDULE.intersection(wanted):
            changed["next_run_at"] = slots_of(session, row)["next_run_at"]
    show_facts(changed, as_json=as_json, keys=True)
    if regroups and not as_json:
        say(f"clusters that exist stay as they are; `igny8 clusters rebuild {site}` shows what it would move")


def _facts(configuration: Configuration) -> dict[str, Any]:
    facts = configuration.model_dump(mode="json")
    return {
        **facts,
        "scheduled_time": configuration.scheduled_time.isoformat("minutes"),
        "daily_credits_cap": configuration.daily_credits_cap,
        "daily_usd_cap": configuration.daily_usd_cap,
    }
