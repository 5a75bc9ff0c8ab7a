"""What a site has of its own: a file of settings under the home, over those of the installation.

Keys stay in files and the environment; the database never holds one.
"""

import json
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from igny8_assets.errors import UserError
from igny8_assets.settings import ENCODING, PREFIX, Settings

OVERRIDABLE = frozenset(
    {
        "provider",
        "openai_base_url",
        "openai_api_key",
        "text_model",
        "text_models",
        "text_temperature",
        "text_max_tokens",
        "schema_dialect",
        "embedding_model",
        "image_model",
        "image_size",
        "image_quality",
        "prices",
        "ai_timeout_seconds",
        "ai_attempts",
        "ai_busy_seconds",
        "ai_retry_seconds",
    }
)
"""What one site may have otherwise: who answers, how, and at which price."""


def site_folder(settings: Settings, slug: str) -> Path:
    """The folder of what a site has of its own: `settings.env` and `prompts/`."""
    return settings.folder / "sites" / slug


def for_site(settings: Settings, slug: str) -> Settings:
    """The settings as they are for a site: `sites/SLUG/settings.env` in the home, with lines as in `.env`, goes first.

    Raises:
        UserError: the file can't be read, or has a line that is no setting that a site may have; says which.
    """
    path = site_folder(settings, slug) / "settings.env"
    if not path.is_file():
        return settings
    try:
        lines = dotenv_values(path, encoding=ENCODING, interpolate=False)
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} can't be read; save it as UTF-8 text") from None
    given = {name: value for name, value in lines.items() if value}
    fields: dict[str, Any] = {}
    for name, value in given.items():
        field = name.upper().removeprefix(PREFIX).lower()
        if not name.upper().startswith(PREFIX) or field not in OVERRIDABLE:
            allowed = ", ".join(PREFIX + one.upper() for one in sorted(OVERRIDABLE))
            raise UserError(f"{path}: {name} is not a setting that a site may have of its own; those are {allowed}")
        fields[field] = _read(value) if field == "text_models" else value
    try:
        # What is given here goes before the environment.
        return Settings(**{**settings.model_dump(), **fields})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise UserError(f"{path}: {name}: {first['msg']}") from None


def _read(value: str) -> Any:
    """The value of a setting that is written as JSON; what is none is left to the check."""
    try:
        return json.loads(value)
    except ValueError:
        return value
