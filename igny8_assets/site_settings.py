"""What a site has of its own: a file of settings under the home, over those of the installation.

Keys stay in files and the environment; the database never holds one.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from igny8_assets.errors import UserError
from igny8_assets.settings import PREFIX, Settings, complaint_of, may_be_empty, read_lines

PORTS = {"http": 80, "https": 443}
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
        "keyword_model",
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

    The installation's key goes to the installation's service alone: a site that names another and no key has none.

    Raises:
        UserError: the file can't be read, or has a line that is no setting that a site may have; says which.
    """
    path = site_folder(settings, slug) / "settings.env"
    if path.is_dir():
        raise UserError(f"{path} is a folder; it has to be a file with lines like IGNY8_TEXT_MODEL=name")
    if not path.is_file():
        return settings
    fields: dict[str, Any] = {}
    for name, (number, value) in read_lines(path).items():
        field = name.upper().removeprefix(PREFIX).lower()
        if not name.upper().startswith(PREFIX) or field not in OVERRIDABLE:
            allowed = ", ".join(PREFIX + one.upper() for one in sorted(OVERRIDABLE))
            raise UserError(f"{path}: {name} is not a setting that a site may have of its own; those are {allowed}")
        if value is None or not (value or may_be_empty(field)):
            raise UserError(f"line {number} of {path}: {name} has no value; write {name}=value, or leave it out")
        fields[field] = value
    address = fields.get("openai_base_url", settings.openai_base_url)
    if address != settings.openai_base_url and _origin(address) != _origin(settings.openai_base_url):
        fields.setdefault("openai_api_key", None)
    try:
        # What is given here goes before the environment.
        return Settings(**{**settings.model_dump(), **fields})
    except ValidationError as error:
        raise UserError(f"{path}: {complaint_of(error)}") from None


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    """Whom a key is sent to: scheme, host and port; None where that can't be read."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
