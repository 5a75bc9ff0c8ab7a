"""Templates with their words, and whatever a browser needs beside them."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from igny8_assets.store.amounts import usd_text
from igny8_assets.web.pages.done import said_once
from igny8_assets.web.sessions import token_of

LANGUAGE = "en"


@cache
def texts(language: str = LANGUAGE) -> Mapping[str, Any]:
    """The page's words in a language."""
    return tomllib.loads(files("igny8_assets.web").joinpath("texts", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("igny8_assets.web", "pages/templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["amount"] = lambda number: f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"
    made.filters["usd"] = usd_text
    made.filters["moment"] = _moment
    made.filters["words"] = lambda name: name.replace("_", " ")
    made.globals["t"] = texts()
    return made


def _moment(value: datetime | None) -> str:
    return "–" if value is None else value.strftime("%Y-%m-%d %H:%M:%S")


def fragment(name: str, **values: Any) -> str:
    """A part of the page; the same for everyone who may see it."""
    return _environment().get_template(name).render(values)


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of this session, with the token that its changes show."""
    return HTMLResponse(fragment(name, token=token_of(request), said=said_once(request), **values), status)
