"""Whether the server lives, and whether it can do its work."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from igny8_assets.store.schema import HEAD, current_version

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(request: Request) -> JSONResponse:
    """The database answers and its tables are those that this version needs."""
    store = request.app.state.store
    try:
        with store.read() as session:
            session.execute(text("select 1"))
        version = current_version(store)
    except Exception as error:
        return JSONResponse({"status": "unavailable", "database": type(error).__name__}, 503)
    if version != HEAD:
        return JSONResponse({"status": "unavailable", "database": f"its tables are of version {version}"}, 503)
    return JSONResponse({"status": "ok", "database": "ok"})
