"""The instructions that are sent as system messages: Markdown files, rendered by Jinja, that a site may have otherwise.

A function's file is looked for in the site's `prompts/`, then in the home's, then in this package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.templates import read_template, render
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
from igny8_assets.site_settings import site_folder
from igny8_assets.vocabulary import ContentStructure, ContentType

FOLDER = "prompts"
LARGEST_VERSION = 1_000_000


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
        # Sites without prompts of their own share what is compiled.
        self._folders, self._values = tuple(folder for folder in folders if folder.is_dir()), dict(values or {})
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
            UserError: a file of one's own has no front matter with a whole `version` and a `description`, can't be
                rendered within bounds, or says nothing; says which and where.
        """
        if function not in self._read:
            self._read[function] = self._load(function)
        return self._read[function]

    def load_own(self) -> None:
        """Read and render every file of one's own that is a function's, so that a mistake is found before it is sent.

        Raises:
            UserError: as `load`.
        """
        for folder in self._folders:
            for function in FUNCTIONS:
                if (folder / f"{function}.md").is_file():
                    self.load(function)

    def strangers(self) -> list[Path]:
        """Files of one's own that nothing reads: they bear no function's name, and no `_` as shared parts do."""
        return [
            path
            for folder in self._folders
            if folder.is_dir()
            for path in sorted(folder.iterdir())
            if not path.name.startswith(("_", ".")) and path.name not in {f"{function}.md" for function in FUNCTIONS}
        ]

    def _load(self, function: str) -> Prompt:
        from hashlib import sha256

        text, path = read_template(self._folders, f"{function}.md")
        version, description, body = _parts(text, str(path))
        values: dict[str, Any] = {
            "function": function,
            "language": "en",
            "content_types": [one.value for one in ContentType],
            "content_structures": [one.value for one in ContentStructure],
            **self._values,
        }
        system = render(self._folders, body, path, values)
        return Prompt(function, version, description, system, sha256(system.encode()).hexdigest(), str(path))


def _parts(text: str, place: str) -> tuple[int, str, str]:
    """Version, description and body; the body has as many lines before it as the front matter takes."""
    from yaml import YAMLError, safe_load

    opening, _, rest = text.partition("---\n")
    header, closing, body = rest.partition("\n---\n")
    try:
        facts = safe_load(header) if closing and not opening else None
    except (YAMLError, ValueError, RecursionError):
        facts = None
    match facts:
        case {"version": version, "description": str(description)}:
            if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= LARGEST_VERSION:
                raise UserError(f"{place}: `version` has to be a whole number from 1 to {LARGEST_VERSION:,}")
            return version, description, "\n" * text.count("\n", 0, len(text) - len(body)) + body
    raise UserError(
        f"{place} has to begin with `---`, a line `version: 1` (a whole number), a line `description: …`, and `---`"
    )
