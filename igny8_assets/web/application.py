"""The application: its parts put together around an open store."""

from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.web import health, problems
from igny8_assets.web.api import automation
from igny8_assets.web.authentication import OPEN, Authentication, RateLimit
from igny8_assets.web.security_headers import SecurityHeaders

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
    )
    app.state.settings, app.state.store = settings, store
    app.state.rate_limit = RateLimit(settings.web_requests_per_minute)
    problems.install(app)
    api = APIRouter(prefix="/api/v1")
    for part in (automation,):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(health.router)
    problems.describe(app)
    app.add_middleware(Authentication, outer=app)
    app.add_middleware(SecurityHeaders)
    return app
