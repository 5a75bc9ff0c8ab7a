"""Errors as problem documents (RFC 9457), the form in which every refusal of the API comes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from igny8_assets.complaints import plain_words
from igny8_assets.errors import UserError
from igny8_assets.web.pages.rendering import fragment, page
from igny8_assets.web.sessions import NotLoggedIn

API = "/api/"
MEDIA_TYPE = "application/problem+json"


class Complaint(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="The part of the request, e.g. body.title.", examples=["query.limit"])
    message: str = Field(examples=["has to be at most 200"])


class Problem(BaseModel):
    """Why a request was not carried out; nothing was changed."""

    type: str = Field("about:blank", description="Always about:blank: `code` says what it is.")
    title: str = Field(description="The HTTP status in words.", examples=["Conflict"])
    status: int = Field(examples=[409])
    code: str = Field(description="A stable word for programs.", examples=["run_active"])
    detail: str = Field(description="What is wrong and how to mend it, for a person.")
    errors: list[Complaint] = Field(default=[], description="Each thing that is wrong, where there may be several.")


_WORDS = {
    400: "The request asks for what can't be done.",
    401: "No valid key was shown.",
    402: "The credits don't cover it.",
    403: "The key's role does not allow it, or the account's writer is off.",
    404: "There is no such thing, or the key is not for it.",
    408: "The body did not come.",
    409: "The present state does not allow it.",
    412: "It was changed since it was read; read it again.",
    413: "The body is too large.",
    422: "A value is missing or not allowed.",
    428: "`If-Match` is missing: say which version the change is for.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
ALWAYS = (401, 403, 404, 413, 422, 429)
"""What any operation may answer."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents that an operation may answer, for its description; those of any operation are added."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*ALWAYS, *statuses})
    }


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[Complaint] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An answer that is a problem document."""
    document = Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail, errors=errors or [])
    return JSONResponse(document.model_dump(), status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have every error of the app answered by a problem document."""

    @app.exception_handler(UserError)
    async def refused(request: Request, error: UserError) -> Response:
        return _told(request, error.status, error.code, str(error))

    @app.exception_handler(NotLoggedIn)
    async def not_logged_in(request: Request, _: NotLoggedIn) -> Response:
        if "HX-Request" in request.headers:
            return Response(status_code=204, headers={"HX-Redirect": "/login"})
        return RedirectResponse("/login", 303)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        wrong = error.errors()
        if request.url.path.startswith(API):
            found = [_complaint(one) for one in wrong]
            detail = "; ".join(f"{one.where} {one.message}" for one in found[:3])
            return _told(request, 422, "invalid", detail, errors=found)
        if any(one["loc"][0] == "path" for one in wrong):
            return _told(request, 404, "not_found", "there is no such page")
        return _told(request, 422, "invalid", "; ".join(f"{_field(one)} {plain_words(one)}" for one in wrong[:3]))

    @app.exception_handler(HTTPException)
    async def refused_by_the_framework(request: Request, error: HTTPException) -> Response:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        headers = error.headers
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {"Allow": ", ".join(_methods_of(app, request.url.path))}
        return _told(request, error.status_code, code, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def fault(request: Request, _error: Exception) -> Response:
        return _told(request, 500, "fault", "a fault that should not happen; the server's log has the details")


def _told(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[Complaint] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document for programs; for people the notice of the page or dialog, or a page of its own."""
    if request.url.path.startswith(API):
        return problem(status, code, detail, errors=errors, headers=headers)
    detail = _without_commands(detail)
    if "HX-Request" in request.headers:
        notice = fragment("_complaint.html", message=detail)
        # A dialog covers the page's notice and has one of its own.
        own = request.headers.get("HX-Target", "").endswith("-notice")
        where = {"HX-Reswap": "innerHTML"} if own else {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
        return HTMLResponse(notice, status, {**where, **(headers or {})})
    answer = page(request, "message.html", status=status, message=detail)
    answer.headers.update(headers or {})
    return answer


def _without_commands(detail: str) -> str:
    """What is wrong, without what the command line would do about it: the page has buttons of its own."""
    told = [part for part in detail.split("; ") if "`igny8 " not in part]
    return "; ".join(told) or detail


def _field(error: Mapping[str, Any]) -> str:
    """The field of a form that is wrong, as people call it."""
    return next((part for part in reversed(error["loc"]) if isinstance(part, str)), "it").replace("_", " ")


def describe(app: FastAPI) -> None:
    """Have the description of the app hold what a problem document is."""
    made = app.openapi

    def with_problems() -> dict[str, Any]:
        described = made()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        _, definitions = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
        schemas |= definitions["$defs"]
        return described

    app.openapi = with_problems  # type: ignore[method-assign]


def _methods_of(app: FastAPI, path: str) -> list[str]:
    """All that a path takes; the framework knows of the first operation there alone."""
    there = (route for route in iter_route_contexts(app.routes) if route.path_regex.match(path))
    return sorted({method for route in there for method in route.methods or ()})


def _complaint(error: Mapping[str, Any]) -> Complaint:
    return Complaint(where=".".join(str(part) for part in error["loc"]), message=plain_words(error))
