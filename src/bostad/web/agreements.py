"""The agreement screens: the list, one agreement with its ledger, its draft, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.agreements import service
from bostad.agreements.answers import AgreementAnswers
from bostad.agreements.pages import agreement_answers, agreement_page, agreements_of, companies
from bostad.agreements.states import AgreementMove
from bostad.errors import Missing
from bostad.placements.lists import open_under
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import Sentence, say

READERS = only(Role.HOUSING_STAFF, Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
MANAGER = only(Role.UNIT_MANAGER)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is said before an agreement changes state (U26)."""

    title: Sentence
    consequences: tuple[Sentence, ...]


ASKS: Mapping[AgreementMove, Ask] = MappingProxyType(
    {
        AgreementMove.PUT_IN_FORCE: Ask(
            say("Put %(name)s in force"),
            (
                say("The company sees the agreement and can publish homes under it from now on."),
                say("Homes that meet the terms are proposed at the next matching run."),
            ),
        ),
        AgreementMove.PAUSE: Ask(
            say("Pause %(name)s"),
            (
                say("While it rests, no homes are published under it and nothing new is promised."),
                say("What is already reserved or signed is not touched. Lines and terms can be changed."),
            ),
        ),
        AgreementMove.RESUME: Ask(
            say("Resume %(name)s"),
            (say("Homes can be published and promised under it again, by its terms as they are."),),
        ),
        AgreementMove.END: Ask(
            say("End %(name)s"),
            (
                say("Nothing more is published or promised under it, and it cannot be taken up again."),
                say("What is already reserved or signed is not touched. The ledger stays."),
            ),
        ),
    }
)

RESTS = frozenset({AgreementMove.PAUSE, AgreementMove.END})


class AgreementsController(Controller):
    """Agreements between boards and companies."""

    path = "/agreements"

    @get("/", guards=[READERS], sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB) -> Template:
        """List the agreements one may read."""
        return page(request, "agreements/list.html", agreements=agreements_of(sessions, by=request.user))

    @get("/new", guards=[MANAGER, stepped_up], sync_to_thread=True)
    def new(self, request: WebRequest, sessions: DB) -> Template:
        """Ask about a new agreement."""
        return self._form(request, Form(AgreementAnswers, _usual_days()), sessions, None)

    @post("/new", guards=[MANAGER, stepped_up], status_code=200, sync_to_thread=True)
    def draft(self, request: WebRequest, data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Begin an agreement."""
        form = Form.read(AgreementAnswers, data)
        made = form.submit(lambda answers: service.draft(sessions, answers, by=request.user, at=at))
        if made is None:
            return self._form(request, form, sessions, None)
        return go_to(request, f"/agreements/{made}")

    @get("/{agreement_id:uuid}", guards=[READERS], sync_to_thread=True)
    def show(self, request: WebRequest, agreement_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show one agreement, its lines and their ledgers."""
        shown = agreement_page(sessions, agreement_id, by=request.user, on=at.date())
        return page(request, "agreements/show.html", agreement=shown)

    @get("/{agreement_id:uuid}/edit", guards=[MANAGER, stepped_up], sync_to_thread=True)
    def edit(self, request: WebRequest, agreement_id: FromPath[UUID], sessions: DB) -> Template:
        """Show an agreement's answers to change."""
        answers = agreement_answers(sessions, agreement_id, by=request.user)
        return self._form(request, Form.showing(answers), sessions, agreement_id)

    @post("/{agreement_id:uuid}/edit", guards=[MANAGER, stepped_up], status_code=200, sync_to_thread=True)
    def change(
        self, request: WebRequest, agreement_id: FromPath[UUID], data: Sent, sessions: DB, at: At
    ) -> Response[Any]:
        """Change a draft, or an agreement that rests."""
        agreement_answers(sessions, agreement_id, by=request.user)
        form = Form.read(AgreementAnswers, data)
        form.submit(lambda answers: service.edit(sessions, agreement_id, answers, by=request.user, at=at))
        if form.errors:
            return self._form(request, form, sessions, agreement_id)
        return go_to(request, f"/agreements/{agreement_id}")

    @get("/{agreement_id:uuid}/{move:str}", guards=[MANAGER, stepped_up], sync_to_thread=True)
    def ask(
        self, request: WebRequest, agreement_id: FromPath[UUID], move: FromPath[str], sessions: DB, at: At
    ) -> Template:
        """Say what a change of state leads to."""
        chosen = _move(move)
        shown = agreement_page(sessions, agreement_id, by=request.user, on=at.date())
        asked = ASKS[chosen]
        going_on = open_under(sessions, agreement_id, by=request.user) if chosen in RESTS else ()
        return page(
            request,
            "confirm.html",
            title=say(asked.title.msgid, name=shown.name),
            consequences=[*asked.consequences, *([say("Open under it now:")] if going_on else []), *going_on],
            label=chosen.label,
            address=f"/agreements/{agreement_id}/{chosen}",
            back=f"/agreements/{agreement_id}",
        )

    @post("/{agreement_id:uuid}/{move:str}", guards=[MANAGER, stepped_up], status_code=200, sync_to_thread=True)
    def make(
        self, request: WebRequest, agreement_id: FromPath[UUID], move: FromPath[str], sessions: DB, at: At
    ) -> Response[Any]:
        """Change the state."""
        service.move(sessions, agreement_id, _move(move), by=request.user, at=at)
        return go_to(request, f"/agreements/{agreement_id}")

    def _form(
        self, request: WebRequest, form: Form[AgreementAnswers], sessions: Sessions, agreement_id: UUID | None
    ) -> Template:
        return page(
            request,
            "agreements/form.html",
            status=form.status,
            form=form,
            agreement_id=agreement_id,
            companies=companies(sessions),
        )


def _usual_days() -> dict[str, Any]:
    fields = AgreementAnswers.model_fields
    return {name: fields[name].default for name in fields if name.endswith("_days")}


def _move(name: str) -> AgreementMove:
    """Find a move by its name in the address."""
    chosen = next((one for one in AgreementMove if one.value == name), None)
    if chosen is None:
        raise Missing("There is nothing at this address, or it is not for you.")
    return chosen
