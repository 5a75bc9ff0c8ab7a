"""HEAD of a page: what GET would answer, without its body."""

from starlette.types import ASGIApp, Receive, Scope, Send

from igny8_assets.web.problems import API


class HeadRequests:
    """Asks the application by GET; the server sends no body where HEAD was asked for.

    The API is left alone: its operations take what its description says. So are events: what GET answers has no end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        if is_head and not scope["path"].startswith(API) and not scope["path"].endswith("/events"):
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
