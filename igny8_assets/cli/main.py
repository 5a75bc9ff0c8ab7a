"""The `igny8` command: its parts put together, and errors as one line."""

import sys

import typer
from typer.core import TyperGroup

from igny8_assets.errors import UserError

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


def _assemble() -> None:
    from igny8_assets.cli import runs, setup

    setup.register(app)
    runs.register(app)


def main() -> None:
    """Run the command; exits with 0, 1 for a fault or a failed run, 2 for a user's mistake."""
    _assemble()
    try:
        code = app(standalone_mode=False)
    except UserError as error:
        _say(str(error))
        code = USER_ERROR
    except typer.Exit as stop:
        code = stop.exit_code
    except typer.Abort:
        code = FAULT
    except KeyboardInterrupt:
        _say("interrupted")
        code = FAULT
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has seen enough.
        sys.stderr.close()
        code = 0
    except Exception as error:
        if hasattr(error, "format_message"):
            _say(error.format_message() + "; `igny8 --help` shows how it is used")
            code = USER_ERROR
        else:
            code = _fault(error)
    sys.exit(code or 0)


def _fault(error: Exception) -> int:
    """Note an unexpected error in a file and say so in one line."""
    import traceback
    from datetime import UTC, datetime

    from igny8_assets.settings import load_settings

    first_line = str(error).strip().split("\n", 1)[0]
    try:
        folder = load_settings().logs
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "faults.log"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv[1:])}\n{traceback.format_exc()}\n")
        _say(f"a fault that should not happen: {type(error).__name__}: {first_line} (details in {path})")
    except (OSError, UserError):
        _say(f"a fault that should not happen: {type(error).__name__}: {first_line}")
    return FAULT


def _say(message: str) -> None:
    sys.stderr.write("igny8: " + " ".join(message.split()) + "\n")


if __name__ == "__main__":
    main()
