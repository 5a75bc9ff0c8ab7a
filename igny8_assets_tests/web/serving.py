"""The web server on a port of its own within a test, and clients that show a key."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from igny8_assets.automation.keys import add_key
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Account, KeyRole, Site
from igny8_assets.web.serving import listening_at, server_of
from igny8_assets_tests.servers.igny8_process import free_port

API = "/api/v1"


@dataclass(frozen=True)
class Client:
    """Asks a server, with a key or without one."""

    address: str
    key: str | None = None

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer to a request; a redirection is an answer."""
        headers = {
            **({} if self.key is None else {"Authorization": f"Bearer {self.key}"}),
            **options.pop("headers", {}),
        }
        return requests.request(
            method, self.address + path, headers=headers, timeout=60, allow_redirects=False, **options
        )

    def get(self, path: str, **params: Any) -> Any:
        """What a GET of the API answers, which must be good."""
        answer = self.ask("GET", API + path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **params: Any) -> Any:
        """What a POST to the API answers, which must be good."""
        answer = self.ask("POST", API + path, json=body, params=params, headers=headers or {})
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def serving(store: Store, settings: Settings) -> Iterator[Client]:
    """A server of this installation, and a client without a key."""
    settings = settings.model_copy(update={"web_port": free_port()})
    server = server_of(settings, store)
    with listening_at(settings) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield Client(f"http://{settings.web_host}:{settings.web_port}")
        finally:
            server.should_exit = True
            thread.join(timeout=30)


def with_key(client: Client, store: Store, site: Site, role: KeyRole, *only: Site, **values: Any) -> Client:
    """A client that shows a new key of the site's account, for all of its sites or for some only."""
    with store.write() as session:
        account = session.get_one(Account, site.account_id)
        made = add_key(session, account, values.pop("label", f"a {role.value}"), role, only, **values)
    return Client(client.address, made.secret)


def problem_of(answer: requests.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document that an answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    return document
