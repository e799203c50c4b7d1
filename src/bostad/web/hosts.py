"""Which names people may reach the service by (S57); whoever comes by another is told so, and nothing else."""

from collections.abc import Collection

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Receive, Scope, Send

WRONG_NAME = (
    "Den här adressen leder inte hit. Använd den som din egen administratör har gett dig.\n\n"
    "This address does not lead here. Use the one that your own administrator gave you.\n"
)
"""In both languages, since nothing is known about who reads it. It names no right address: one may be guessing."""


class KnownHosts:
    """Stands outside everything else, so that also what leads nowhere is answered alike under a wrong name."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        """Take what is asked under a right name, and the names with their port where there is one."""
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compare the whole name; a forwarded one does not stand in for it."""
        host = MutableScopeHeaders(scope=scope).get("host")
        if host in self.hosts or scope["type"] != ScopeType.HTTP:
            return await self.app(scope, receive, send)
        answer = ASGIResponse(body=WRONG_NAME.encode(), media_type="text/plain", status_code=400)
        return await answer(scope, receive, send)
