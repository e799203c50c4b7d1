"""The service as people meet it: on a port of its own, with a database of its own, in this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.app import create_app
from bostad.records import Sessions, clock
from bostad.settings import Settings
from bostad.web.auth import new_token
from tests.people import CHEAP, SECRET
from tests.roles import databases_of

STARTS_WITHIN = 10
COOKIE = "bostad"


@dataclass(frozen=True)
class Live:
    """A running service and the database under it."""

    base: str
    sessions: Sessions

    def signed_in(self, user: User) -> str:
        """Begin a session for a user and give its token, as the cookie would hold it."""
        token = new_token()
        with self.sessions.begin() as db:
            begin_session(db, user, token, at=clock(self.sessions), proved_at=clock(self.sessions))
        return token


@contextmanager
def serving(sessions: Sessions, certificate: Path | None = None) -> Iterator[Live]:
    """Serve on a free port of this computer until the block ends; with a certificate, as in production, over TLS."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{door.getsockname()[1]}"
        hosts = (host, host.replace("127.0.0.1", "localhost"))
        settings = Settings(
            databases={}, redis_url="", secret=SECRET, hosts=hosts, secure=bool(certificate), port=0, codes_suffice=True
        )
        app = create_app(settings, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)
        started = threading.Event()
        server = _Server(
            uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, ssl_certfile=certificate), started
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            assert started.wait(STARTS_WITHIN), "the service did not start"
            yield Live(f"https://{hosts[1]}" if certificate else f"http://{host}", sessions)
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    """Says when it answers, so that nobody has to ask again and again."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self.says_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.says_started.set()
