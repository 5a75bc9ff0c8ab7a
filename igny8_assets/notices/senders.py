"""Sending one message: by SMTP, to a Slack webhook, or to any receiver as a signed webhook.

What goes wrong is told without the address, which may be a secret.
"""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import TYPE_CHECKING

from igny8_assets.notices.channels import SECRET_PREFIX
from igny8_assets.notices.wording import in_words
from igny8_assets.settings import Settings
from igny8_assets.store.models import ChannelKind, Notice, utc_now

if TYPE_CHECKING:
    import requests

TIMEOUT_SECONDS = 10.0
LONGEST_RETRY_AFTER = 3600.0


class NotDelivered(Exception):
    """A receiver did not take a message; `retry_after` is how many seconds it asked to be left alone."""

    def __init__(self, reason: str, *, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def send(notice: Notice, settings: Settings) -> None:
    """Send a message to its channel.

    Raises:
        NotDelivered: says why.
    """
    {ChannelKind.EMAIL: _mail, ChannelKind.SLACK: _to_slack, ChannelKind.WEBHOOK: _to_webhook}[notice.channel.kind](
        notice, settings
    )


def _mail(notice: Notice, settings: Settings) -> None:
    if not settings.smtp_host or not settings.smtp_from:
        raise NotDelivered("IGNY8_SMTP_HOST or IGNY8_SMTP_FROM is not set")
    words = in_words(notice, settings)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.smtp_from, notice.channel.target, words.subject
    message["Date"] = notice.created_at
    # The same at every attempt: a mailbox shows a message that comes twice once.
    message["Message-ID"] = f"<{notice.public_id}@{settings.smtp_from.rpartition('@')[2].strip('<> ') or 'igny8'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text)
    try:
        with _smtp(settings) as server:
            if settings.smtp_user:
                password = settings.smtp_password
                server.login(settings.smtp_user, "" if password is None else password.get_secret_value())
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise NotDelivered(f"the mail server said {error.smtp_code}: {said}") from None
    except smtplib.SMTPRecipientsRefused as error:
        code, said_to = next(iter(error.recipients.values()))
        raise NotDelivered(f"the mail server said {code}: {said_to.decode(errors='replace')}") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotDelivered(f"the mail server could not be used: {_cause(error)}") from None


def _smtp(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host or "", settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _to_slack(notice: Notice, settings: Settings) -> None:
    words = in_words(notice, settings)
    _post(notice, json.dumps({"text": f"*{words.subject}*\n{words.text}"}).encode(), {})


def _to_webhook(notice: Notice, settings: Settings) -> None:
    words = in_words(notice, settings)
    body = json.dumps(
        {
            "type": notice.event.value,
            "timestamp": notice.created_at.isoformat(),
            "data": {**notice.facts, "subject": words.subject},
        },
        ensure_ascii=False,
    ).encode()
    moment = str(int(utc_now().timestamp()))
    _post(
        notice,
        body,
        {
            "webhook-id": notice.public_id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(notice.channel.secret or "", notice.public_id, moment, body),
        },
    )


def signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    """What a receiver checks.

    Source: Standard Webhooks (standardwebhooks.com), symmetric scheme v1: HMAC-SHA256 over `id.timestamp.body`.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _post(notice: Notice, body: bytes, headers: Mapping[str, str]) -> None:
    import requests

    told = {"Content-Type": "application/json", "User-Agent": "igny8", "Idempotency-Key": notice.public_id, **headers}
    try:
        # A receiver that has moved must be told to us: a redirected POST may arrive as something else.
        answer = requests.post(
            notice.channel.target, data=body, headers=told, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        )
    except requests.RequestException as error:
        raise NotDelivered(f"the receiver could not be reached: {_cause(error)}") from None
    with answer:
        if not 200 <= answer.status_code < 300:
            raise NotDelivered(f"the receiver answered {answer.status_code}", retry_after=_retry_after(answer))


def _retry_after(answer: "requests.Response") -> float:
    wanted = answer.headers.get("Retry-After", "")
    return min(float(wanted), LONGEST_RETRY_AFTER) if wanted.isdigit() else 0.0


def _cause(error: BaseException) -> str:
    """The name of what lies beneath: the sentence itself may hold the address."""
    reason = error
    while (inner := getattr(reason, "reason", None) or reason.__cause__ or reason.__context__) is not None:
        if not isinstance(inner, BaseException) or inner is reason:
            break
        reason = inner
    return type(reason).__name__
