"""What to keep away from: areas one by one, companies together, and that nothing more is to be added."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs import avoiding
from bostad.needs.answers import BlockedCompanies, CircleArea, NamedArea
from bostad.needs.stays import AvoidKind
from bostad.needs.surroundings import avoid_page
from bostad.protection import excluding
from bostad.protection.answers import NamedPerson
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import Back, back_to
from bostad.web.rendering import WebRequest, go_to, page

NAMED_KINDS = [(kind.value, kind) for kind in (AvoidKind.DISTRICT, AvoidKind.BUILDING)]


class AreasController(Controller):
    """What a case's household keeps away from. Each form has an address of its own, and all come back to the page."""

    path = "/cases/{case_id:uuid}/answers/areas"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, back: Back = None) -> Template:
        """Show what is avoided so far, and the ways to add to it."""
        return _page(request, sessions, at, case_id, back=back)

    @post("/named", status_code=200, sync_to_thread=True)
    def name_one(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Add a district or a building."""
        form, me = Form.read(NamedArea, data), request.user
        form.submit(lambda area: avoiding.avoid_named(sessions, case_id, area, by=me, at=at))
        return self._after(request, sessions, at, case_id, form, data)

    @post("/circle", status_code=200, sync_to_thread=True)
    def draw_circle(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Add a circle around a place."""
        form, me = Form.read(CircleArea, data), request.user
        form.submit(lambda area: avoiding.avoid_circle(sessions, case_id, area, by=me, at=at))
        return self._after(request, sessions, at, case_id, form, data)

    @post("/companies", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def block(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Say which companies must not hear of the household."""
        form, me = Form.read(BlockedCompanies, data), request.user
        form.submit(lambda given: avoiding.block_companies(sessions, case_id, given.blocked, by=me, at=at))
        return self._after(request, sessions, at, case_id, form, data)

    @post("/people", status_code=200, sync_to_thread=True)
    def exclude(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Name a person at a company who must not hear of the household."""
        form, me = Form.read(NamedPerson, data), request.user
        form.submit(lambda given: excluding.exclude_person(sessions, case_id, given, by=me, at=at))
        return self._after(request, sessions, at, case_id, form, data)

    @post("/people/{exclusion_id:uuid}/lift", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def lift(
        self,
        request: WebRequest,
        case_id: FromPath[UUID],
        exclusion_id: FromPath[UUID],
        sessions: DB,
        at: At,
        data: Sent,
    ) -> Response[Any]:
        """Ask for a person's exclusion to end."""
        excluding.ask_to_lift(sessions, case_id, exclusion_id, by=request.user, at=at)
        return go_to(request, _here(case_id, data.get("back")))

    @post("/{area_id:uuid}/remove", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def remove(
        self, request: WebRequest, case_id: FromPath[UUID], area_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Response[Any]:
        """Take an area away again."""
        avoiding.forget_area(sessions, case_id, area_id, by=request.user, at=at)
        return go_to(request, _here(case_id, data.get("back")))

    @post("/", status_code=200, sync_to_thread=True)
    def finish(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Say that nothing is missing, and go on."""
        avoiding.finish_avoiding(sessions, case_id, by=request.user, at=at)
        return go_to(request, back_to(case_id, data.get("back")))

    def _after(
        self, request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[Any], data: Sent
    ) -> Template | Response[Any]:
        back = data.get("back")
        return (
            _page(request, sessions, at, case_id, form, back) if form.errors else go_to(request, _here(case_id, back))
        )


def _here(case_id: UUID, back: object) -> str:
    return f"/cases/{case_id}/answers/areas" + ("?back=check" if back == "check" else "")


def _page(
    request: WebRequest, sessions: Sessions, at: At, case_id: UUID, sent: Form[Any] | None = None, back: object = None
) -> Template:
    """Show the page; the form that was refused keeps its answers, the others start anew."""
    found = avoid_page(sessions, case_id, by=request.user, on=at.date())
    forms: dict[type, Form[Any]] = {
        NamedArea: Form(
            NamedArea, {"municipality": found.municipalities[0][0]} if len(found.municipalities) == 1 else {}
        ),
        CircleArea: Form(CircleArea),
        BlockedCompanies: Form(BlockedCompanies, {"blocked": found.blocked}),
        NamedPerson: Form(NamedPerson),
    }
    if sent is not None:
        forms[sent.model] = sent
    return page(
        request,
        "needs/areas.html",
        status=sent.status if sent else 200,
        case_id=case_id,
        found=found,
        form=sent or forms[NamedArea],
        named=forms[NamedArea],
        circle=forms[CircleArea],
        blocked=forms[BlockedCompanies],
        person=forms[NamedPerson],
        kinds=NAMED_KINDS,
        back="check" if back == "check" else "",
    )
