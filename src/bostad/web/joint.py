"""Joint matching: whether the board has decided on it, and the manager's page to switch it on or off."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.agreements.joint import Decision, standing_decision, switch
from bostad.errors import Missing
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import Sentence, say

TO = {"on": True, "off": False}
TITLES: Mapping[bool, Sentence] = {
    True: say("Switch joint matching on"),
    False: say("Switch joint matching off"),
}
CONSEQUENCES: Mapping[bool, tuple[Sentence, ...]] = {
    True: (
        say("All open cases that take part are held against all free homes together, and homes are proposed."),
        say("Switch it on only when the board's lawyers have approved it, and write where the decision is registered."),
        say("Each social worker still chooses for each case whether it takes part."),
    ),
    False: (
        say("No home is proposed jointly any more. For each case the free homes are ranked, and no more."),
        say("Proposals that no household has been told of are taken back at the next run."),
        say("What has been put to a household, accepted or signed goes on as it is."),
    ),
}


class JointController(Controller):
    """The board's decision on joint matching."""

    path = "/joint-matching"
    guards = [only(Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, sessions: DB) -> Template:
        """Say what holds, and by which decision."""
        return page(request, "agreements/joint.html", standing=standing_decision(sessions, by=request.user))

    @get("/{to:str}", guards=[stepped_up], sync_to_thread=False)
    def ask(self, request: WebRequest, to: FromPath[str]) -> Template:
        """Ask by which decision, and say what it leads to."""
        return _ask(request, to, Form(Decision))

    @post("/{to:str}", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def make(self, request: WebRequest, to: FromPath[str], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Switch it."""
        form = Form.read(Decision, data)
        form.submit(lambda decision: switch(sessions, decision, on=_on(to), by=request.user, at=at))
        return _ask(request, to, form) if form.errors else go_to(request, "/joint-matching")


def _ask(request: WebRequest, to: str, form: Form[Decision]) -> Template:
    on = _on(to)
    return page(
        request,
        "confirm.html",
        status=form.status,
        form=form,
        fields=[("decided_on", "text", None), ("reference", "text", None)],
        title=TITLES[on],
        consequences=CONSEQUENCES[on],
        label=TITLES[on],
        address=f"/joint-matching/{to}",
        back="/joint-matching",
    )


def _on(to: str) -> bool:
    """Find what is asked for by its name in the address."""
    if to not in TO:
        raise Missing("There is nothing at this address, or it is not for you.")
    return TO[to]
