"""Accounts, their sites, and what a site has before any run: sectors, pages, automation settings, counters."""

from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from igny8_assets.store import amounts
from igny8_assets.store.models.base import Base, Id, UtcDateTime, utc_now, word_type
from igny8_assets.vocabulary import ClusterStrategy, Granularity


class SiteStatus(StrEnum):
    """Whether a site is worked on; an archived one keeps all its rows."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Frequency(StrEnum):
    """How often a schedule is due."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Account(Base):
    """Who pays. `balance_tenths` equals the sum of the account's ledger entries, in tenths of a credit."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("balance_tenths >= 0", name="balance_not_negative"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    balance_tenths: Mapped[int] = mapped_column(Id, default=0)
    writer_enabled: Mapped[bool] = mapped_column(default=True)
    daily_credits_cap_tenths: Mapped[int | None] = mapped_column(Id, default=None)
    daily_usd_cap_pico: Mapped[int | None] = mapped_column(Id, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Site(Base):
    """One website. `slug` is also its Dagster partition key."""

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("in_article_images between 0 and 9", name="in_article_images"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    domain: Mapped[str] = mapped_column(String(253))
    language: Mapped[str] = mapped_column(String(16), default="en")
    country: Mapped[str] = mapped_column(String(8), default="us")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    brand_voice: Mapped[str] = mapped_column(default="")
    image_style: Mapped[str] = mapped_column(default="clean, bright editorial photograph")
    colour_background: Mapped[str] = mapped_column(String(7), default="#14323f")
    colour_accent: Mapped[str] = mapped_column(String(7), default="#f2a541")
    in_article_images: Mapped[int] = mapped_column(default=2)
    status: Mapped[SiteStatus] = mapped_column(word_type(SiteStatus, "site_status"), default=SiteStatus.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    account: Mapped[Account] = relationship()


class Sector(Base):
    """A topical area of one site; exactly one is the default."""

    __tablename__ = "sector"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        # What keywords refer to.
        UniqueConstraint("id", "site_id"),
        Index(
            "uq_sector_one_default",
            "site_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(80))
    is_default: Mapped[bool] = mapped_column(default=False)


class Page(Base):
    """A page that the site already has."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("site_id", "url"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(default="")
    keyphrase: Mapped[str] = mapped_column(String(200), default="")


class AutomationConfig(Base):
    """How a site is automated; one per site. Caps are items per run and stage; none means no cap.

    Keywords that share at least `shared_urls` of their ten ranking URLs are one cluster.
    """

    __tablename__ = "automation_config"
    __table_args__ = (
        Index(
            "ix_automation_config_due",
            "next_run_at",
            sqlite_where=text("is_enabled"),
            postgresql_where=text("is_enabled"),
        ),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("day_of_month between 1 and 31", name="day_of_month"),
        CheckConstraint("stop_after_stage between 1 and 7", name="stop_after_stage"),
        CheckConstraint("ideas_per_cluster between 1 and 10", name="ideas_per_cluster"),
        CheckConstraint("reopen_after >= 1", name="reopen_after"),
        CheckConstraint("shared_urls between 1 and 10", name="shared_urls"),
        *(
            CheckConstraint(f"stage_{n}_batch_size between 1 and 100", name=f"stage_{n}_batch_size")
            for n in range(1, 7)
        ),
        *(CheckConstraint(f"stage_{n}_cap >= 1", name=f"stage_{n}_cap") for n in range(1, 7)),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    is_enabled: Mapped[bool] = mapped_column(default=False)
    frequency: Mapped[Frequency] = mapped_column(word_type(Frequency, "frequency"), default=Frequency.DAILY)
    scheduled_time: Mapped[time] = mapped_column(default=time(2, 0))
    weekday: Mapped[int] = mapped_column(default=0)
    day_of_month: Mapped[int] = mapped_column(default=1)
    stage_1_batch_size: Mapped[int] = mapped_column(default=20)
    stage_2_batch_size: Mapped[int] = mapped_column(default=1)
    stage_3_batch_size: Mapped[int] = mapped_column(default=20)
    stage_4_batch_size: Mapped[int] = mapped_column(default=1)
    stage_5_batch_size: Mapped[int] = mapped_column(default=1)
    stage_6_batch_size: Mapped[int] = mapped_column(default=1)
    stage_1_cap: Mapped[int | None] = mapped_column(default=None)
    stage_2_cap: Mapped[int | None] = mapped_column(default=None)
    stage_3_cap: Mapped[int | None] = mapped_column(default=None)
    stage_4_cap: Mapped[int | None] = mapped_column(default=None)
    stage_5_cap: Mapped[int | None] = mapped_column(default=None)
    stage_6_cap: Mapped[int | None] = mapped_column(default=None)
    stop_after_stage: Mapped[int] = mapped_column(default=7)
    ideas_per_cluster: Mapped[int] = mapped_column(default=3)
    reopen_after: Mapped[int] = mapped_column(default=5)
    granularity: Mapped[Granularity] = mapped_column(word_type(Granularity, "granularity"), default=Granularity.PAGE)
    cluster_strategy: Mapped[ClusterStrategy] = mapped_column(
        word_type(ClusterStrategy, "cluster_strategy"), default=ClusterStrategy.VECTORS
    )
    separate_intents: Mapped[bool] = mapped_column(default=True)
    shared_urls: Mapped[int] = mapped_column(default=4)
    review_briefs: Mapped[bool] = mapped_column(default=False)
    daily_credits_cap_tenths: Mapped[int | None] = mapped_column(Id, default=None)
    daily_usd_cap_pico: Mapped[int | None] = mapped_column(Id, default=None)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def daily_credits_cap(self) -> Decimal | None:
        """The most credits of one day."""
        return amounts.credits_from(self.daily_credits_cap_tenths)

    @daily_credits_cap.setter
    def daily_credits_cap(self, value: Decimal | None) -> None:
        self.daily_credits_cap_tenths = amounts.tenths_from(value)

    @property
    def daily_usd_cap(self) -> Decimal | None:
        """The most dollars of one day."""
        return amounts.usd_from(self.daily_usd_cap_pico)

    @daily_usd_cap.setter
    def daily_usd_cap(self, value: Decimal | None) -> None:
        self.daily_usd_cap_pico = amounts.pico_from(value)

    def batch_size(self, stage: int) -> int:
        """Items per call and transaction of a stage; the review gate has none and works by twenties."""
        return getattr(self, f"stage_{stage}_batch_size", 20)

    def cap(self, stage: int) -> int | None:
        """The most items of a stage in one run."""
        return getattr(self, f"stage_{stage}_cap", None)


class SiteCounter(Base):
    """How many rows of a site are in a state; kept equal to the rows by every saving transaction."""

    __tablename__ = "site_counter"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    amount: Mapped[int] = mapped_column(Id, default=0)
