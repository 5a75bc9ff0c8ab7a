"""The instructions that are sent as system messages, read from the files in `prompts/`."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Prompt:
    """A function's instructions; `version` is raised with every change of `system`, whose hash is `sha256` (hex)."""

    function: str
    version: int
    description: str
    system: str
    sha256: str


@cache
def load_prompt(function: str) -> Prompt:
    """Read the instructions of a function, from a checkout or an installed wheel.

    Args:
        function: a name in `igny8_assets.ai.functions.FUNCTIONS`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file has no front matter with a whole `version` and a `description`.
    """
    from hashlib import sha256
    from importlib.resources import files

    from yaml import safe_load

    text = files("igny8_assets.ai.prompts").joinpath(f"{function}.md").read_text(encoding="utf-8")
    opening, _, rest = text.partition("---\n")
    header, closing, body = rest.partition("\n---\n")
    facts = safe_load(header) if closing and not opening else None
    match facts:
        case {"version": int(version), "description": str(description)}:
            system = body.strip()
            return Prompt(function, version, description, system, sha256(system.encode()).hexdigest())
    raise ValueError(f"prompts/{function}.md needs front matter with `version` (an integer) and `description`")
