"""The commands about tasks: texts to write."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import ItemNumber, Limit, Reviewer, SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_facts, show_rows
from igny8_assets.cli.planned import add_decisions, show_planned
from igny8_assets.errors import UserError
from igny8_assets.review import briefs
from igny8_assets.review.sent_briefs import LONGEST
from igny8_assets.store.models import Task, TaskStatus


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Tasks: texts to write.")
    noun.command("list", help="Show a site's tasks.")(list_)
    noun.command("brief", help="Show what a task is written from.")(brief)
    noun.command("edit-brief", help="Put another brief in its place.")(edit_brief)
    noun.command("report", help="Show why the draft of a task was given up.")(report)
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


def brief(site: SiteArgument, task: ItemNumber, as_json: AsJson = False) -> None:
    """Show a brief."""
    with open_installation() as installation, installation.store.read() as session:
        row = briefs.find_task(session, find_site(session, site), task)
        found, editor = briefs.read_brief(row), row.brief_edited_by
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    facts = {
        "title": found.title,
        "description": found.description,
        "type": f"{found.content_type.value}, {found.content_structure.value}",
        "keyphrase": found.keyphrase,
        "supporting": [keyword.text for keyword in found.supporting_keywords],
        "intents": [intent.value for intent in found.intents],
        "audience": found.audience,
        "words": found.word_target,
        "language": found.language,
        "links": [link.url for link in found.links],
        "rejected_for": found.rejection_reason,
        "edited_by": editor,
    }
    show_facts(facts, as_json=False)
    say("outline")
    for entry in found.outline:
        say(f"{'    ' * (entry.level - 1)}{entry.heading} ({entry.words} words)")
        for point in entry.points:
            say(f"{'    ' * entry.level}- {point}")
    for question in found.questions:
        say(f"    question: {question}")


def edit_brief(
    site: SiteArgument,
    task: ItemNumber,
    reviewer: Reviewer,
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="JSON as `brief --json` shows it; - is stdin.")],
) -> None:
    """Change a brief."""
    text = _text_of(file)
    with open_installation() as installation, installation.store.write() as session:
        row = find_site(session, site)
        edited = briefs.edit_brief(session, row, task, reviewer, text)
        held = edited.status == TaskStatus.HELD
    say(f"changed the brief of task {task}" + (f"; `igny8 tasks release {site} {task}` has it written" if held else ""))


def report(site: SiteArgument, task: ItemNumber, as_json: AsJson = False) -> None:
    """Show the findings."""
    with open_installation() as installation, installation.store.read() as session:
        found = briefs.find_task(session, find_site(session, site), task)
    if found.report is None:
        raise UserError(f"no draft of task {task} was given up; a text's own report is in `igny8 content show`")
    show_rows(found.report["findings"], as_json=as_json, empty="")


def _text_of(file: Path) -> str:
    most = LONGEST * 4
    if str(file) == "-":
        name, data = "standard input", sys.stdin.buffer.read(most + 1)
    else:
        name = str(file)
        if file.is_dir():
            raise UserError(f"{name} is a folder; name the file with the brief")
        try:
            with file.open("rb") as opened:
                data = opened.read(most + 1)
        except FileNotFoundError:
            raise UserError(f"{name}: there is no such file; `igny8 tasks brief --json` makes one to edit") from None
        except OSError as error:
            raise UserError(f"{name} can't be read: {error.strerror or error}") from None
    if len(data) > most:
        raise UserError(f"{name} is too large; a brief has at most {LONGEST:,} characters")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{name} is not UTF-8 text; save it as UTF-8") from None


def _as_row(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.title,
        "type": task.content_type.value,
        "words": task.word_target,
        "attempt": task.attempt,
    }
