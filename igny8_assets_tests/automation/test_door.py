"""Who may begin a run, and what they are told when they may not."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.automation.door import active_run, parse_stages
from igny8_assets.errors import Refusal, UserError
from igny8_assets.settings import load_settings
from igny8_assets.site_settings import site_folder
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Account,
    AutomationRun,
    IdeaStatus,
    Launcher,
    RunStatus,
    Site,
    SiteStatus,
    StopRequest,
    Trigger,
)
from igny8_assets_tests.automation.asking import ask_for_run
from igny8_assets_tests.factories import make_cluster, make_idea, make_task
from igny8_assets_tests.pipeline.sites import configure
from igny8_assets_tests.stages.camp import TENTS, count, everything, make_camp
from igny8_assets_tests.stages.driving import ask_to_stop


def refused(store: Store, site: Site, first: int = 1, last: int = 7) -> Refusal:
    """The refusal, after which nothing may be in the store that was not there before."""
    before = everything(store)
    with pytest.raises(Refusal) as caught:
        ask_for_run(store, site, first, last)
    assert everything(store) == before
    assert "\n" not in str(caught.value)
    return caught.value


def add_task(store: Store, site: Site) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, ideas_pending=False)
        make_task(session, here, idea=make_idea(session, here, cluster=cluster, status=IdeaStatus.IN_PROGRESS))


def test_a_run_begins_queued_at_the_first_stage_that_was_asked_for(store: Store) -> None:
    run = ask_for_run(store, make_camp(store), 2, 5)
    assert (run.status, run.first_stage, run.current_stage, run.last_stage) == (RunStatus.QUEUED, 2, 2, 5)
    assert (run.launch, run.trigger, run.launcher) == (1, Trigger.MANUAL, Launcher.PROCESS)


def test_a_site_with_nothing_pending_and_no_credits_may_run(store: Store) -> None:
    assert ask_for_run(store, make_camp(store, [], tenths=0)).status == RunStatus.QUEUED


def test_an_archived_site_is_refused_with_the_way_back(store: Store) -> None:
    site = make_camp(store)
    with store.write() as session:
        session.get_one(Site, site.id).status = SiteStatus.ARCHIVED
    refusal = refused(store, site)
    assert (refusal.code, refusal.status) == ("site_archived", 409)
    assert str(refusal) == "site 'camp' is archived; `igny8 site restore camp` brings it back"


def test_a_site_whose_accounts_writer_is_off_is_refused(store: Store) -> None:
    site = make_camp(store)
    with store.write() as session:
        session.get_one(Account, site.account_id).writer_enabled = False
    refusal = refused(store, site)
    assert (refusal.code, refusal.status) == ("writer_disabled", 403)
    assert str(refusal) == "the writer of site 'camp''s account is off"


def test_a_site_with_an_active_run_is_refused_with_the_way_to_look_at_it(store: Store) -> None:
    site = make_camp(store)
    run = ask_for_run(store, site)
    refusal = refused(store, site)
    assert (refusal.code, refusal.status) == ("run_active", 409)
    assert str(refusal) == f"site 'camp' has a run that is queued ({run.id}); `igny8 current camp` shows it"


def test_a_paused_run_is_refused_with_the_way_to_go_on(store: Store) -> None:
    site = make_camp(store)
    run = ask_for_run(store, site)
    ask_to_stop(store, run.id)
    assert f"paused ({run.id}); `igny8 resume {run.id}` goes on, `igny8 cancel {run.id}` ends it" in str(
        refused(store, site)
    )


def test_a_run_that_is_over_stands_in_nobodys_way(store: Store) -> None:
    site = make_camp(store)
    ask_to_stop(store, ask_for_run(store, site).id, StopRequest.CANCEL)
    run = ask_for_run(store, site)
    with store.read() as session:
        active = active_run(session, session.get_one(Site, site.id))
        assert active is not None
        assert active.id == run.id


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("OPENAI_BASE_URL", "localhost:8000", "IGNY8_OPENAI_BASE_URL"),
        ("OPENAI_API_KEY", "sk-two\nlines", "IGNY8_OPENAI_API_KEY"),
        ("OPENAI_API_KEY", "", "IGNY8_OPENAI_API_KEY"),
    ],
)
def test_a_provider_that_cannot_work_as_it_is_set_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    monkeypatch.setenv(f"IGNY8_{setting}", value)
    refusal = refused(store, make_camp(store))
    assert refusal.code == "provider_misconfigured"
    assert says in str(refusal)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("prompts/generate_ideas.md", "nothing", "generate_ideas.md has to begin with"),
        ("prompts/generate_ideas.md", "---\nversion: 1\ndescription: d\n---\n{{ 1 / 0 }}", "division by zero"),
        ("settings.env", "IGNY8_PRICES=none.yaml", "IGNY8_PRICES names it"),
        ("settings.env", "IGNY8_PRICES=settings.env", "needs a `version`"),
        ("settings.env", "IGNY8_AI_ATTEMPTS=many", "IGNY8_AI_ATTEMPTS"),
    ],
)
def test_a_file_of_the_site_that_can_not_be_used_is_refused_and_stands_in_nobody_elses_way(
    store: Store, monkeypatch: pytest.MonkeyPatch, file: str, text: str, says: str
) -> None:
    site = make_camp(store)
    path = site_folder(load_settings(), site.slug) / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    monkeypatch.chdir(path.parent)
    refusal = refused(store, site)
    assert refusal.code == "provider_misconfigured"
    assert says in str(refusal)


def test_stages_without_ai_need_no_provider(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    assert ask_for_run(store, make_camp(store), 3, 3).status == RunStatus.QUEUED


def test_credits_that_do_not_cover_what_is_pending_are_refused_with_both_figures(store: Store) -> None:
    site = make_camp(store, TENTS, tenths=5)
    refusal = refused(store, site)
    assert (refusal.code, refusal.status) == ("insufficient_credits", 402)
    assert str(refusal) == (
        "site 'camp' needs 0.6 credits for what is pending now and its account has 0.5; "
        "`igny8 account grant` adds credits"
    )


def test_credits_that_just_cover_what_is_pending_suffice(store: Store) -> None:
    assert ask_for_run(store, make_camp(store, TENTS, tenths=6)).status == RunStatus.QUEUED


def test_only_the_stages_that_will_run_have_to_be_covered(store: Store) -> None:
    site = make_camp(store, TENTS, tenths=1)
    assert ask_for_run(store, site, 3, 3).status == RunStatus.QUEUED


def test_stages_beyond_where_the_settings_stop_have_to_be_covered_when_they_are_asked_for(store: Store) -> None:
    site = make_camp(store, [], tenths=1, stop_after_stage=2)
    add_task(store, site)
    for first, last in ((1, 4), (4, 4), (4, 7)):
        assert refused(store, site, first, last).code == "insufficient_credits"
    assert ask_for_run(store, site).status == RunStatus.QUEUED


def test_the_settings_shorten_a_run_but_not_one_whose_stages_were_named(store: Store) -> None:
    site = make_camp(store, [], stop_after_stage=3)
    lasts = []
    for first, last in ((1, 7), (2, 7), (1, 5), (5, 7), (4, 4)):
        run = ask_for_run(store, site, first, last)
        lasts.append(run.last_stage)
        ask_to_stop(store, run.id, StopRequest.CANCEL)
    assert lasts == [3, 3, 5, 7, 4]


def test_of_many_who_ask_in_one_moment_one_is_let_in(store: Store) -> None:
    site = make_camp(store)
    together = threading.Barrier(12)
    codes: list[str] = []

    def ask() -> None:
        own = Store(store.url)
        together.wait()
        try:
            ask_for_run(own, site)
            codes.append("accepted")
        except Refusal as refusal:
            codes.append(refusal.code)
        own.close()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["accepted"] + ["run_active"] * 11
    assert count(store, AutomationRun) == 1


def test_two_sites_of_an_account_may_run_at_once(store: Store) -> None:
    runs = [ask_for_run(store, make_camp(store, slug=slug)) for slug in ("one", "two")]
    assert [run.status for run in runs] == [RunStatus.QUEUED] * 2


def test_a_refusal_looks_at_the_settings_of_the_moment(store: Store) -> None:
    site = make_camp(store, [], tenths=1)
    add_task(store, site)
    refused(store, site)
    configure(store, site, stop_after_stage=3)
    assert ask_for_run(store, site).last_stage == 3


@given(st.integers(1, 7), st.integers(1, 7))
def test_stages_are_read_as_one_or_as_a_range(low: int, high: int) -> None:
    first, last = sorted((low, high))
    assert parse_stages(f"{first}-{last}") == (first, last)
    assert parse_stages(f" {first} ") == (first, first)


@pytest.mark.parametrize("text", ["", "0", "8", "3-2", "1-8", "-3", "2-", "1-2-3", "two", "1.5", "²", "1--2"])
def test_what_are_not_stages_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match="write one from 1 to 7, or a range such as 2-5"):
        parse_stages(text)
