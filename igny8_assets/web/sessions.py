"""Who is logged in to the page: a signed cookie that names a login, and a token that each change has to show."""

import os
import secrets
from contextlib import suppress
from tempfile import mkstemp
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from igny8_assets.automation.keys import digest_of, find_key
from igny8_assets.automation.logins import add_login, end_login
from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
from igny8_assets.web.callers import Caller, caller_of_login

COOKIE = "igny8_session"
TOKEN_HEADER, TOKEN_FIELD = "X-CSRF-Token", "csrf"
_LOGIN, _TOKEN = "login", "csrf"


class NotLoggedIn(Exception):
    """The page was asked for by someone whose login is over, or who never had one."""


def session_secret(settings: Settings) -> str:
    """What cookies are signed with: made once, kept in the home, readable by its owner alone."""
    path = settings.folder / "session.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # mkstemp makes a file that its owner alone can read; a link is there whole or not at all.
        handle, made = mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(made, path)
        os.unlink(made)  # noqa: PTH108
    return path.read_text(encoding="ascii")


def token_of(request: Request) -> str:
    """The token of this session, made when there is none yet."""
    token: str = request.session.setdefault(_TOKEN, secrets.token_urlsafe(24))
    return token


def log_in(request: Request, secret: str) -> bool:
    """Log whoever shows this key in; says whether it is one."""
    with request.app.state.store.read() as session:
        key = find_key(session, secret.strip())
    if key is None:
        return False
    # A token that was known before the login is not worth anything after it.
    log_out(request)
    with request.app.state.store.write() as session:
        request.session[_LOGIN] = add_login(session, key)
    token_of(request)
    return True


def log_out(request: Request) -> None:
    """End this session: neither its cookie nor its token, kept by whomever, is worth anything after it."""
    login = request.session.get(_LOGIN)
    if login is not None:
        with request.app.state.store.write() as session:
            end_login(session, str(login))
    request.session.clear()


def login_of(request: Request) -> str:
    """The digest by which this session's login is kept."""
    return digest_of(str(request.session.get(_LOGIN, "")))


async def checked_token(request: Request) -> None:
    """Refuse a change that was not sent from a page of this session.

    Raises:
        UserError: 403, the token is missing or another's, or the request comes from another site.
    """
    if request.method in ("GET", "HEAD"):
        return
    shown = request.headers.get(TOKEN_HEADER, "")
    # Of a form with a file nothing is read before its sender is known.
    if not shown and not request.headers.get("Content-Type", "").startswith("multipart/"):
        shown = str((await request.form()).get(TOKEN_FIELD, ""))
    own = request.session.get(_TOKEN, "")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if foreign or not own or not secrets.compare_digest(shown.encode(), own.encode()):
        raise UserError("this page is out of date; load it again", code="stale_page", status=403)


async def visitor(request: Request) -> Caller:
    """Who is logged in.

    Raises:
        NotLoggedIn: nobody, the login is over, or the key was revoked.
        UserError: 429, with this key too much was asked.
    """

    def find(login: str) -> Caller | None:
        with request.app.state.store.read() as session:
            return caller_of_login(session, login)

    login = request.session.get(_LOGIN)
    found = None if login is None else await run_in_threadpool(find, str(login))
    if found is None:
        raise NotLoggedIn
    wait = request.app.state.rate_limit.wait(f"key {found.key_id}") if found.is_limited else 0
    if wait:
        raise UserError(f"this was asked too often; wait {wait} seconds", code="too_many_requests", status=429)
    return found


Visitor = Annotated[Caller, Depends(visitor)]
