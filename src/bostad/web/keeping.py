"""Keeping and deleting: the board's rule, the preview, proposals and their approval by somebody else."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.errors import Missing
from bostad.keeping import service
from bostad.keeping.answers import Decision
from bostad.keeping.pages import keeping_page
from bostad.keeping.rules import Kept
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import Sentence, say

TITLES: Mapping[str, Sentence] = {
    "approve": say("Approve the deletion"),
    "refuse": say("Refuse the deletion"),
}
CONSEQUENCES: Mapping[str, tuple[Sentence, ...]] = {
    "approve": (
        say("Every case of the proposal is deleted for ever, beginning at once, and so is its key."),
        say("Cases that have been changed since, or that are held by now, stay. Totals are kept without the cases."),
    ),
    "refuse": (say("Nothing is deleted. The cases can be proposed again."),),
}
DECIDE: Mapping[str, Callable[..., None]] = {"approve": service.approve, "refuse": service.refuse}


class KeepingController(Controller):
    """What is due and what is held, and who decides."""

    path = "/keeping"
    guards = [only(Role.UNIT_MANAGER, Role.DATA_PROTECTION_OFFICER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Show what the last review found."""
        return page(request, "keeping/show.html", found=keeping_page(sessions, by=request.user, at=at))

    @post("/units/{unit_id:uuid}", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def propose(self, request: WebRequest, unit_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Propose that what is due be deleted."""
        service.propose(sessions, unit_id, by=request.user, at=at)
        return go_to(request, "/keeping")

    @get("/deletions/{deletion_id:uuid}/{how:str}", sync_to_thread=False)
    def ask(self, request: WebRequest, deletion_id: FromPath[UUID], how: FromPath[str]) -> Template:
        """Say what it leads to, before it cannot be undone (U26)."""
        return page(
            request,
            "confirm.html",
            title=_known(how, TITLES),
            consequences=CONSEQUENCES[how],
            label=TITLES[how],
            address=f"/keeping/deletions/{deletion_id}/{how}",
            back="/keeping",
        )

    @post("/deletions/{deletion_id:uuid}/{how:str}", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def decide(
        self, request: WebRequest, deletion_id: FromPath[UUID], how: FromPath[str], sessions: DB, at: At
    ) -> Response[Any]:
        """Approve or refuse what somebody else has proposed."""
        _known(how, DECIDE)(sessions, deletion_id, by=request.user, at=at)
        return go_to(request, "/keeping")


class KeepingDecisionController(Controller):
    """The board's decision on how long cases are kept."""

    path = "/keeping/decision"
    guards = [only(Role.UNIT_MANAGER), stepped_up]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask what the board has decided."""
        return _decision(request, Form(Decision, {"extract_first": True}))

    @post("/", status_code=200, sync_to_thread=True)
    def make(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Write it down."""
        form = Form.read(Decision, data)
        form.submit(lambda decision: service.record_decision(sessions, decision, by=request.user, at=at))
        return _decision(request, form) if form.errors else go_to(request, "/keeping")


def _decision(request: WebRequest, form: Form[Decision]) -> Template:
    kept = [(one.value, one.label) for one in Kept]
    return page(request, "keeping/decision.html", status=form.status, form=form, kept=kept)


def _known(how: str, among: Mapping[str, Any]) -> Any:
    if how not in among:
        raise Missing("There is nothing at this address, or it is not for you.")
    return among[how]
