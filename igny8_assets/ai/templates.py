"""Rendering a template that somebody wrote, within bounds: whatever is wrong with it is told with file and line.

Bounded are the length of the text, the steps that a template takes (loops, macros, includes, recursion), what powers,
repetitions and sums make, and the whole numbers that methods are given. Not bounded is the memory that one filter, `~`
or one formatting takes: prompts are files of those who run igny8, not of strangers.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from igny8_assets.errors import UserError

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import Environment

LONGEST = 100_000
"""Characters of a rendered text."""
MOST_STEPS = 300_000
"""Lines that a template may run once it is compiled: a fraction of a second."""
LARGEST_BITS = 4096


class _TooMuch(Exception):
    """A template goes beyond a bound; says which."""


def read_template(folders: Sequence[Path], name: str) -> tuple[str, Path]:
    """The text of a file, and where it is: in the first of the folders that has it, or in this package.

    Raises:
        UserError: it can't be read, or is not UTF-8.
    """
    environment = _environment(tuple(folders))
    text, path, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    return text, Path(str(path))


def render(folders: Sequence[Path], text: str, path: Path, values: Mapping[str, Any]) -> str:
    """Render a text; what it includes is looked for in the folders, then in this package.

    Args:
        text: the template, with as many lines before it as stand before it in its file.
        path: the file, for messages.
        values: what it may name.

    Raises:
        UserError: it can't be read or rendered, goes beyond a bound, or nothing is left; says where.
    """
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    environment = _environment(tuple(folders))
    try:
        template = environment.template_class.from_code(
            environment, _compiled(environment, text, str(path)), environment.make_globals(None)
        )
        parts: list[str] = []
        length = 0
        with _counted_steps(environment):
            for part in template.generate(values):
                parts.append(part)
                length += len(part)
                if length > LONGEST:
                    raise _TooMuch(f"renders to more than {LONGEST:,} characters")
    except UserError:
        raise
    except TemplateSyntaxError as error:
        raise UserError(f"{error.filename or path}, line {error.lineno}: {_plain(error.message)}") from None
    except TemplateNotFound as error:
        raise UserError(f"{_place(error, path)}: there is no file {error.name} to include") from None
    except TemplateError as error:
        raise UserError(f"{_place(error, path)}: the template can't be rendered: {_plain(error.message)}") from None
    except _TooMuch as error:
        raise UserError(f"{_place(error, path)}: the template {error}") from None
    except RecursionError:
        raise UserError(f"{path}: the template is too deep: it nests, calls or includes without an end") from None
    except MemoryError:
        raise UserError(f"{path}: the template needs more memory than there is") from None
    except Exception as error:
        # Whatever an expression of the template did.
        told = _plain(str(error)) or type(error).__name__
        raise UserError(f"{_place(error, path)}: the template can't be rendered: {told}") from None
    rendered = "".join(parts).strip()
    if not rendered:
        raise UserError(f"{path}: nothing is left of the template once it is rendered; write the instructions into it")
    return rendered


@contextmanager
def _counted_steps(environment: "Environment") -> Iterator[None]:
    """Stop what runs too many lines: no kind of loop and no recursion gets around this way of counting."""
    steps = 0

    def step(frame: FrameType, event: str, argument: Any) -> Any:  # noqa: ARG001 - as Python calls it
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise _TooMuch(f"takes more than {MOST_STEPS:,} steps: it loops, calls or includes without an end")
        return step

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return step(frame, event, argument) if frame.f_globals.get("environment") is environment else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)


def _place(error: BaseException, path: Path) -> str:
    """The file and line of a template in which something went wrong: the innermost one."""
    place, trace = str(path), error.__traceback__
    while trace is not None:
        # Jinja makes such frames up for the lines of templates.
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            place = f"{trace.tb_frame.f_code.co_filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _plain(message: str | None) -> str:
    return " ".join((message or "").split())[:200]


@lru_cache(maxsize=64)
def _compiled(environment: "Environment", text: str, path: str) -> "CodeType":
    return environment.compile(text, path, path)


@cache
def _environment(folders: tuple[Path, ...]) -> "Environment":
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
    from jinja2.sandbox import SandboxedEnvironment

    class Files(FileSystemLoader):
        """Files in UTF-8, with or without a mark."""

        def get_source(self, environment: "Environment", template: str) -> tuple[str, str, Any]:
            try:
                return super().get_source(environment, template)
            except TemplateNotFound:
                raise
            except (OSError, UnicodeDecodeError) as error:
                found = next((path for path in self._places(template) if path.is_file()), template)
                wrong = error.strerror if isinstance(error, OSError) else "save it as UTF-8 text"
                raise UserError(f"the prompt {found} can't be read: {wrong}") from None

        def _places(self, template: str) -> Iterator[Path]:
            return (Path(folder) / template for folder in self.searchpath)

    class Bounded(SandboxedEnvironment):
        """A sandbox whose operators and methods make nothing large."""

        intercepted_binops = frozenset({"+", "*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if _size_after(operator, left, right) > (LARGEST_BITS if _are_whole(left, right) else LONGEST):
                raise _TooMuch(f"makes something too large with {operator}")
            return super().call_binop(context, operator, left, right)

        def call(__self, __context: Any, __called: Any, *args: Any, **named: Any) -> Any:  # noqa: N805 - as its parent
            if any(isinstance(value, int) and abs(value) > LONGEST for value in (*args, *named.values())):
                raise _TooMuch(f"gives a method a number over {LONGEST:,}")
            return super().call(__context, __called, *args, **named)

    # Instructions are no HTML: nothing is escaped.
    return Bounded(
        loader=Files([*folders, Path(__file__).parent / "prompts"], encoding="utf-8-sig"),
        undefined=StrictUndefined,
        autoescape=False,
        auto_reload=True,
        keep_trailing_newline=False,
    )


def _are_whole(*values: Any) -> bool:
    return all(isinstance(value, int) for value in values)


def _size_after(operator: str, left: Any, right: Any) -> int:
    """How many bits or entries an operator makes, roughly and never too few; 0 where that can't grow."""
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * max(right, 0) if operator == "**" else left.bit_length() + right.bit_length()
    if operator == "*":
        times, many = (left, right) if isinstance(left, int) else (right, left)
        return len(many) * max(times, 0) if isinstance(times, int) and hasattr(many, "__len__") else 0
    if operator == "+" and hasattr(left, "__len__") and hasattr(right, "__len__"):
        return len(left) + len(right)
    return 0
