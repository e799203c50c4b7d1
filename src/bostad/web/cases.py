"""A social worker's own cases: the list, a new one, the page of one, and what can be done with it as a whole."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs import pages, service
from bostad.needs.case_answers import Closing, FindCase, NewCase
from bostad.needs.states import ClosedBecause
from bostad.placements import endings
from bostad.placements.answers import Viewing
from bostad.placements.case_pages import case_screen
from bostad.placements.lists import going_on
from bostad.protection.deciding import waiting_for
from bostad.protection.searching import find_case
from bostad.records import Sessions
from bostad.web.auth import only
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.moves import ACTS
from bostad.web.needs import PLACES
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say


class CasesController(Controller):
    """One's own cases."""

    path = "/cases"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """List the cases one works with."""
        return _list(request, sessions, at, Form(FindCase))

    @post("/find", status_code=200, sync_to_thread=True)
    def find(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Go to one's case with exactly this number; it is sent in the form, so that no address ever holds it (S09)."""
        form, me = Form.read(FindCase, data), request.user

        case_id = form.submit(lambda wanted: find_case(sessions, wanted.case_number, by=me, at=at))
        return go_to(request, f"/cases/{case_id}") if case_id else _list(request, sessions, at, form)

    @get("/new", sync_to_thread=False)
    def new(self, request: WebRequest) -> Template:
        """Ask for the case number."""
        return page(request, "needs/new.html", form=Form(NewCase))

    @post("/new", status_code=200, sync_to_thread=True)
    def start(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Register a case and go to its task list."""
        form = Form.read(NewCase, data)
        case_id = form.submit(lambda new: service.start_case(sessions, new, by=request.user, at=at))
        if case_id is None:
            return page(request, "needs/new.html", status=form.status, form=form)
        return go_to(request, f"/cases/{case_id}")

    @get("/{case_id:uuid}", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show a case: where it stands, what is left to fill in, consents, and the way to a home."""
        screen = case_screen(sessions, case_id, by=request.user, at=at)
        return page(
            request,
            "needs/case.html",
            case=screen.case,
            placement=screen.placement,
            past=screen.past,
            outcome=screen.outcome,
            opening=screen.opening,
            places=PLACES,
            acts=ACTS,
            form=Form(Viewing),
        )

    @post("/{case_id:uuid}/matching", status_code=200, sync_to_thread=True)
    def take_part(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Response[Any]:
        """Let the case take part in joint matching, or not."""
        opted_in = data.get("opted_in") == "yes"
        service.take_part(sessions, case_id, opted_in=opted_in, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}")

    @get("/{case_id:uuid}/pause", sync_to_thread=True)
    def ask_pause(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Say what pausing leads to."""
        case = pages.case_page(sessions, case_id, by=request.user, on=at.date())
        return page(
            request,
            "confirm.html",
            title=say("Pause the case"),
            consequences=[
                say("Case %(number)s", number=case.case_number),
                say("No home is proposed until you resume it. The days are still counted."),
                say("What is going on with a home stops, unless a contract is signed."),
            ],
            label=say("Pause"),
            address=f"/cases/{case_id}/pause",
            back=f"/cases/{case_id}",
        )

    @post("/{case_id:uuid}/pause", status_code=200, sync_to_thread=True)
    def pause(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Pause the need."""
        endings.pause_need(sessions, case_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}")

    @post("/{case_id:uuid}/resume", status_code=200, sync_to_thread=True)
    def resume(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Open a paused need again."""
        service.resume_need(sessions, case_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}")

    @get("/{case_id:uuid}/close", sync_to_thread=True)
    def ask_close(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask why the case is closed, and say what it leads to."""
        return _closing(request, sessions, at, case_id, Form(Closing))

    @post("/{case_id:uuid}/close", status_code=200, sync_to_thread=True)
    def close(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Close the case without a home from here."""
        form, me = Form.read(Closing, data), request.user
        if form.answers is None:
            return _closing(request, sessions, at, case_id, form)
        endings.close_case(sessions, case_id, form.answers.because, by=me, at=at)
        return go_to(request, f"/cases/{case_id}")


def _list(request: WebRequest, sessions: Sessions, at: At, form: Form[FindCase]) -> Template:
    cases = pages.my_cases(sessions, by=request.user, on=at.date())
    under_way = going_on(sessions, by=request.user, at=at)
    waiting = waiting_for(sessions, by=request.user, on=at.date())
    shown = {"cases": cases, "under_way": under_way, "form": form, "decisions": waiting}
    return page(request, "needs/cases.html", status=form.status, **shown)


def _closing(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[Closing]) -> Template:
    case = pages.case_page(sessions, case_id, by=request.user, on=at.date())
    return page(
        request,
        "confirm.html",
        status=form.status,
        form=form,
        fields=[("because", "choices", [(one.value, one) for one in ClosedBecause])],
        title=say("Close the case without a home from here"),
        consequences=[
            say("Case %(number)s", number=case.case_number),
            say("What is going on with a home stops, and no company sees anything of the case any more."),
            say("When a contract is signed, the placement has to be called off or moved in to first."),
            say("A closed case cannot be opened again."),
        ],
        label=say("Close the case"),
        address=f"/cases/{case_id}/close",
        back=f"/cases/{case_id}",
    )
