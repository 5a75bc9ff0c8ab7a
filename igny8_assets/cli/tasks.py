"""The commands about tasks: texts to write."""

from typing import Annotated, Any

import typer

from igny8_assets.cli.arguments import Limit, SiteArgument
from igny8_assets.cli.output import AsJson
from igny8_assets.cli.planned import add_decisions, show_planned
from igny8_assets.store.models import Task, TaskStatus


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Tasks: texts to write.")
    noun.command("list", help="Show a site's tasks.")(list_)
    add_decisions(noun, "task")
    app.add_typer(noun, name="tasks")


def list_(
    site: SiteArgument,
    status: Annotated[TaskStatus | None, typer.Option(help="Only those that stand here.")] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Show tasks."""
    show_planned(site, Task, status, limit, _as_row, as_json=as_json)


def _as_row(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.title,
        "type": task.content_type.value,
        "words": task.word_target,
        "attempt": task.attempt,
    }
