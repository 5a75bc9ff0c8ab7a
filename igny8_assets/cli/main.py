"""The `igny8` command: its parts put together, and errors as one line."""

import gc
import io
import sys
from typing import Any

from igny8_assets.cli import quiet_start  # noqa: F401

# isort: split

import typer
from typer.core import TyperGroup

from igny8_assets.cli.standard_output import OutputFailed, watch_output
from igny8_assets.errors import UserError
from igny8_assets.interrupts import leaving

USER_ERROR = 2
FAULT = 1


class _InOrder(TyperGroup):
    """Shows commands in the order in which they are added here."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Names as added."""
        return list(self.commands)


app = typer.Typer(
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From keywords to reviewable, illustrated drafts.",
)


def assemble() -> None:
    """Add the commands of every noun."""
    from igny8_assets.cli import (
        accounts,
        again,
        clusters,
        config,
        content,
        costs,
        demo,
        figures,
        ideas,
        keys,
        keywords,
        llm,
        notices,
        pages,
        prompts,
        review,
        runs,
        sectors,
        setup,
        sites,
        tasks,
    )

    nouns = (
        accounts,
        keys,
        sites,
        sectors,
        config,
        pages,
        keywords,
        clusters,
        ideas,
        tasks,
        content,
        review,
        prompts,
        notices,
        llm,
    )
    for part in (setup, demo, runs, figures, costs, again, *nouns):
        part.register(app)


def main() -> None:
    """Run the command; exits with 0, 1 for a fault or a failed run, 2 for a user's mistake."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that is not in UTF-8 shows a question mark instead of what it lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    watch_output()
    with leaving():
        code = _run()
        # The end of the process frees it all; collecting it first takes a fifth of an empty run.
        gc.freeze()
    sys.exit(code)


def _run() -> int:
    from igny8_assets.cli.arguments import refuse_unreadable

    assemble()
    try:
        refuse_unreadable(sys.argv[1:])
        code = app(standalone_mode=False) or 0
        # What is still buffered may not fit either.
        sys.stdout.flush()
        return code
    except UserError as error:
        _say(str(error))
        return USER_ERROR
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return FAULT
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has seen enough.
        sys.stderr.close()
        return 0
    except OutputFailed as error:
        _say(f"standard output can't be written: {error.strerror}; send it elsewhere")
        return USER_ERROR
    except Exception as error:
        if hasattr(error, "format_message"):
            message = _in_plain_words(error)
            context = getattr(error, "ctx", None)
            command = context.command_path if context is not None else "igny8"
            _say((message + "; " if message else "") + f"`{command} --help` shows how it is used")
            return USER_ERROR
        return _fault(error)


def _in_plain_words(error: Any) -> str:
    """What is wrong with an argument; what its validator found is said as everywhere."""
    from pydantic import ValidationError

    from igny8_assets.complaints import first_complaint

    message = str(error.format_message()).strip().rstrip(".").replace(": Value error, ", ": ")
    place, of_validator, _ = message.partition(": Input should be ")
    if of_validator and isinstance(error.__cause__, ValidationError):
        return f"{place}: it {first_complaint(error.__cause__)[1]}"
    return message


def _fault(error: Exception) -> int:
    """Note an unexpected error in a file and say so in one line."""
    import traceback
    from datetime import UTC, datetime

    from igny8_assets.rotation import append
    from igny8_assets.settings import load_settings

    first_line = str(error).strip().split("\n", 1)[0]
    try:
        settings = load_settings()
        settings.logs.mkdir(parents=True, exist_ok=True)
        path = settings.logs / "faults.log"
        told = f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv[1:])}\n{traceback.format_exc()}"
        append(path, told, settings.log_bytes)
        _say(f"a fault that should not happen: {type(error).__name__}: {first_line} (details in {path})")
    except Exception:
        _say(f"a fault that should not happen: {type(error).__name__}: {first_line}")
    return FAULT


def _say(message: str) -> None:
    sys.stderr.write("igny8: " + " ".join(message.split()) + "\n")


if __name__ == "__main__":
    main()
