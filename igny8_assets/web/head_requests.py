"""HEAD of a page: what GET would answer, without its body."""

from starlette.types import ASGIApp, Receive, Scope, Send

from igny8_assets.web.problems import API


class HeadRequests:
    """Asks the application by GET; the server sends no body where HEAD was asked for.

    The API is left alone: its operations take what its description says.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and scope["method"] == "HEAD" and not scope["path"].startswith(API):
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
