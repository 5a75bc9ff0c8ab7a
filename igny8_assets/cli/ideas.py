"""The commands about ideas: texts that could be written."""

from typing import Annotated, Any

import typer

from igny8_assets.cli.arguments import Limit, SiteArgument
from igny8_assets.cli.output import AsJson
from igny8_assets.cli.planned import add_decisions, show_planned
from igny8_assets.store.models import ContentIdea, IdeaStatus


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Ideas: texts that could be written.")
    noun.command("list", help="Show a site's ideas.")(list_)
    add_decisions(noun, "idea")
    app.add_typer(noun, name="ideas")


def list_(
    site: SiteArgument,
    status: Annotated[IdeaStatus | None, typer.Option(help="Only those that stand here.")] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Show ideas."""
    show_planned(site, ContentIdea, status, limit, _as_row, as_json=as_json)


def _as_row(idea: ContentIdea) -> dict[str, Any]:
    return {
        "id": idea.id,
        "idea": idea.title,
        "type": idea.content_type.value,
        "structure": idea.content_structure.value,
    }
