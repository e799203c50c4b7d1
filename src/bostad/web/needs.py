"""The parts of a need, one page each; the check of all answers; and opening it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.agreements.joint import standing_decision
from bostad.agreements.states import TargetGroup
from bostad.errors import Missing
from bostad.homes.features import Feature
from bostad.needs import check_pages, pages, service
from bostad.needs.answers import FORMS, SectionAnswers
from bostad.needs.household import ContractForm, Risk
from bostad.needs.states import Section
from bostad.needs.surroundings import municipalities
from bostad.records import Sessions
from bostad.web.auth import only
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form, whole
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import Word

PLACES: Mapping[Section, str] = {
    Section.HOUSEHOLD: "household",
    Section.STAY: "living",
    Section.HOME: "home",
    Section.SAFETY: "features",
    Section.AVOID: "areas",
    Section.PRIORITY: "order",
}
"""Each part's place in the address: neutral words (U31)."""

Back = FromQuery[str | None]
"""Where a change link came from: `check`, or nowhere in particular."""


class NeedController(Controller):
    """A need, part by part."""

    path = "/cases/{case_id:uuid}"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/answers/{part:str}", sync_to_thread=True)
    def ask(
        self, request: WebRequest, case_id: FromPath[UUID], part: FromPath[str], sessions: DB, at: At, back: Back = None
    ) -> Template:
        """Show one part, filled in with what is known."""
        found = pages.section_page(sessions, case_id, _form_at(part), by=request.user, on=at.date())
        form = Form(_form_at(part), found.values)
        return _part(request, sessions, case_id, part, found, form, back)

    @post("/answers/{part:str}", status_code=200, sync_to_thread=True)
    def save(
        self, request: WebRequest, case_id: FromPath[UUID], part: FromPath[str], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Keep one part's answers and go back to where they were asked for from."""
        form: Form[SectionAnswers] = Form.read(_form_at(part), data)
        version, back, me = whole(data.get("version")), data.get("back"), request.user
        form.submit(lambda given: service.save_section(sessions, case_id, given, version=version, by=me, at=at))
        if form.errors:
            found = pages.section_page(sessions, case_id, _form_at(part), by=me, on=at.date())
            return _part(request, sessions, case_id, part, found, form, back)
        return go_to(request, back_to(case_id, back))

    @get("/check", sync_to_thread=True)
    def check(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show every answer in plain words, each with a link to change it (U24)."""
        found = check_pages.check_page(sessions, case_id, by=request.user, on=at.date())
        return page(request, "needs/check.html", case_id=case_id, check=found, places=PLACES)

    @post("/check", status_code=200, sync_to_thread=True)
    def open(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Open the need."""
        service.open_need(sessions, case_id, opted_in=data.get("opted_in") == "yes", by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}/opened")

    @get("/opened", sync_to_thread=True)
    def opened(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Confirm that it is open and say what happens next (U25)."""
        case = pages.case_page(sessions, case_id, by=request.user, on=at.date())
        joint = standing_decision(sessions, by=request.user).is_on
        return page(request, "needs/opened.html", case=case, joint=joint)


def back_to(case_id: UUID, back: object) -> str:
    """Give the address to go on to after a part is saved."""
    return f"/cases/{case_id}/check" if back == "check" else f"/cases/{case_id}"


def pairs(kind: type[Word]) -> list[tuple[str, Word]]:
    """Give a closed list as a form's choices."""
    return [(one.value, one) for one in kind]


def _form_at(part: str) -> type[SectionAnswers]:
    for section, form in FORMS.items():
        if PLACES[section] == part:
            return form
    raise Missing("There is nothing at this address, or it is not for you.")


def _part(
    request: WebRequest,
    sessions: Sessions,
    case_id: UUID,
    part: str,
    found: pages.SectionPage,
    form: Form[SectionAnswers],
    back: object,
) -> Template:
    section = next(section for section, place in PLACES.items() if place == part)
    return page(
        request,
        f"needs/{part}.html",
        status=form.status,
        form=form,
        case_id=case_id,
        section=section,
        found=found,
        back="check" if back == "check" else "",
        municipalities=municipalities(sessions, by=request.user) if section is Section.HOME else (),
        contracts=pairs(ContractForm),
        features=pairs(Feature),
        risks=pairs(Risk),
        groups=pairs(TargetGroup),
    )
