"""Every setting of an installation, from the environment (`IGNY8_…`) or a `.env` file."""

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv.parser import Binding, parse_stream
from pydantic import AfterValidator, Field, PositiveInt, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from igny8_assets.complaints import first_complaint, place_of
from igny8_assets.errors import UserError
from igny8_assets.vocabulary import KeywordModel

ENV_FILE = ".env"
ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put first."""
PREFIX = "IGNY8_"
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


def _is_size(value: str) -> str:
    if not re.fullmatch(r"\d{2,5}x\d{2,5}", value):
        raise ValueError("has to be a width and a height in pixels, written like 1536x1024")
    return value


class Settings(BaseSettings):
    """The settings; each field's environment variable is its name in capitals after `IGNY8_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_file_encoding=ENCODING, extra="ignore", frozen=True
    )

    home: Path = Field(
        Path(".igny8"), description="Folder of everything local: database, Dagster home, inbox, images, drafts, logs."
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL URL, e.g. postgresql+psycopg2://user@host/igny8; empty: SQLite under the home."
    )
    images_url: str | None = Field(
        None, description="Where images are kept: a folder or an object-store URL (s3://…); empty: images/ in the home."
    )
    provider: Literal["offline", "openai"] = Field("offline", description="Who writes: offline or openai.")
    openai_base_url: str = Field(
        "https://api.openai.com/v1", description="Address of any service that speaks the OpenAI API."
    )
    openai_api_key: SecretStr | None = Field(None, description="Key of that service; never logged or stored.")
    text_model: str = Field(
        "gpt-5.4-mini", description="Model that names clusters and writes ideas, drafts and prompts."
    )
    text_models: Annotated[dict[str, str], NoDecode] = Field(
        {},
        description='Other models for some functions (`igny8 prompts list`), as JSON: {"generate_ideas": "gpt-5.4"}.',
    )
    text_temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = Field(
        None, description="How freely the text model writes, 0 to 2; empty: as the service has it."
    )
    text_max_tokens: Annotated[int, Field(ge=64, le=1_000_000)] | None = Field(
        None, description="Longest answer of the text model in tokens; empty: as the service has it."
    )
    schema_dialect: Literal["auto", "full", "strict", "json_object", "none"] = Field(
        "auto", description="How the form of an answer is told; auto: full, and less binding where that is refused."
    )
    image_model: str = Field("gpt-image-2.5-flare", description="Model that makes images.")
    image_size: Annotated[str, AfterValidator(_is_size)] = Field(
        "1536x1024", description="Size asked of the image model, WIDTHxHEIGHT; cropped to 16:9."
    )
    image_quality: Literal["standard", "high"] = Field("standard", description="Quality asked, and priced by.")
    embedding_model: str | None = Field(
        None, description="Model of the service that says which keywords are alike; empty: one on this machine."
    )
    keyword_model: KeywordModel = Field(
        KeywordModel.WORDLLAMA,
        description="That model on this machine: wordllama, minilm (better, slower, installed apart), or auto.",
    )
    prices: Path | None = Field(
        None, description="File with prices of models, over those of ai/prices.yaml; empty: those alone."
    )
    ai_concurrency: Annotated[int, Field(ge=1, le=1000)] = Field(
        8, description="Requests at a service at once, in the whole installation."
    )
    ai_requests_per_minute: PositiveInt | None = Field(
        None, description="Most requests in any minute, in the whole installation; empty: no limit."
    )
    ai_tokens_per_minute: PositiveInt | None = Field(
        None, description="Most tokens in any minute, in the whole installation; empty: no limit."
    )
    ai_timeout_seconds: Seconds = Field(120.0, description="Longest wait for one answer.")
    ai_attempts: Annotated[int, Field(ge=1, le=10)] = Field(4, description="Requests per item before it is left.")
    ai_busy_seconds: Seconds = Field(600.0, description="Longest wait of an item for a service that is too busy.")
    ai_retry_seconds: Seconds = Field(1.0, description="First pause before a request is repeated; doubles.")
    lease_seconds: Seconds = Field(60.0, description="How long a site stays reserved for a silent run.")
    stop_grace_seconds: Seconds = Field(30.0, description="How long a stop waits for what is in flight.")
    inbox_settle_seconds: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] = Field(
        5.0, description="A file in the inbox is read once it has been unchanged for so long."
    )
    due_sites_per_tick: Annotated[int, Field(ge=1, le=1000)] = Field(
        20, description="Most sites that the schedule starts in one minute; the others follow, the oldest first."
    )
    log_megabytes: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = Field(
        20.0, description="A log file that grows larger is rotated; three earlier parts are kept."
    )
    log_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        90, description="How long logs of runs and sent notices are kept; a site's latest run always."
    )
    event_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        90, description="How long Dagster keeps the events of a run; what a site's assets show now always."
    )
    smtp_host: str | None = Field(None, description="Mail server that sends notices; empty: none are mailed.")
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = Field(587, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is encrypted: starttls, tls (from the start) or none."
    )
    smtp_user: str | None = Field(None, description="User at the mail server; empty: no login.")
    smtp_password: SecretStr | None = Field(None, description="Password of that user; never logged or stored.")
    smtp_from: str | None = Field(None, description="Address from which notices are mailed.")
    notice_attempts: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="How often a notice is tried before it is dead; `igny8 notices list` shows those."
    )
    notice_retry_seconds: Seconds = Field(
        30.0, description="First pause before a notice is tried again; doubles up to an hour."
    )
    ui_url: str | None = Field(
        None, description="Address under which people reach the Dagster UI, for links; empty: this machine's."
    )
    ui_port: Annotated[int, Field(ge=1, le=65535)] = Field(3000, description="Port of the Dagster UI.")
    web_host: str = Field("127.0.0.1", description="Address on which the page and the API listen.")
    web_port: Annotated[int, Field(ge=1, le=65535)] = Field(8080, description="Their port.")
    web_requests_per_minute: PositiveInt = Field(600, description="Most requests of one key to the API in a minute.")
    web_upload_megabytes: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = Field(
        100.0, description="Largest upload to the page and the API."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any, info: ValidationInfo) -> Any:
        """A name without a value says none where a setting may be that."""
        return None if value == "" and may_be_empty(info.field_name or "") else value

    @field_validator("text_models", mode="before")
    @classmethod
    def _read_json(cls, value: Any) -> Any:
        """What is no JSON is left to the check of its form."""
        try:
            return json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            return value

    @property
    def folder(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def dagster_home(self) -> Path:
        """The folder that `DAGSTER_HOME` names."""
        return self.folder / "dagster"

    @property
    def inbox(self) -> Path:
        """The folder with one folder of keyword exports per site."""
        return self.folder / "inbox"

    @property
    def drafts(self) -> Path:
        """The folder to which drafts are exported."""
        return self.folder / "drafts"

    @property
    def logs(self) -> Path:
        """The folder with one log file per run."""
        return self.folder / "logs"

    @property
    def log_bytes(self) -> int:
        """The size beyond which a log file is rotated."""
        return round(self.log_megabytes * 1_000_000)

    @property
    def web_upload_bytes(self) -> int:
        """The size beyond which an upload is refused."""
        return round(self.web_upload_megabytes * 1_000_000)

    @property
    def images(self) -> str:
        """The folder or URL where images are kept."""
        return self.images_url or str(self.folder / "images")

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the database, its password included."""
        if self.database_url is None or not self.database_url.get_secret_value():
            return f"sqlite:///{self.folder / 'igny8.db'}"
        url = self.database_url.get_secret_value()
        if url.startswith("sqlite"):
            raise UserError("IGNY8_DATABASE_URL is for PostgreSQL; leave it empty for SQLite, which lies in IGNY8_HOME")
        for prefix in ("postgres://", "postgresql://"):
            # A bare scheme means psycopg 3 to SQLAlchemy 2.1, which dagster-postgres does not use.
            if url.startswith(prefix):
                return "postgresql+psycopg2://" + url.removeprefix(prefix)
        return url


def may_be_empty(name: str) -> bool:
    """Whether a setting may have no value."""
    field = Settings.model_fields.get(name)
    return field is not None and field.default is None


def read_lines(path: Path) -> dict[str, tuple[int, str | None]]:
    """The names in a file of settings, each with the number of its line and its value, None where there is no `=`.

    Raises:
        UserError: it can't be read, or a line of it can't; says which.
    """
    try:
        with path.open(encoding=ENCODING) as file:
            lines = list(parse_stream(file))
    except (UnicodeDecodeError, OSError):
        raise UserError(f"{path} can't be read; save it as a file of UTF-8 text") from None
    for line in lines:
        if line.error:
            raise UserError(f"line {_number(line)} of {path} can't be read; write it like NAME=value")
    return {line.key: (_number(line), line.value) for line in lines if line.key is not None}


def _number(line: Binding) -> int:
    """The number of a line: blank ones that stand before it are taken for its beginning."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def complaint_of(error: ValidationError) -> str:
    """The first setting that is wrong, and what is wrong with it."""
    location, words = first_complaint(error)
    name = PREFIX + str(location[0]).upper()
    return f"{place_of(location[1:])} of {name} {words}" if location[1:] else f"{name} {words}"


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        UserError: a value is not allowed, or .env names a setting that does not exist; says which and why.
    """
    try:
        _refuse_odd_lines()
        return Settings()
    except (UnicodeDecodeError, OSError):
        raise UserError("the file .env in this folder can't be read; save it as UTF-8 text") from None
    except ValidationError as error:
        raise UserError(f"{complaint_of(error)}; mend it in the environment or in .env") from None


def _refuse_odd_lines() -> None:
    """A line of .env that is misspelt would silently leave its setting as it is."""
    path = Path(ENV_FILE)
    if not path.is_file():
        return
    for name, (number, value) in read_lines(path).items():
        if not name.upper().startswith(PREFIX):
            continue
        if name[len(PREFIX) :].lower() not in Settings.model_fields:
            raise UserError(f"{ENV_FILE}: there is no setting {name}; the README's table has them all")
        if value is None:
            raise UserError(f"line {number} of {ENV_FILE} can't be read; write it like {name}=value")
