"""What a change on the page leads to: the same page anew, or another one, which says once what was done."""

from fastapi import Request
from fastapi.responses import Response

_SAID = "said"


def done(request: Request, what: str, there: str | None = None) -> Response:
    """Have the browser show a page.

    Args:
        what: one of the words' `done`.
        there: the page's address; the one that the browser is on unless told otherwise.
    """
    request.session[_SAID] = what
    return Response(status_code=204, headers={"HX-Refresh": "true"} if there is None else {"HX-Redirect": there})


def said_once(request: Request) -> str:
    """What was done before this page is shown: one of the words' `done`, or nothing."""
    return str(request.session.pop(_SAID, ""))
