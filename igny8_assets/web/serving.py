"""The web server: the page and the API on one address, until it is told to end."""

import gc
import signal
import socket
import sys

import uvicorn

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.store.database import Store, open_store
from igny8_assets.web.application import create_app

GRACE_SECONDS = 5
"""How long requests have to end; streams would go on for ever."""
BACKLOG = 2048


def server_of(settings: Settings, store: Store) -> uvicorn.Server:
    """The server of an installation, not started; the store has to stay open as long as it runs."""
    config = uvicorn.Config(
        create_app(settings, store),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def run(server: uvicorn.Server, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, which are heeded then and need nothing more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # The server sends what ended it once more when it is done.
        signal.signal(number, lambda *_: None)
    # What is loaded stays; to look through it for garbage would hold every request up for a tenth of a second.
    gc.collect()
    gc.freeze()
    server.run(sockets=[listening])


def listening_at(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        UserError: the address is none of this machine, or taken.
    """
    address = (settings.web_host, settings.web_port)
    try:
        family, kind, _, _, place = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        raise UserError(
            f"can't listen on {address[0]}:{address[1]} ({error.strerror}); end what uses it, or set IGNY8_WEB_PORT "
            "or IGNY8_WEB_HOST to another"
        ) from None
    return listening


def main() -> None:
    """Serve the installation that the environment names."""
    settings = load_settings()
    try:
        store = open_store(settings)
        run(server_of(settings, store), listening_at(settings))
    except UserError as error:
        sys.exit(f"igny8: {error}")
    store.close()


if __name__ == "__main__":
    main()
