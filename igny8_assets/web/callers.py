"""Who makes a request, what they may see, and the transactions in which they see or change it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.automation.keys import covers, find_key
from igny8_assets.automation.logins import key_of_login
from igny8_assets.automation.runs import find_run
from igny8_assets.errors import NotFound, UserError
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, ApiKey, AutomationRun, KeyRole, Site
from igny8_assets.web.shared_readings import SharedReadings

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Who shows a key; `sites` are the ids of the only sites that it is for, none of them meaning all."""

    key_id: int
    account_id: int
    label: str
    role: KeyRole
    sites: frozenset[int]
    is_limited: bool

    def may(self, role: KeyRole) -> bool:
        """Whether the caller may do what this role may."""
        return covers(self.role, role)

    def require(self, role: KeyRole) -> None:
        """Refuse who may not do what this role may.

        Raises:
            UserError: 403, says which role is needed.
        """
        if not self.may(role):
            raise UserError(
                f"this needs the role {role.value}, and the key's role is {self.role.value}",
                code="forbidden",
                status=403,
            )

    def sees(self, site: Site) -> bool:
        """Whether a site exists as far as the caller is concerned."""
        return site.account_id == self.account_id and (not self.sites or site.id in self.sites)


def caller_of(session: Session, secret: str) -> Caller | None:
    """Who shows this key, unless it is none or was revoked."""
    row = find_key(session, secret)
    return None if row is None else _as_caller(row)


def caller_of_login(session: Session, token: str) -> Caller | None:
    """Who logged in and was given this, unless that is over or the key was revoked since."""
    row = key_of_login(session, token)
    return None if row is None else _as_caller(row)


def _as_caller(row: ApiKey) -> Caller:
    sites = frozenset(one.site_id for one in row.sites)
    return Caller(row.id, row.account_id, row.label, row.role, sites, row.is_limited)


@dataclass(frozen=True)
class Access:
    """A caller at an installation, for an operation that needs a role."""

    caller: Caller
    needed: KeyRole
    store: Store
    settings: Settings
    readings: SharedReadings

    @contextmanager
    def reading(self, slug: str) -> Iterator[tuple[Session, Site]]:
        """A reading session and the site of this slug.

        Raises:
            NotFound: there is none, or the caller may not know of it.
            UserError: 403, the caller lacks the role.
        """
        with self.store.read() as session:
            yield session, self.site(session, slug)

    async def read_shared(self, slug: str, read: Callable[[Session, Site], T]) -> T:
        """What `read` tells of the site of this slug, which the caller's other requests of this moment get too.

        Args:
            read: a function of a module, the same for all requests.

        Raises:
            NotFound: as `reading`.
            UserError: as `reading`.
        """

        def reading() -> T:
            with self.reading(slug) as (session, site):
                return read(session, site)

        return await self.readings.read((read, self.caller, self.needed, slug), reading)

    def site(self, session: Session, slug: str) -> Site:
        """The site of this slug, as `reading`."""
        site = session.scalar(select(Site).where(Site.slug == slug))
        if site is None or not self.caller.sees(site):
            raise NotFound(f"there is no site {slug!r}")
        self.caller.require(self.needed)
        return site

    def run(self, session: Session, run_id: str) -> AutomationRun:
        """The run of this id, as `reading` a site."""
        try:
            run = find_run(session, run_id)
        except NotFound:
            run = None
        if run is None or not self.caller.sees(run.site):
            raise NotFound(f"there is no run {run_id!r}")
        self.caller.require(self.needed)
        return run

    def account(self, session: Session) -> Account:
        """The caller's account, for what is about no single site.

        Raises:
            UserError: 403, the caller lacks the role.
        """
        self.caller.require(self.needed)
        return session.get_one(Account, self.caller.account_id)

    def sites(self, session: Session) -> list[Site]:
        """The sites that the caller may know of, by slug."""
        self.caller.require(self.needed)
        rows = session.scalars(select(Site).where(Site.account_id == self.caller.account_id).order_by(Site.slug))
        return [site for site in rows if self.caller.sees(site)]


def access_of(request: Request, caller: Caller, role: KeyRole = KeyRole.VIEWER) -> Access:
    """A caller at the installation that a request came to."""
    state = request.app.state
    return Access(caller, role, state.store, state.settings, state.readings)


_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key that `igny8 key add` made: `Authorization: Bearer igny8_…`."
)


def _access_for(role: KeyRole) -> Callable[..., Awaitable[Access]]:
    async def access(request: Request, _shown: Annotated[object, Security(_BEARER)]) -> Access:
        return access_of(request, request.state.caller, role)

    return access


# What an operation declares to say which role it needs; that a key was shown is seen before (authentication.py).
Viewing: TypeAlias = Annotated[Access, Depends(_access_for(KeyRole.VIEWER))]
Editing: TypeAlias = Annotated[Access, Depends(_access_for(KeyRole.EDITOR))]
Administering: TypeAlias = Annotated[Access, Depends(_access_for(KeyRole.ADMIN))]
