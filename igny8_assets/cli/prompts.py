"""The commands about prompts: which there are, what they say, and the exact request that would be sent."""

from typing import Annotated, Any

import typer

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.automation.prompting import example_request
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.arguments import SiteArgument
from igny8_assets.cli.installation import open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_rows
from igny8_assets.errors import UserError
from igny8_assets.site_settings import site_folder

FunctionArgument = Annotated[str, typer.Argument(metavar="FUNCTION", help="As `igny8 prompts list` names it.")]
OfSite = Annotated[str | None, typer.Option("--site", metavar="SITE", help="As this site has it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="Prompts: what AI models are told.")
    noun.command("list", help="Show the functions with the versions and files of their prompts.")(list_)
    noun.command("show", help="Show a prompt as it is sent.")(show)
    noun.command("test", help="Show the exact request for a site's next item, without sending it.")(test)
    app.add_typer(noun, name="prompts")


def list_(site: OfSite = None, as_json: AsJson = False) -> None:
    """Show the prompts."""
    with open_installation() as installation:
        prompts, own = _prompts(installation, site)
    rows = [
        {
            "function": prompt.function,
            "version": prompt.version,
            "description": prompt.description,
            "sha256": prompt.sha256[:12],
            "file": prompt.source,
        }
        for prompt in (prompts.load(function) for function in FUNCTIONS)
    ]
    show_rows(rows, as_json=as_json, empty="")
    if not as_json:
        say(f"A file of the same name in {own} goes first.")
    for path in prompts.strangers():
        # Beside the table, which a program may read.
        typer.echo(f"{path} is not read: no function is called so; shared parts begin with _", err=True)


def show(function: FunctionArgument, site: OfSite = None) -> None:
    """Show the rendered text."""
    with open_installation() as installation:
        prompts, _ = _prompts(installation, site)
    say(prompts.load(_known(function)).system)


def test(site: SiteArgument, function: FunctionArgument) -> None:
    """Show method, address, headers and body; the key is left out."""
    with open_installation() as installation, installation.store.read() as session:
        row = find_site(session, site)
        request = example_request(session, installation.settings, row, _known(function))
    print_json(request)


def _known(function: str) -> str:
    if function not in FUNCTIONS:
        raise UserError(f"there is no function {function[:60]!r}; choose one of {', '.join(FUNCTIONS)}")
    return function


def _prompts(installation: Any, site: str | None) -> tuple[Prompts, str]:
    settings = installation.settings
    if site is None:
        return Prompts((settings.folder / "prompts",)), str(settings.folder / "prompts")
    with installation.store.read() as session:
        row = find_site(session, site)
    return Prompts.of_site(settings, row.slug, row.language), str(site_folder(settings, row.slug) / "prompts")
