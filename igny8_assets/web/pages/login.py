"""Logging in with a key, and out."""

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from igny8_assets.web.pages.rendering import page, texts
from igny8_assets.web.sessions import checked_token, log_in, log_out

router = APIRouter(include_in_schema=False, dependencies=[Depends(checked_token)])
HOME = "/automation"


@router.get("/")
async def root() -> Response:
    """There is one page."""
    return RedirectResponse(HOME, 303)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form."""
    return page(request, "login.html", error=None)


@router.post("/login")
def login(request: Request, key: str = Form(max_length=200)) -> Response:
    """Let whoever shows a valid key in."""
    host = request.client.host if request.client else ""
    if request.app.state.login_limit.wait(f"login {host}"):
        return page(request, "login.html", status=429, error=texts()["too_often"])
    if not log_in(request, key):
        return page(request, "login.html", status=403, error=texts()["wrong_key"])
    return RedirectResponse(HOME, 303)


@router.post("/logout")
def logout(request: Request) -> Response:
    """Forget who it was."""
    log_out(request)
    return RedirectResponse("/login", 303)
