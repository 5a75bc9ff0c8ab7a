"""Rows that say what a site spent at a moment."""

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store.models import AICall, AutomationRun, CallStatus, CreditEntry, EntryKind, Site
from igny8_assets_tests.store.test_models import make_run

_numbers = count(1)


def add_entry(session: Session, site: Site, tenths: int, moment: datetime, kind: EntryKind = EntryKind.CHARGE) -> None:
    """A line of the ledger that takes so much from the account; its balance is left as it is."""
    key = f"spent:{next(_numbers)}"
    session.add(
        CreditEntry(
            account_id=site.account_id,
            site_id=site.id,
            kind=kind,
            amount_tenths=-tenths,
            idempotency_key=key,
            created_at=moment,
        )
    )


def add_call(session: Session, site: Site, moment: datetime, **costs: Any) -> None:
    """An answered request of the site's run."""
    run = session.scalar(select(AutomationRun).where(AutomationRun.site_id == site.id)) or make_run(session, site)
    number = next(_numbers)
    session.add(
        AICall(
            site_id=site.id,
            run_id=run.id,
            launch=1,
            stage=4,
            work_key=f"{site.slug}:4:{number}:1",
            function="generate_content",
            provider="openai",
            model="one",
            prompt_version=1,
            input_hash="0",
            try_number=1,
            status=CallStatus.ANSWERED,
            created_at=moment,
            **costs,
        )
    )
