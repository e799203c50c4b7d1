"""Opening a colleague's case in an emergency."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.oversight.answers import EmergencyAnswers, Hours
from bostad.oversight.emergency import open_in_emergency
from bostad.oversight.states import Emergency
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import pairs
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say

HOURS = (
    (Hours.ONE, say("One hour")),
    (Hours.FOUR, say("Four hours")),
    (Hours.TWELVE, say("Twelve hours")),
)


class EmergencyController(Controller):
    """A case that is not one's own and cannot wait."""

    path = "/cases/emergency"
    guards = [only(Role.SOCIAL_WORKER), stepped_up]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask for its number and the reason; say who sees it."""
        return _page(request, Form(EmergencyAnswers))

    @post("/", status_code=200, sync_to_thread=True)
    def open(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Open it and go there."""
        form, me = Form.read(EmergencyAnswers, data), request.user
        case_id = form.submit(lambda given: open_in_emergency(sessions, given, by=me, at=at))
        return go_to(request, f"/cases/{case_id}") if case_id else _page(request, form)


def _page(request: WebRequest, form: Form[EmergencyAnswers]) -> Template:
    return page(
        request,
        "oversight/emergency.html",
        status=form.status,
        form=form,
        reasons=pairs(Emergency),
        hours=[(int(hours), words) for hours, words in HOURS],
    )
