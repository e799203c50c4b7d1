"""Who works with a case: handing it over, and standing in. The manager does both, and sees no more than that."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs import people
from bostad.needs.case_answers import Colleague, NewDeputy
from bostad.needs.people_pages import PeoplePage, people_page
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say


class PeopleController(Controller):
    """The people of a case."""

    path = "/cases/{case_id:uuid}"
    guards = [only(Role.SOCIAL_WORKER, Role.UNIT_MANAGER), stepped_up]

    @get("/hand-over", sync_to_thread=True)
    def ask(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask whose case it is to be."""
        return _handing_over(request, sessions, at, case_id, Form(Colleague))

    @post("/hand-over", status_code=200, sync_to_thread=True)
    def hand_over(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Hand the case over."""
        form, me = Form.read(Colleague, data), request.user
        form.submit(lambda given: people.hand_over(sessions, case_id, given, by=me, at=at))
        return _handing_over(request, sessions, at, case_id, form) if form.errors else go_to(request, "/")

    @get("/deputies", sync_to_thread=True)
    def deputies(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show who stands in, and ask for one more."""
        return _deputies(request, sessions, at, case_id, Form(NewDeputy))

    @post("/deputies", status_code=200, sync_to_thread=True)
    def name_deputy(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Let a colleague stand in."""
        form, me = Form.read(NewDeputy, data), request.user
        form.submit(lambda given: people.name_deputy(sessions, case_id, given, by=me, at=at))
        if form.errors:
            return _deputies(request, sessions, at, case_id, form)
        return go_to(request, f"/cases/{case_id}/deputies")

    @post("/deputies/{user_id:uuid}/remove", status_code=200, sync_to_thread=True)
    def remove_deputy(
        self, request: WebRequest, case_id: FromPath[UUID], user_id: FromPath[UUID], sessions: DB, at: At
    ) -> Response[Any]:
        """End it before its day."""
        people.remove_deputy(sessions, case_id, user_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}/deputies")


def _handing_over(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[Colleague]) -> Template:
    found = people_page(sessions, case_id, by=request.user, on=at.date())
    return page(
        request,
        "confirm.html",
        status=form.status,
        form=form,
        fields=[("colleague_id", "select", found.colleagues)],
        title=say("Hand over the case"),
        consequences=[
            say("Case %(number)s", number=found.case_number),
            say("The social worker is %(name)s. Whoever takes over has the case at once.", name=found.worker),
            say("The former social worker and those who stand in no longer see it."),
        ],
        label=say("Hand over"),
        address=f"/cases/{case_id}/hand-over",
        back=_back(found),
    )


def _deputies(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[NewDeputy]) -> Template:
    found = people_page(sessions, case_id, by=request.user, on=at.date())
    return page(request, "needs/deputies.html", status=form.status, form=form, found=found, back=_back(found))


def _back(found: PeoplePage) -> str:
    """Give the page to go back to: the case for the one who may open it, the overview for the manager."""
    return f"/cases/{found.id}" if found.is_own else "/"
