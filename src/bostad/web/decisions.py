"""What takes two: the page of what waits for a second person; and the officer's ledger of disclosures."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.errors import Missing
from bostad.protection import deciding, disclosures, excluding, heightening, necessity
from bostad.protection.deciding import DecisionKind
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.rendering import WebRequest, go_to, page

FARTHEST = 1_000_000
"""Where the list ends at the latest: whoever asks for more finds nothing, and the database is not asked for it."""


class DecisionsController(Controller):
    """What waits for somebody's decision as the second of two."""

    path = "/decisions"
    guards = [only(Role.SOCIAL_WORKER, Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Show what waits, and to a manager every disclosure without consent in her unit."""
        found = deciding.decisions(sessions, by=request.user, at=at)
        return page(request, "protection/decisions.html", found=found)

    @post("/{kind:str}/{subject:uuid}", status_code=200, guards=[stepped_up], sync_to_thread=True)
    def decide(
        self, request: WebRequest, kind: FromPath[str], subject: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Response[Any]:
        """Say yes or no to one."""
        agreed, me = data.get("agreed") == "yes", request.user
        if kind == DecisionKind.NECESSITY:
            necessity.decide_to_disclose(sessions, subject, grant=agreed, by=me, at=at)
        elif kind == DecisionKind.EXCLUSION:
            excluding.decide_to_lift(sessions, subject, lift=agreed, by=me, at=at)
        elif kind == DecisionKind.PROTECTION:
            heightening.decide_on_protection(sessions, subject, lift=agreed, by=me, at=at)
        else:
            raise Missing("There is nothing at this address, or it is not for you.")
        return go_to(request, "/decisions")


@get("/disclosures", guards=[only(Role.DATA_PROTECTION_OFFICER)], sync_to_thread=True)
def board_disclosures(request: WebRequest, sessions: DB, skip: FromQuery[int] = 0) -> Template:
    """List what the board has disclosed, newest first; nothing to filter by."""
    found = disclosures.disclosures_of_board(sessions, skip=min(max(0, skip), FARTHEST), by=request.user)
    return page(request, "protection/board_disclosures.html", found=found, is_newest=skip <= 0)
