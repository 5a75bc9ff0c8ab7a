"""Accounts, sites and sectors: adding and finding them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_assets.automation.due import set_next_slot
from igny8_assets.errors import NotFound, UserError
from igny8_assets.keywords.normalising import market_code
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Account, AutomationConfig, Sector, Site, SiteLease, SiteStatus

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
DEFAULT_ACCOUNT = "default"
LONGEST_VOICE = 2000
FIRST_GRANT_TENTHS = 100_000
"""What a new installation's account gets: 10,000 credits."""


@dataclass(frozen=True)
class NewSite:
    """What a site is made from; None takes the product's default."""

    slug: str
    name: str | None = None
    domain: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    brand_voice: str | None = None
    image_style: str | None = None
    colour_background: str | None = None
    colour_accent: str | None = None
    in_article_images: int | None = None


def find_account(session: Session, name: str) -> Account:
    """The account of this name.

    Raises:
        NotFound: there is none; says how to add it.
    """
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise NotFound(f"there is no account {name!r}; `igny8 account list` shows them, `igny8 account add` adds one")
    return account


def add_account(session: Session, name: str) -> Account:
    """Add an account without credits.

    Raises:
        UserError: the name is empty, too long or taken.
    """
    name = name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise UserError("an account's name has 1 to 80 printable characters")
    if session.scalar(select(Account.id).where(Account.name == name)):
        raise UserError(f"there is an account {name!r} already", code="exists", status=409)
    account = Account(name=name, balance_tenths=0)
    session.add(account)
    session.flush()
    return account


def known_domain(site: Site) -> str | None:
    """The domain that a person gave, if one did."""
    return None if site.domain == _stand_in(site.slug) else site.domain


def _stand_in(slug: str) -> str:
    return f"{slug}.example"


def find_site(session: Session, slug: str) -> Site:
    """The site of this slug, archived or not.

    Raises:
        NotFound: there is none; says how to add it.
    """
    site = session.scalar(select(Site).where(Site.slug == slug))
    if site is None:
        raise NotFound(f"there is no site {slug!r}; `igny8 site list` shows them, `igny8 site add` adds one")
    return site


def add_site(session: Session, account: Account, new: NewSite) -> Site:
    """Add a site with its default sector, its automation settings and its lease.

    Raises:
        UserError: a value is not allowed or the slug is taken; says which and what is allowed.
    """
    if not SLUG.fullmatch(new.slug):
        raise UserError(
            f"{new.slug!r} is not a site slug; use 1 to 60 lower-case letters, digits and inner hyphens, e.g. my-shop"
        )
    if session.scalar(select(Site.id).where(Site.slug == new.slug)):
        raise UserError(f"there is a site {new.slug!r} already", code="exists", status=409)
    _check(new)
    values = {name: value for name, value in vars(new).items() if value is not None}
    if "country" in values:
        values["country"] = market_code(values["country"]) or values["country"]
    values.setdefault("name", new.slug)
    values.setdefault("domain", _stand_in(new.slug))
    site = Site(account_id=account.id, **values)
    session.add(site)
    try:
        session.flush()
    except IntegrityError:
        # Another took the slug in this moment.
        raise UserError(f"there is a site {new.slug!r} already", code="exists", status=409) from None
    session.add_all(
        [
            Sector(site_id=site.id, name="General", is_default=True),
            AutomationConfig(site_id=site.id),
            SiteLease(site_id=site.id, token=0, expires_at=datetime.now(UTC)),
        ]
    )
    session.flush()
    return site


def change_site(session: Session, site: Site, changes: dict[str, Any]) -> None:
    """Change what is known of a site; a schedule keeps its time of day in another time zone.

    Args:
        changes: fields of `NewSite` but the slug, with what they are from now on. Another language or market is that of
            what comes from now on.

    Raises:
        UserError: a value is not allowed; says which and what is allowed.
    """
    _check(NewSite(slug=site.slug, **changes))
    take_turn(session, site.id)
    for name, value in changes.items():
        setattr(site, name, value)
    if "country" in changes:
        site.country = market_code(site.country) or site.country
    if "time_zone" in changes:
        set_next_slot(session.get_one(AutomationConfig, site.id), site)


def _check(new: NewSite) -> None:
    if new.time_zone is not None:
        try:
            ZoneInfo(new.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UserError(f"{new.time_zone!r} is not a time zone; write it like Europe/Berlin") from None
    if new.language is not None and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", new.language):
        raise UserError(f"{new.language!r} is not a language; write it like en or pt-BR")
    if new.country is not None and not re.fullmatch(r"[a-z]{2}", new.country):
        raise UserError(f"{new.country!r} is not a country; write two lower-case letters, e.g. us")
    if new.domain is not None and not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", new.domain):
        raise UserError(f"{new.domain!r} is not a domain; write it like www.example.com")
    if new.in_article_images is not None and not 0 <= new.in_article_images <= 9:
        raise UserError("a text has 0 to 9 pictures beside the featured one")
    for colour in (new.colour_background, new.colour_accent):
        if colour is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise UserError(f"{colour!r} is not a colour; write it like #14323f")
    for what, text in (("brand voice", new.brand_voice), ("image style", new.image_style)):
        if text is not None and (len(text) > LONGEST_VOICE or "\0" in text):
            raise UserError(f"a site's {what} has at most {LONGEST_VOICE:,} characters, none of them NUL")
    if new.name is not None and not new.name.isprintable():
        raise UserError("a site's name has printable characters alone")
    if new.name is not None and not 1 <= len(new.name.strip()) <= 120:
        raise UserError("a site's name has 1 to 120 characters")


def set_status(site: Site, status: SiteStatus) -> bool:
    """Archive or restore a site; says whether that changed anything."""
    changed = site.status != status
    site.status = status
    return changed


def default_sector(session: Session, site: Site) -> Sector:
    """The sector that takes what is imported without naming one."""
    return session.scalars(select(Sector).where(Sector.site_id == site.id, Sector.is_default)).one()


def sectors_of(session: Session, site: Site) -> Sequence[Sector]:
    """A site's sectors by name."""
    return session.scalars(select(Sector).where(Sector.site_id == site.id).order_by(Sector.name)).all()


def find_sector(session: Session, site: Site, name: str) -> Sector:
    """A sector of a site by name, whatever its case.

    Raises:
        NotFound: the site has none of this name.
    """
    sector = session.scalar(
        select(Sector).where(Sector.site_id == site.id, func.lower(Sector.name) == name.strip().lower())
    )
    if sector is None:
        raise NotFound(f"site {site.slug!r} has no sector {name!r}; `igny8 sector list {site.slug}` shows them")
    return sector


def add_sector(session: Session, site: Site, name: str) -> Sector:
    """Add a topical area to a site.

    Raises:
        UserError: the name is empty, too long or taken.
    """
    name = name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise UserError("a sector's name has 1 to 80 printable characters")
    taken = select(Sector.id).where(Sector.site_id == site.id, func.lower(Sector.name) == name.lower())
    if session.scalar(taken):
        raise UserError(f"site {site.slug!r} has a sector {name!r} already", code="exists", status=409)
    sector = Sector(site_id=site.id, name=name)
    session.add(sector)
    session.flush()
    return sector
