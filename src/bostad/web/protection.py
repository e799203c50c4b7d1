"""What protects a case beyond consent: disclosure without it, heightened protection, and the ledger of disclosures."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs.consent import FieldGroup
from bostad.needs.consent_pages import new_consent_page
from bostad.needs.people_pages import people_page
from bostad.protection import disclosures, heightening, necessity
from bostad.protection.answers import Necessity
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import pairs
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say


class NecessityController(Controller):
    """Asking for disclosure without consent. No page leads here but the one that records a consent."""

    path = "/cases/{case_id:uuid}/without-consent"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def ask(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Say what it takes, and ask why."""
        return _asking(request, sessions, at, case_id, Form(Necessity))

    @post("/", status_code=200, guards=[stepped_up], sync_to_thread=True)
    def send(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Send the request to the manager; until she has decided, nobody sees anything."""
        form, me = Form.read(Necessity, data), request.user
        form.submit(lambda given: necessity.ask_to_disclose(sessions, case_id, given, by=me, at=at))
        return _asking(request, sessions, at, case_id, form) if form.errors else go_to(request, f"/cases/{case_id}")


class ProtectionController(Controller):
    """Heightened protection of one case: its worker or the manager sets it, two of the named people end it."""

    path = "/cases/{case_id:uuid}/protection"
    guards = [only(Role.SOCIAL_WORKER, Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def ask(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Say what it leads to, or what ending it takes."""
        found = people_page(sessions, case_id, by=request.user, on=at.date())
        title, consequences, label, action = _LIFT if found.heightened else _HEIGHTEN
        return page(
            request,
            "confirm.html",
            title=title,
            consequences=[say("Case %(number)s", number=found.case_number), *consequences],
            label=label,
            address=f"/cases/{case_id}/protection{action}",
            back=f"/cases/{case_id}" if found.is_own else "/",
        )

    @post("/", status_code=200, sync_to_thread=True)
    def heighten(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Set it."""
        heightening.heighten(sessions, case_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}" if request.user.role is Role.SOCIAL_WORKER else "/")

    @post("/lift", status_code=200, guards=[stepped_up], sync_to_thread=True)
    def lift(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Ask for its end."""
        heightening.ask_to_lift_protection(sessions, case_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}")


@get("/cases/{case_id:uuid}/disclosures", guards=[only(Role.SOCIAL_WORKER)], sync_to_thread=True)
def case_disclosures(request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
    """Show what was disclosed of one case, to whom, when and on what ground."""
    found = disclosures.disclosures_of_case(sessions, case_id, by=request.user, on=at.date())
    return page(request, "protection/disclosures.html", case_id=case_id, found=found)


_HEIGHTEN = (
    say("Close the case to all but those named"),
    (
        say("Only the social worker and those who stand in can open the case. Nobody is told why."),
        say("It leaves the manager's list and every breakdown, and cannot be opened in an emergency."),
        say("The matching goes on as before, and no company notices anything."),
        say("To end it, one of you asks and another agrees."),
    ),
    say("Give the case heightened protection"),
    "",
)
_LIFT = (
    say("Open the case as before"),
    (
        say("The case becomes like any other: it stands in the unit's lists, and its manager can hand it over."),
        say("Another of the named people has to agree. Until then nothing changes."),
    ),
    say("Ask for the protection to end"),
    "/lift",
)


def _asking(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[Necessity]) -> Template:
    found = new_consent_page(sessions, case_id, by=request.user, on=at.date())
    return page(
        request,
        "protection/necessity.html",
        status=form.status,
        case_id=case_id,
        form=form,
        found=found,
        groups=pairs(FieldGroup),
    )
