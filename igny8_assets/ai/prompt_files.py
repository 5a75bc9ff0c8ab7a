"""The instructions that are sent as system messages: Markdown files, rendered by Jinja, that a site may have otherwise.

A function's file is looked for in the site's `prompts/`, then in the home's, then in this package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
from igny8_assets.site_settings import site_folder
from igny8_assets.vocabulary import ContentStructure, ContentType

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "prompts"


@dataclass(frozen=True)
class Prompt:
    """A function's instructions, rendered.

    `version` is the file's own; `sha256` (hex) is that of `system`, so that a changed text is a new question even if
    its version was not raised. `source` is the file that they came from.
    """

    function: str
    version: int
    description: str
    system: str
    sha256: str
    source: str


class Prompts:
    """The prompts of a site, or of an installation.

    Args:
        folders: where files of one's own are, the first go first.
        values: what a template may name.
    """

    def __init__(self, folders: Sequence[Path] = (), values: Mapping[str, str] | None = None) -> None:
        self._folders, self._values = tuple(folders), dict(values or {})
        self._read: dict[str, Prompt] = {}

    @classmethod
    def of_site(cls, settings: Settings, slug: str, language: str) -> "Prompts":
        """The prompts of a site, rendered in templates with its `language`."""
        return cls((site_folder(settings, slug) / FOLDER, settings.folder / FOLDER), {"language": language})

    def load(self, function: str) -> Prompt:
        """Read and render the instructions of a function.

        Args:
            function: a name in `igny8_assets.ai.functions.FUNCTIONS`.

        Raises:
            UserError: a file of one's own has no front matter with a whole `version` and a `description`, or can't be
                rendered; says which and where.
        """
        if function not in self._read:
            self._read[function] = self._load(function)
        return self._read[function]

    def _load(self, function: str) -> Prompt:
        from hashlib import sha256

        from jinja2 import TemplateError, TemplateSyntaxError

        environment = _environment(self._folders)
        try:
            text, path, _ = environment.loader.get_source(environment, f"{function}.md")  # type: ignore[union-attr]
            version, description, body = _parts(text, str(path))
            values: dict[str, Any] = {
                "function": function,
                "language": "en",
                "content_types": [one.value for one in ContentType],
                "content_structures": [one.value for one in ContentStructure],
                **self._values,
            }
            system = environment.from_string(body).render(values).strip()
        except UnicodeDecodeError:
            raise UserError(f"a prompt for {function} is not UTF-8 text") from None
        except TemplateSyntaxError as error:
            place = f"{error.filename or path}, line {error.lineno}"
            raise UserError(f"{place}: the template can't be read: {error.message}") from None
        except TemplateError as error:
            raise UserError(f"{path}: the template can't be rendered: {error.message}") from None
        return Prompt(function, version, description, system, sha256(system.encode()).hexdigest(), str(path))


def _parts(text: str, place: str) -> tuple[int, str, str]:
    from yaml import YAMLError, safe_load

    opening, _, rest = text.partition("---\n")
    header, closing, body = rest.partition("\n---\n")
    try:
        facts = safe_load(header) if closing and not opening else None
    except YAMLError:
        facts = None
    match facts:
        case {"version": int(version), "description": str(description)}:
            return version, description, body
    raise UserError(
        f"{place} has to begin with `---`, a line `version: 1` (a whole number), a line `description: …`, and `---`"
    )


@cache
def _environment(folders: tuple[Path, ...]) -> "Environment":
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    # Instructions are no HTML: nothing is escaped.
    return SandboxedEnvironment(
        loader=FileSystemLoader([*folders, Path(__file__).parent / FOLDER]),
        undefined=StrictUndefined,
        autoescape=False,
        auto_reload=True,
        keep_trailing_newline=False,
    )
