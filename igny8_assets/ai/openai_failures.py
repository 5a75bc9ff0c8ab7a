"""What went wrong at a service that speaks the OpenAI API, told as one of the ways in which a provider may fail."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING

from igny8_assets.ai.provider import (
    BadAnswer,
    Busy,
    LimitRefused,
    Misconfigured,
    ProviderError,
    Rejected,
    SchemaRefused,
    Transient,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSING = frozenset({408, 409, 425})
BUSY = 429
LONGEST_RETRY_AFTER = 86_400.0
"""A service that wants to be left alone for longer than a day, in seconds, is asked after a day all the same."""
LIMITS = re.compile(r"max_(?:completion_)?tokens")
_NOT_KNOWN = r"(?:un(?:supported|known|recogni[sz]ed|expected)|extra|not (?:supported|permitted|allowed|recogni[sz]ed))"
UNKNOWN_LIMIT = re.compile(
    rf"{_NOT_KNOWN}.{{0,120}}{LIMITS.pattern}|(?:{LIMITS.pattern}).{{0,120}}{_NOT_KNOWN}", re.IGNORECASE | re.DOTALL
)
"""A service that does not know this parameter, not one to which its value is too large."""
BAD_GENERATION = "json_validate_failed"
"""Some services check an answer against its schema themselves, and say so with status 400."""
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


@dataclass(frozen=True)
class Refusal:
    """What a service said instead of an answer: the status, its own words, and what of its error has a name."""

    status: int
    said: str
    code: object = None
    kind: object = None
    param: object = None
    retry_after: float | None = None

    @classmethod
    def of(cls, status: int, body: object, headers: "Mapping[str, str]") -> "Refusal":
        """Read a body of any of the forms that compatible services have."""
        facts = _facts(body)
        named = (facts.get("code") or facts.get("status"), facts.get("type"), facts.get("param"))
        return cls(status, _said(body), *named, retry_after=retry_after(headers))

    @property
    def names(self) -> str:
        """Everything in which a name may stand."""
        return f"{self.code} {self.kind} {self.param} {self.said}"


def provider_error(error: Exception, service: Service) -> ProviderError:
    """The provider's failure that an exception of the `openai` package, or of its HTTP client, stands for."""
    from httpx2 import ConnectError, ConnectTimeout, HTTPError, InvalidURL, PoolTimeout, UnsupportedProtocol
    from httpx2 import TimeoutException as LateInClient
    from openai import APIConnectionError, APIResponseValidationError, APIStatusError, APITimeoutError

    if isinstance(error, APIStatusError):
        # The client takes the error out of its envelope only where that is a JSON object.
        return refused(Refusal.of(error.status_code, error.body, error.response.headers), service)
    cause = error.__cause__ if isinstance(error, APIConnectionError) else error
    unreached = isinstance(cause, ConnectError | ConnectTimeout | PoolTimeout)
    if isinstance(error, APITimeoutError | LateInClient | TimeoutError):
        late = f"{service.host} did not answer in time; IGNY8_AI_TIMEOUT_SECONDS sets how long to wait"
        return Transient(late, maybe_paid=not unreached)
    if isinstance(cause, InvalidURL | UnsupportedProtocol):
        return Misconfigured("the address of the service is not valid; set IGNY8_OPENAI_BASE_URL to http(s)://…")
    if isinstance(error, APIConnectionError | HTTPError | OSError):
        broken = f"the connection to {service.host} failed ({type(cause or error).__name__})"
        return Transient(broken, maybe_paid=not unreached)
    if isinstance(error, APIResponseValidationError | ValueError):
        return UnreadableAnswer(f"the answer of {service.host} can't be read ({type(error).__name__})")
    return Transient(f"the request to {service.host} failed ({type(error).__name__})", maybe_paid=True)


def names_the_schema(refusal: Refusal) -> bool:
    """Whether a service refused the request because it does not know, or can't use, the JSON schema."""
    if refusal.status not in {400, 422, 500, 501}:
        return False
    return bool(ABOUT_SCHEMA.search(f"{refusal.param} {refusal.said}")) and not REFUSED_CONTENT.search(refusal.names)


def retry_after(headers: "Mapping[str, str]") -> float | None:
    """The seconds after which a service wants to be asked again, if it said so as seconds or as an HTTP date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        told = headers.get(name, "").strip()
        try:
            seconds = float(told) * unit
        except ValueError:
            continue
        if isfinite(seconds):
            return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    # A date without a zone is read as UTC, the only zone that HTTP dates have.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_RETRY_AFTER)


def refused(refusal: Refusal, service: Service) -> ProviderError:
    """The provider's failure that a service's refusal stands for."""
    status, said = refusal.status, refusal.said
    told = f"{service.host} answered {status}" + (f": {service.clean(said)}" if said else "")
    if {refusal.code, refusal.kind} & NO_MONEY or status == 402:
        return Misconfigured(
            f"{told}; add credit there, or set IGNY8_OPENAI_API_KEY to the key of an account with some"
        )
    if refusal.code == BAD_GENERATION:
        return BadAnswer(told)
    if names_the_schema(refusal):
        return SchemaRefused(f"{told}; set {service.model_setting} to a model that can answer in JSON")
    if status == BUSY or (status >= 500 and refusal.retry_after is not None):
        return Busy(told, retry_after=refusal.retry_after)
    if status in PASSING or status >= 500:
        return Transient(told, retry_after=refusal.retry_after)
    if REFUSED_CONTENT.search(f"{refusal.code} {refusal.kind} {said}"):
        return Rejected(f"the service refused the content; {told}")
    if status in {400, 422} and UNKNOWN_LIMIT.search(refusal.names):
        return LimitRefused(f"{told}; set {service.model_setting} to a model whose answers can be bounded")
    remedy = _remedy(refusal, service)
    return Misconfigured(f"{told}; {remedy}") if remedy else Rejected(told)


def _remedy(refusal: Refusal, service: Service) -> str | None:
    """What a person has to set, if the fault is not with this one item."""
    status, said, param = refusal.status, refusal.said, refusal.param
    if status in {400, 403, 404, 422} and (param == "model" or UNKNOWN_MODEL.search(f"{refusal.code} {said}")):
        return f"set {service.model_setting} to a model of the service, not {service.model}"
    if status in {401, 403} or (status == 400 and re.search(r"api[ _-]?key", said, re.IGNORECASE)):
        return "set IGNY8_OPENAI_API_KEY to a key that the service accepts"
    if status in {404, 405, 410} or status < 400:
        return "set IGNY8_OPENAI_BASE_URL to the address of the API, mostly ending in /v1"
    if param in {"size", "quality"}:
        return f"set IGNY8_IMAGE_{param.upper()} to a value that {service.model} takes"
    if param == "temperature" or re.match(r"body\.temperature\b", said):
        return f"leave IGNY8_TEXT_TEMPERATURE empty, or set it to a value that {service.model} takes"
    if LIMITS.search(f"{param} {said}"):
        return f"set IGNY8_TEXT_MAX_TOKENS to a value that {service.model} takes"
    return None


def _facts(body: object) -> dict[str, object]:
    """The error in a body: bare, under `error`, or the first of a list of such."""
    while True:
        if isinstance(body, list):
            body = body[0] if body else None
        elif isinstance(body, dict) and isinstance(body.get("error"), dict | list):
            body = body["error"]
        else:
            return body if isinstance(body, dict) else {}


def _said(body: object) -> str:
    """The service's own words; nothing for a web page."""
    if isinstance(body, list) and not all(isinstance(part, dict) and "msg" in part for part in body):
        body = body[0] if body else None
    if isinstance(body, list):
        # As FastAPI lists what is wrong with the fields of a request.
        return "; ".join(f"{'.'.join(map(str, part.get('loc') or ()))}: {part['msg']}" for part in body)
    if isinstance(body, dict):
        return _said(body.get("message") or body.get("error") or body.get("detail"))
    text = body if isinstance(body, str) else ""
    return "" if text.lstrip().startswith("<") else text
