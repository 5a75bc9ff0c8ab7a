"""Faults that the test server makes when told, one per request, in the order of its queue."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """What to do with the next request, or with the next one of `function` only.

    `kind` is one of: `status` (answer `status` with `body` and `headers`), `hang` (say nothing until the server stops),
    `closed` (close the connection unanswered), `half` (close it in the middle of the answer), `invalid_json` (broken
    body), `web_page` (HTML), `content` (the model says `text`), `refusal`, `content_filter`, `length`,
    `empty_choices`, `no_content`, `other_items` (a valid answer about other ids or roles), `slow` (a whole answer after
    `seconds`), and for pictures `no_picture`, `bad_base64`, `picture_gone` (its address answers 404), `large_picture`
    (its address sends `seconds` MB).
    """

    kind: str
    function: str | None = None
    status: int = 500
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    seconds: float = 0.0


def status(answered: int, message: str = "no", /, *, headers: dict[str, str] | None = None, **facts: object) -> Fault:
    """An error with the body that the OpenAI API gives; `facts` are its `code`, `param` and `type`."""
    error = {"message": message, "type": None, "param": None, "code": None, **facts}
    return Fault("status", status=answered, body={"error": error}, headers=headers or {})


EVERY_KIND = (
    status(429, "Rate limit reached", headers={"Retry-After": "1"}, code="rate_limit_exceeded"),
    status(500),
    Fault("hang"),
    Fault("closed"),
    Fault("half"),
    Fault("invalid_json"),
    Fault("content", text="Of course! Here you are."),
    Fault("content", text='{"surprise": []}'),
    Fault("refusal"),
    Fault("content_filter"),
    Fault("empty_choices"),
    Fault("other_items"),
    status(400, "Invalid schema for response_format: 'maxLength' is not permitted.", param="response_format"),
)
"""What services do wrong, one of each kind."""
