"""What went wrong at a service that speaks the OpenAI API, told as one of the ways in which a provider may fail."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING

from igny8_assets.ai.provider import (
    Busy,
    Misconfigured,
    ProviderError,
    Rejected,
    SchemaRefused,
    Transient,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import APIStatusError

PASSING = frozenset({408, 409, 425})
BUSY = 429
REFUSED_CONTENT = re.compile(r"content[ _-]?(policy|filter|management)|safety system|moderation|flagged", re.IGNORECASE)
UNKNOWN_MODEL = re.compile(
    r"model_not_found|(invalid|unknown) model|model\b.{0,80}\b(not (found|exist|available|loaded)|does not exist)",
    re.IGNORECASE | re.DOTALL,
)
NO_MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
ABOUT_SCHEMA = re.compile(
    r"response_format|json_?schema|structured outputs?|\bgrammar\b|\b(invalid|unsupported) schema\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Service:
    """Where a request went, as far as a message may say it; `key` is blacked out of all that comes back."""

    host: str
    model: str
    model_setting: str
    key: str = field(repr=False)

    def clean(self, text: str) -> str:
        """One line of at most 300 characters, without keys."""
        if self.key:
            text = text.replace(self.key, "***")
        text = re.sub(r"\b(sk-|Bearer )[\w*.-]+", r"\1***", text)
        line = " ".join(text.split())
        return line if len(line) <= 300 else line[:299] + "…"


def provider_error(error: Exception, service: Service) -> ProviderError:
    """The provider's failure that an exception of the `openai` package, or of its HTTP client, stands for."""
    from httpx2 import ConnectError, HTTPError, InvalidURL, TimeoutException, UnsupportedProtocol
    from openai import APIConnectionError, APIResponseValidationError, APIStatusError, APITimeoutError

    if isinstance(error, APIStatusError):
        return _by_status(error, service)
    if isinstance(error, APITimeoutError | TimeoutException | TimeoutError):
        late = f"{service.host} did not answer in time; IGNY8_AI_TIMEOUT_SECONDS sets how long to wait"
        return Transient(late, maybe_paid=True)
    cause = error.__cause__ if isinstance(error, APIConnectionError) else error
    if isinstance(cause, InvalidURL | UnsupportedProtocol):
        return Misconfigured("the address of the service is not valid; set IGNY8_OPENAI_BASE_URL to http(s)://…")
    if isinstance(error, APIConnectionError | HTTPError | OSError):
        reached = not isinstance(cause, ConnectError)
        broken = f"the connection to {service.host} failed ({type(cause or error).__name__})"
        return Transient(broken, maybe_paid=reached)
    if isinstance(error, APIResponseValidationError | ValueError):
        return UnreadableAnswer(f"the answer of {service.host} can't be read ({type(error).__name__})")
    return Transient(f"the request to {service.host} failed ({type(error).__name__})", maybe_paid=True)


def names_the_schema(error: "APIStatusError") -> bool:
    """Whether a service refused the request because it does not know, or can't use, the JSON schema."""
    if error.status_code not in {400, 422, 500, 501}:
        return False
    text = f"{error.param} {_said(error)}"
    return bool(ABOUT_SCHEMA.search(text)) and not REFUSED_CONTENT.search(f"{error.code} {text}")


def retry_after(headers: "Mapping[str, str]") -> float | None:
    """The seconds after which a service wants to be asked again, if it said so as seconds or as an HTTP date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        told = headers.get(name, "").strip()
        try:
            seconds = float(told) * unit
        except ValueError:
            continue
        if isfinite(seconds):
            return max(seconds, 0.0)
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    # A date without a zone is read as UTC, the only zone that HTTP dates have.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _by_status(error: "APIStatusError", service: Service) -> ProviderError:
    status, said = error.status_code, _said(error)
    told = f"{service.host} answered {status}" + (f": {service.clean(said)}" if said else "")
    if {error.code, error.type} & NO_MONEY or status == 402:
        return Misconfigured(
            f"{told}; add credit there, or set IGNY8_OPENAI_API_KEY to the key of an account with some"
        )
    if names_the_schema(error):
        return SchemaRefused(f"{told}; set {service.model_setting} to a model that can answer in JSON")
    if status == BUSY:
        return Busy(told, retry_after=retry_after(error.response.headers))
    if status in PASSING or status >= 500:
        return Transient(told, retry_after=retry_after(error.response.headers))
    if REFUSED_CONTENT.search(f"{error.code} {error.type} {said}"):
        return Rejected(f"the service refused the content; {told}")
    remedy = _remedy(error, service)
    return Misconfigured(f"{told}; {remedy}") if remedy else Rejected(told)


def _remedy(error: "APIStatusError", service: Service) -> str | None:
    """What a person has to set, if the fault is not with this one item."""
    status, said = error.status_code, _said(error)
    if status in {400, 403, 404, 422} and (error.param == "model" or UNKNOWN_MODEL.search(f"{error.code} {said}")):
        return f"set {service.model_setting} to a model of the service, not {service.model}"
    if status in {401, 403} or (status == 400 and re.search(r"api[ _-]?key", said, re.IGNORECASE)):
        return "set IGNY8_OPENAI_API_KEY to a key that the service accepts"
    if status in {404, 405, 410} or status < 400:
        return "set IGNY8_OPENAI_BASE_URL to the address of the API, mostly ending in /v1"
    if error.param in {"size", "quality"}:
        return f"set IGNY8_IMAGE_{error.param.upper()} to a value that {service.model} takes"
    if error.param in {"temperature", "max_completion_tokens"}:
        setting = {"temperature": "TEMPERATURE", "max_completion_tokens": "MAX_TOKENS"}[error.param]
        return f"leave IGNY8_TEXT_{setting} empty, or set it to a value that {service.model} takes"
    return None


def _said(error: "APIStatusError") -> str:
    """The service's own words; nothing for a web page."""
    body: object = error.body
    while isinstance(body, dict):
        body = body.get("message") or body.get("error") or body.get("detail")
    text = body if isinstance(body, str) else ""
    return "" if text.lstrip().startswith("<") else text
