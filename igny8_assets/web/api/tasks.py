"""Tasks: texts to write, and the briefs they are written from."""

from typing import cast

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.ai.schemas import ContentBrief
from igny8_assets.review.briefs import edit_brief, find_task, read_brief
from igny8_assets.review.holding import drop, find_planned, hold, release
from igny8_assets.review.prioritising import set_priority
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Site, Task, TaskStatus
from igny8_assets.web.api.planned_answers import Holding, Named, NewPriority, TaskFacts
from igny8_assets.web.callers import Editing, Viewing
from igny8_assets.web.cursors import DEFAULT_LIMIT, After, Limit, Order, Page, page_of
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import Changed, Number, SiteSlug
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/sites/{site}/tasks", tags=["tasks"])

IN_TURN = [Order(Task.priority, is_falling=True), Order(Task.volume, is_falling=True), Order(Task.id)]


@router.get("/", responses=problems())
def list_tasks(
    access: Viewing,
    site: SiteSlug,
    status: TaskStatus | None = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[TaskFacts]:
    """A site's tasks, in the order in which they are taken up."""
    with access.reading(site) as (session, row):
        wanted = select(Task).where(Task.site_id == row.id)
        if status is not None:
            wanted = wanted.where(Task.status == status)
        return page_of(session, wanted, IN_TURN, limit, after, lambda found: TaskFacts.of(found[0]))


@router.get("/{task:int}/", responses=problems())
def get_task(access: Viewing, site: SiteSlug, task: Number, response: Response) -> TaskFacts:
    """A task; the ETag is for changing its priority."""
    with access.reading(site) as (session, row):
        shown = _shown(session, row, task)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.patch("/{task:int}/", responses=problems(400, 412, 428))
def prioritise_task(
    access: Editing, site: SiteSlug, task: Number, new: NewPriority, response: Response, if_match: IfMatch = None
) -> TaskFacts:
    """Put a task before or after others; refused once it has cost something."""
    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, _shown(session, row, task))
        set_priority(session, row, "task", task, new.priority)
        session.flush()
        shown = _shown(session, row, task)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/hold/", response_model=Changed, responses=problems(400))
def hold_tasks(access: Editing, once: DoingOnce, site: SiteSlug, named: Holding) -> Response:
    """Hold tasks back until a person releases them; those that are held get the new reason."""

    def do(session: Session) -> Changed:
        return Changed(changed=hold(session, access.site(session, site), "task", named.ids, named.reason))

    return once.do(do)


@router.post("/release/", response_model=Changed, responses=problems(400))
def release_tasks(access: Editing, once: DoingOnce, site: SiteSlug, named: Named) -> Response:
    """Let held or dropped tasks go on."""
    return once.do(lambda session: Changed(changed=release(session, access.site(session, site), "task", named.ids)))


@router.post("/drop/", response_model=Changed, responses=problems(400))
def drop_tasks(access: Editing, once: DoingOnce, site: SiteSlug, named: Named) -> Response:
    """Give tasks up; naming them in a release brings them back."""
    return once.do(lambda session: Changed(changed=drop(session, access.site(session, site), "task", named.ids)))


@router.get("/{task:int}/brief/", responses=problems())
def get_brief(access: Viewing, site: SiteSlug, task: Number, response: Response) -> ContentBrief:
    """What a text is written from; 404 until it is made. The ETag is for changing it."""
    with access.reading(site) as (session, row):
        shown = read_brief(find_task(session, row, task))
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.put("/{task:int}/brief/", responses=problems(400, 412, 428))
def put_brief(
    access: Editing, site: SiteSlug, task: Number, brief: ContentBrief, response: Response, if_match: IfMatch = None
) -> ContentBrief:
    """Put another brief in its place, before the text is written; what comes from the task and its site stays."""
    with access.store.write() as session:
        row = access.site(session, site)
        take_turn(session, row.id)
        refuse_another_version(if_match, read_brief(find_task(session, row, task)))
        changed = edit_brief(session, row, task, access.caller.label, brief.model_dump_json())
        session.flush()
        shown = read_brief(changed)
    response.headers["ETag"] = etag_of(shown)
    return shown


def _shown(session: Session, site: Site, number: int) -> TaskFacts:
    return TaskFacts.of(cast(Task, find_planned(session, site, "task", number)))
