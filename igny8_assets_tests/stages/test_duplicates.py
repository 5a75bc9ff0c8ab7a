"""What a site has already is not paid for again: it is held with the reason, until a person lets it go."""

import pytest
from sqlalchemy import select

from igny8_assets.quality.resemblance import SiteIndex
from igny8_assets.review.holding import release
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    AICall,
    Cluster,
    Content,
    ContentIdea,
    ContentStatus,
    IdeaStatus,
    Page,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import make_content, make_idea
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.stages.camp import assert_sound, charged_tenths, count
from igny8_assets_tests.stages.seeds import SUBJECTS, make_waiting

SUBJECT = SUBJECTS[0]
TITLE = f"How to choose a {SUBJECT}"


def add_page(store: Store, site: Site, title: str, keyphrase: str = "") -> None:
    with store.write() as session:
        session.add(Page(site_id=site.id, url="https://camp.example/there", title=title, keyphrase=keyphrase))


def idea_of(store: Store) -> ContentIdea:
    with store.read() as session:
        return session.scalars(select(ContentIdea).order_by(ContentIdea.id)).first()  # type: ignore[return-value]


def test_an_idea_whose_keyphrase_a_page_has_is_held_before_it_becomes_a_task(store: Store) -> None:
    site = make_waiting(store, 3, 1)
    add_page(store, site, "Our shop", keyphrase=SUBJECT.upper())
    run_stages(store, site, 3, 4)
    idea = idea_of(store)
    assert (idea.status, idea.held_reason) == (IdeaStatus.HELD, "a page of this site has the same keyphrase")
    assert idea.resembles == "page 1: https://camp.example/there"
    assert count(store, Task) == 0
    assert_sound(store, site)


def test_a_new_idea_that_a_page_has_is_held_when_it_is_made(store: Store) -> None:
    site = make_waiting(store, 2, 1)
    add_page(store, site, SUBJECT)
    run_stages(store, site, 2, 3)
    with store.read() as session:
        ideas = session.scalars(select(ContentIdea)).all()
    assert IdeaStatus.HELD in {idea.status for idea in ideas}
    assert all(idea.resembles for idea in ideas if idea.status == IdeaStatus.HELD)


def test_a_task_whose_text_a_page_has_is_held_before_anything_is_asked(store: Store) -> None:
    site = make_waiting(store, 4, 2)
    add_page(store, site, f"{TITLE} | Camp Shop")
    run_stages(store, site, 4, 4)
    with store.read() as session:
        held = session.scalars(select(Task).where(Task.status == TaskStatus.HELD)).one()
        assert (held.title, held.held_reason) == (TITLE, "a page of this site has the same title")
        other = session.scalars(select(Task).where(Task.status == TaskStatus.COMPLETED)).one()
        keys = set(session.scalars(select(AICall.work_key)))
    assert keys == {f"camp:4:{other.id}:1"}
    assert charged_tenths(store, site) == 16
    assert_sound(store, site)


def test_a_person_lets_a_duplicate_go_and_it_is_not_held_again(store: Store) -> None:
    site = make_waiting(store, 3, 1)
    add_page(store, site, TITLE)
    run_stages(store, site, 3, 4)
    with store.write() as session:
        release(session, session.get_one(Site, site.id), "idea", [idea_of(store).id])
    run_stages(store, site, 3, 4)
    assert count(store, Content) == 1
    assert_sound(store, site)


def test_the_texts_of_the_site_count_too_but_not_those_that_were_rejected(store: Store) -> None:
    site = make_waiting(store, 3, 1)
    with store.write() as session:
        row = session.get_one(Site, site.id)
        make_content(session, row, title="Any title", keyphrase=SUBJECT, slug="any")
    run_stages(store, site, 3, 3)
    assert idea_of(store).status == IdeaStatus.HELD
    other = make_waiting(store, 3, 1, slug="other")
    with store.write() as session:
        row = session.get_one(Site, other.id)
        make_content(session, row, title="Any", keyphrase=SUBJECT, slug="any", status=ContentStatus.REJECTED)
    run_stages(store, other, 3, 3)
    with store.read() as session:
        mine = select(ContentIdea).where(ContentIdea.site_id == other.id, ContentIdea.title == TITLE)
        idea = session.scalars(mine).first()
    assert idea is not None
    assert idea.status == IdeaStatus.IN_PROGRESS


def test_of_two_ideas_the_earlier_one_goes_on(store: Store) -> None:
    site = make_waiting(store, 3, 1, stage_3_batch_size=20)
    with store.write() as session:
        row = session.get_one(Site, site.id)
        cluster = session.scalars(select(Cluster)).one()
        make_idea(session, row, cluster=cluster, title=f"How to choose {SUBJECT}s", keywords=[])
    run_stages(store, site, 3, 3)
    with store.read() as session:
        first, second = session.scalars(select(ContentIdea).order_by(ContentIdea.id))
    assert (first.status, second.status) == (IdeaStatus.IN_PROGRESS, IdeaStatus.HELD)
    assert second.resembles == f"idea {first.id}: {first.title}"


@pytest.mark.parametrize("stage", [3, 4])
def test_a_check_that_fails_holds(store: Store, monkeypatch: pytest.MonkeyPatch, stage: int) -> None:
    site = make_waiting(store, stage, 1)

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SiteIndex, "resembling", fails)
    run_stages(store, site, stage, 4)
    with store.read() as session:
        row = session.scalars(select(ContentIdea)).one() if stage == 3 else session.scalars(select(Task)).one()
    assert row.status.value == "held"
    assert row.held_reason == "the check for duplicates failed (ZeroDivisionError)"
    assert count(store, AICall) == 0
