"""Questions that begin with what if: the manager's about more homes, a social worker's about her own case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.agreements.pages import ledger
from bostad.homes.features import STATED
from bostad.needs.surroundings import municipalities
from bostad.placements import asking
from bostad.placements.asking import MoreHomes, OtherAnswer, question_page
from bostad.records import Sessions
from bostad.web.auth import only
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page, page_or_part
from bostad.web.runs import TURNS
from bostad.words import Sentence, say

CANNOT: Mapping[str, Sentence] = {
    "fault": say("The answer did not pass the check, so it is not shown. Tell whoever runs the service."),
    "rights": say("You no longer have the right to ask this."),
    "joint_off": say("Joint matching is off for your board, so there is no plan to ask about."),
    "not_waiting": say("What you asked about does not take part in the matching at the moment."),
    "home_gone": say("The home is no longer free."),
    "does_not_fit": say("The home does not fit this household, so it is not put to them in thought either."),
}


class MoreHomesController(Controller):
    """What one home more a month would do."""

    path = "/what-if"

    @get("/", guards=[only(Role.UNIT_MANAGER)], sync_to_thread=True)
    def ask(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Ask what kind of home."""
        return _more_homes(request, sessions, at, Form(MoreHomes, asking.usual_home()))

    @post("/", guards=[only(Role.UNIT_MANAGER)], status_code=200, sync_to_thread=True)
    def send(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Put the question to the worker."""
        form = Form.read(MoreHomes, data)
        asked = form.submit(lambda given: asking.ask_more_homes(sessions, given, by=request.user, at=at))
        return go_to(request, f"/what-if/{asked}") if asked else _more_homes(request, sessions, at, form)

    @get("/{question_id:uuid}", guards=[only(Role.UNIT_MANAGER, Role.SOCIAL_WORKER)], sync_to_thread=True)
    def show(
        self, request: WebRequest, question_id: FromPath[UUID], sessions: DB, at: At, turn: FromQuery[int] = 0
    ) -> Template:
        """Show the answer, or that it is on its way; asked a few times and then no more."""
        found = question_page(sessions, question_id, by=request.user, at=at)
        following = turn + 1 if not found.answered and turn < TURNS else None
        names = ("placements/what_if.html", "placements/_what_if.html")
        cannot = CANNOT.get(str(found.answer.get("cannot")))
        return page_or_part(request, *names, question=found, turn=following, cannot=cannot)


class OtherAnswerController(Controller):
    """What another answer, or one certain home, would do for one's own case."""

    path = "/cases/{case_id:uuid}"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/what-if", sync_to_thread=True)
    def ask(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask which answer."""
        asking.know_the_case(sessions, case_id, by=request.user, at=at)
        return _other_answer(request, sessions, case_id, Form(OtherAnswer))

    @post("/what-if", status_code=200, sync_to_thread=True)
    def send(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Put the question to the worker."""
        form, me = Form.read(OtherAnswer, data), request.user
        asking.know_the_case(sessions, case_id, by=me, at=at)
        asked = form.submit(lambda given: asking.ask_other_answer(sessions, case_id, given, by=me, at=at))
        return go_to(request, f"/what-if/{asked}") if asked else _other_answer(request, sessions, case_id, form)

    @post("/homes/{home_id:uuid}/what-if", status_code=200, sync_to_thread=True)
    def this_home(
        self, request: WebRequest, case_id: FromPath[UUID], home_id: FromPath[UUID], sessions: DB, at: At
    ) -> Response[Any]:
        """Ask what it would do if this home were kept for the case."""
        asked = asking.ask_this_home(sessions, case_id, home_id, by=request.user, at=at)
        return go_to(request, f"/what-if/{asked}")


def _more_homes(request: WebRequest, sessions: Sessions, at: At, form: Form[MoreHomes]) -> Template:
    lines = ledger(sessions, by=request.user, on=at.date())
    return page(
        request,
        "placements/more_homes.html",
        status=form.status,
        form=form,
        lines=[(str(line.id), f"{line.agreement}: {line.name}") for line in lines],
        municipalities=municipalities(sessions, by=request.user),
        features=[(one.value, one) for one in STATED],
    )


def _other_answer(request: WebRequest, sessions: Sessions, case_id: UUID, form: Form[OtherAnswer]) -> Template:
    return page(
        request,
        "placements/other_answer.html",
        status=form.status,
        form=form,
        case_id=case_id,
        municipalities=municipalities(sessions, by=request.user),
    )
