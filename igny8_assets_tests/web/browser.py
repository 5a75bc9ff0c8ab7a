"""What a browser sends, without one: cookies, and the token of the page that it saw last."""

import re

import requests


class Browser:
    """Keeps cookies and sends the token of the page that it saw last."""

    def __init__(self, address: str) -> None:
        self.address, self.session, self.token = address, requests.Session(), ""

    @property
    def cookie(self) -> str:
        """The header that tells the server who is logged in."""
        return "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())

    def get(self, path: str, **options: object) -> requests.Response:
        answer = self.session.get(self.address + path, timeout=60, **options)  # type: ignore[arg-type]
        found = re.search(r'X-CSRF-Token": "([^"]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, *, token: str | None = None, **fields: str | list[str]) -> requests.Response:
        shown = {"csrf": self.token if token is None else token}
        return self.session.post(
            self.address + path, {**shown, **fields}, timeout=60, allow_redirects=False, headers={"HX-Request": "true"}
        )

    def log_in(self, key: str | None) -> requests.Response:
        self.get("/login")
        answer = self.post("/login", key=key or "")
        self.get("/automation")
        return answer
