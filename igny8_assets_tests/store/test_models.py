"""Bad states are impossible: the database itself refuses them, on both kinds."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AICall,
    AutomationConfig,
    AutomationRun,
    Cluster,
    Content,
    ContentIdea,
    CreditEntry,
    EntryKind,
    IdeaKeyword,
    Image,
    Keyword,
    KeywordFile,
    KeywordStatus,
    Launcher,
    Page,
    RunLaunch,
    RunStatus,
    Sector,
    Site,
    SiteLease,
    StageResult,
    Task,
    Trigger,
)
from igny8_assets_tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_image,
    make_keyword,
    make_site,
    make_task,
)

Deed = Callable[[Session, Site], object]


def make_run(session: Session, site: Site, **values: Any) -> AutomationRun:
    facts = {"trigger": Trigger.MANUAL, "launcher": Launcher.PROCESS, "status": RunStatus.RUNNING, **values}
    run = AutomationRun(id=str(uuid.uuid4()), site_id=site.id, account_id=site.account_id, **facts)
    session.add(run)
    session.flush()
    return run


def twice(deed: Deed) -> Deed:
    def done_twice(session: Session, site: Site) -> None:
        for _ in range(2):
            deed(session, site)
            session.flush()

    return done_twice


def add(make: Callable[[Session, Site], object]) -> Deed:
    return lambda session, site: session.add(make(session, site))


def entry(_session: Session, site: Site) -> CreditEntry:
    return CreditEntry(
        account_id=site.account_id, kind=EntryKind.CHARGE, amount_tenths=-1, idempotency_key="shop:1:1:1"
    )


def call(session: Session, site: Site) -> AICall:
    run = session.scalar(select(AutomationRun)) or make_run(session, site)
    facts = {"work_key": "shop:1:1:1", "function": "auto_cluster", "provider": "offline", "model": "offline"}
    numbers = {"launch": 1, "stage": 1, "prompt_version": 1, "try_number": 1}
    return AICall(site_id=site.id, run_id=run.id, input_hash="0", **facts, **numbers)


def launch(session: Session, site: Site) -> RunLaunch:
    run = make_run(session, site, status=RunStatus.FAILED)
    process = {"host": "here", "process_id": 1, "process_started_ms": 1}
    return RunLaunch(run_id=run.id, launch=1, dagster_run_id="same", **process)


def configured(**values: Any) -> Deed:
    return lambda session, site: session.execute(update(AutomationConfig).values(**values))


def idea_keyword_twice(session: Session, site: Site) -> None:
    idea, keyword = make_idea(session, site), make_keyword(session, site)
    for position in range(2):
        session.execute(
            IdeaKeyword.__table__.insert().values(idea_id=idea.id, keyword_id=keyword.id, position=position)  # type: ignore[attr-defined]
        )


def image_role_twice(session: Session, site: Site) -> None:
    content = make_content(session, site, images=1)
    make_image(session, content, role="featured")


def text_twice_by_one_attempt(session: Session, site: Site) -> None:
    content = make_content(session, site)
    make_content(session, site, task=session.get_one(Task, content.task_id))


def task_twice_of_one_idea(session: Session, site: Site) -> None:
    task = make_task(session, site)
    make_task(session, site, idea=session.get_one(ContentIdea, task.idea_id))


def delete_a_cluster_with_keywords(session: Session, site: Site) -> None:
    make_keyword(session, site, cluster=make_cluster(session, site))
    session.execute(delete(Cluster))


def ledger_with_a_kind_of_its_own(session: Session, site: Site) -> None:
    session.add(entry(session, site))
    session.flush()
    session.execute(text("update credit_entry set kind = 'gift'"))


BAD_STATES: dict[str, Deed] = {
    "the same keyword twice in a market": twice(lambda session, site: make_keyword(session, site, "moka pot")),
    "the same keyword twice after normalisation": lambda session, site: (
        make_keyword(session, site, "moka pot"),
        make_keyword(session, site, "  Moka  POT "),
    ),
    "a keyword without a market": lambda session, site: make_keyword(session, site, market=None),
    "a mapped keyword without a cluster": lambda session, site: make_keyword(
        session, site, status=KeywordStatus.MAPPED
    ),
    "a new keyword with a cluster": lambda session, site: make_keyword(
        session, site, cluster_id=make_cluster(session, site).id
    ),
    "a keyword of a cluster that does not exist": lambda session, site: make_keyword(
        session, site, status=KeywordStatus.MAPPED, cluster_id=999
    ),
    "a difficulty over 100": lambda session, site: make_keyword(session, site, difficulty=101),
    "a difficulty under 0": lambda session, site: make_keyword(session, site, difficulty=-1),
    "a status that is none": lambda session, site: (
        make_keyword(session, site),
        session.execute(text("update keyword set status = 'lost'")),
    ),
    "two clusters with one root": twice(lambda session, site: make_cluster(session, site, root_keyword="moka pot")),
    "more uncovered keywords than keywords": lambda session, site: make_cluster(
        session, site, keyword_count=1, uncovered_count=2
    ),
    "fewer keywords than none": lambda session, site: make_cluster(session, site, keyword_count=-1),
    "a cluster that goes from under its keywords": delete_a_cluster_with_keywords,
    "a keyword twice in an idea": idea_keyword_twice,
    "two tasks of an idea": task_twice_of_one_idea,
    "a task of no length": lambda session, site: make_task(session, site, word_target=0),
    "two texts of one attempt": text_twice_by_one_attempt,
    "two texts at one address": twice(lambda session, site: make_content(session, site, slug="moka-pot")),
    "two images of one role": image_role_twice,
    "two default sectors": lambda session, site: session.add(Sector(site_id=site.id, name="Other", is_default=True)),
    "two sectors of one name": twice(add(lambda session, site: Sector(site_id=site.id, name="Tea"))),
    "two sites of one slug": lambda session, site: session.add(
        Site(account_id=site.account_id, slug=site.slug, name="b", domain="b.example")
    ),
    "a site without an account": lambda session, site: session.add(
        Site(account_id=999, slug="other", name="b", domain="b.example")
    ),
    "two accounts of one name": twice(add(lambda session, site: Account(name="acme"))),
    "two settings of a site": add(lambda session, site: AutomationConfig(site_id=site.id)),
    "two leases of a site": add(
        lambda session, site: SiteLease(site_id=site.id, token=0, expires_at=datetime.now(UTC))
    ),
    "a page twice": twice(add(lambda session, site: Page(site_id=site.id, url="https://shop.example/a"))),
    "a file imported twice": twice(
        add(
            lambda session, site: KeywordFile(
                site_id=site.id, sha256="0", name="a.csv", layout="plain", rows=1, new=1, merged=0, rejected=0
            )
        )
    ),
    "two active runs": twice(lambda session, site: make_run(session, site, status=RunStatus.QUEUED)),
    "a running beside a paused run": lambda session, site: (
        make_run(session, site, status=RunStatus.PAUSED),
        make_run(session, site, status=RunStatus.RUNNING),
    ),
    "a run of no stage": lambda session, site: make_run(session, site, first_stage=3, last_stage=2),
    "a run of an eighth stage": lambda session, site: make_run(session, site, last_stage=8),
    "two launches by one Dagster run": twice(add(launch)),
    "a result of an eighth stage": lambda session, site: session.add(
        StageResult(run_id=make_run(session, site).id, stage=8)
    ),
    "a ledger key twice": twice(add(entry)),
    "an entry of a kind that is none": ledger_with_a_kind_of_its_own,
    "a balance under zero": lambda session, site: session.execute(update(Account).values(balance_tenths=-1)),
    "the same request twice": twice(add(call)),
    "a batch of none": configured(stage_1_batch_size=0),
    "a batch of a hundred and one": configured(stage_6_batch_size=101),
    "a cap of none": configured(stage_4_cap=0),
    "an eighth day of the week": configured(weekday=7),
    "a day that no month has": configured(day_of_month=32),
    "an end after the last stage": configured(stop_after_stage=8),
    "no ideas for a cluster": configured(ideas_per_cluster=0),
    "a reopening after nothing": configured(reopen_after=0),
    "clusters as wide as a word that does not exist": configured(granularity="site"),
    "clusters made by what does not exist": configured(cluster_strategy="gpt"),
    "keywords tied by no shared page": configured(shared_urls=0),
}


def test_no_bad_state_can_be_stored(store: Store) -> None:
    with store.write() as session:
        site_id = make_site(session).id
    stored = []
    for state, deed in BAD_STATES.items():
        try:
            with store.write() as session:
                deed(session, session.get_one(Site, site_id))
        except IntegrityError:
            continue
        stored.append(state)
    assert stored == []


def test_what_looks_alike_but_is_not_may_be_stored(store: Store) -> None:
    with store.write() as session:
        site, other = make_site(session), make_site(session, "other")
        make_keyword(session, site, "moka pot")
        make_keyword(session, site, "moka pot", market="gb")
        make_keyword(session, other, "moka pot")
        make_keyword(session, site, "moka pots")
        make_keyword(session, site, difficulty=None, volume=None)
        make_content(session, site, slug="moka-pot")
        make_content(session, other, slug="moka-pot")
        session.add(Sector(site_id=site.id, name="Tea"))
        session.add(Sector(site_id=site.id, name="Cups"))
        for ended in (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED, RunStatus.SKIPPED, RunStatus.PAUSED):
            make_run(session, site, status=ended)
        make_run(session, other, status=RunStatus.RUNNING)
        session.flush()


def test_a_moment_comes_back_as_it_was_stored_and_in_utc(store: Store) -> None:
    noon_in_kathmandu = datetime(2026, 3, 29, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with store.write() as session:
        run_id = make_run(session, make_site(session), requested_at=noon_in_kathmandu).id
    with store.read() as session:
        stored = session.get_one(AutomationRun, run_id).requested_at
    assert stored == noon_in_kathmandu
    assert stored.tzinfo is UTC


def test_texts_of_any_script_come_back_unchanged(store: Store) -> None:
    written = ["naïve café", "日本語", "emoji 🏕️", "quote ' and \" and \\", "a\tb", "%s :name ?"]
    with store.write() as session:
        site = make_site(session)
        for one in written:
            make_keyword(session, site, one)
    with store.read() as session:
        assert session.scalars(select(Keyword.text).order_by(Keyword.id)).all() == written


def test_what_a_reading_session_changes_is_not_kept(store: Store) -> None:
    with store.write() as session:
        site_id = make_site(session).id
    with store.read() as session:
        session.get_one(Site, site_id).name = "Changed"
        session.flush()
    with store.read() as session:
        assert session.get_one(Site, site_id).name != "Changed"


def test_amounts_beyond_32_bits_are_kept(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
        cluster_id = make_cluster(session, site, volume=2**40).id
        session.execute(update(Account).values(balance_tenths=2**50))
    with store.read() as session:
        assert session.get_one(Cluster, cluster_id).volume == 2**40
        assert session.scalar(select(Account.balance_tenths)) == 2**50


def test_a_texts_images_come_in_their_order(store: Store) -> None:
    with store.write() as session:
        content = make_content(session, make_site(session), images=3)
        content_id = content.id
    with store.read() as session:
        images = session.get_one(Content, content_id).images
        assert [image.role for image in images] == ["featured", "in_article_1", "in_article_2"]
        assert all(isinstance(image, Image) for image in images)
