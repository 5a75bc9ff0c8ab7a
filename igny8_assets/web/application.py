"""The application: its parts put together around an open store."""

from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware

from igny8_assets.automation.logins import SECONDS
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.web import health, metrics, problems
from igny8_assets.web.api import automation, clusters, content, ideas, images, keywords, money, sites, tasks
from igny8_assets.web.authentication import OPEN, Authentication, RateLimit
from igny8_assets.web.head_requests import HeadRequests
from igny8_assets.web.metrics import VERSION, Measured, Metrics
from igny8_assets.web.pages import automation as automation_page
from igny8_assets.web.pages import charts, importing, login, planned, review
from igny8_assets.web.pages import clusters as clusters_page
from igny8_assets.web.pages import keywords as keywords_page
from igny8_assets.web.security_headers import SecurityHeaders
from igny8_assets.web.sessions import COOKIE, session_secret
from igny8_assets.web.shared_readings import SharedReadings
from igny8_assets.web.snapshots import Feeds

LOGINS = 20
"""Attempts to log in from one address in a minute."""
LARGEST_BODY = 8_000_000
"""Bytes of a request's body; uploads have a limit of their own."""
DESCRIPTION = """\
From keywords to reviewable, illustrated drafts: the same operations as the `igny8` command.

Every request shows a key (`igny8 key add`) as `Authorization: Bearer igny8_…`. Refusals are problem documents
(RFC 9457) with a stable `code`. Lists come page by page: give `next` of an answer as `after`. A POST with an
`Idempotency-Key` may be repeated and is done once. What people edit has an `ETag`, and an edit says by `If-Match`
which version it is for.
"""


def create_app(settings: Settings, store: Store) -> FastAPI:
    """The application of an installation; the store stays open as long as it runs."""
    app = FastAPI(
        title="igny8",
        version=version("igny8-assets"),
        description=DESCRIPTION,
        openapi_url=next(iter(OPEN)),
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings, app.state.store = settings, store
    app.state.rate_limit, app.state.login_limit = RateLimit(settings.web_requests_per_minute), RateLimit(LOGINS)
    app.state.readings = SharedReadings()
    app.state.feeds = Feeds(store, automation_page.event_of)
    app.state.metrics = Metrics(store, app.state.feeds)
    problems.install(app)
    api = APIRouter(prefix=VERSION, max_body_size=LARGEST_BODY)
    for part in (automation, sites, keywords, clusters, ideas, tasks, content, images, money):
        api.include_router(part.router)
    app.include_router(api)
    pages = APIRouter(max_body_size=LARGEST_BODY)
    # What takes any last part comes last.
    for page in (login, review, importing, charts, keywords_page, clusters_page, automation_page, planned):
        pages.include_router(page.router)
    app.include_router(pages)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.mount("/static", StaticFiles(packages=[("igny8_assets.web", "static")]))
    problems.describe(app)
    app.add_middleware(Authentication, outer=app)
    app.add_middleware(
        SessionMiddleware,
        secret_key=session_secret(settings),
        session_cookie=COOKIE,
        max_age=SECONDS,
        same_site="lax",
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(HeadRequests)
    return app
