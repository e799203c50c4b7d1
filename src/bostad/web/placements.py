"""The placement screens: one card, its moves, the company's list, and homes to place by hand."""

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Actor, Role
from bostad.errors import Missing
from bostad.needs.household import ContractForm
from bostad.placements.acknowledging import acknowledge
from bostad.placements.answers import ByHand, Viewing
from bostad.placements.by_hand import place_by_hand
from bostad.placements.lifecycle import Move, is_for
from bostad.placements.lists import free_homes, to_answer
from bostad.placements.loading import NOT_HERE
from bostad.placements.pages import PlacementPage, placement_page
from bostad.placements.preview import card_preview
from bostad.placements.reasons import REASONS, Closed, reasons_for
from bostad.placements.service import note_viewing
from bostad.web.auth import only, stepped_up_for
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.moves import ACTS, Act
from bostad.web.rendering import WebRequest, go_to, page, page_or_part, wants_part
from bostad.words import Sentence, say

BOTH = only(Role.SOCIAL_WORKER, Role.HOUSING_STAFF)
PROMISES = stepped_up_for("move", Move.RELEASE, Move.SIGN)
"""What shows a household to a company, and what binds both, waits for a fresh proof of who one is (S23)."""


@get("/to-answer", guards=[only(Role.HOUSING_STAFF)], sync_to_thread=True)
def waiting_for_the_company(request: WebRequest, sessions: DB, at: At) -> Template:
    """Show what waits for the company, nearest deadline first."""
    return page(request, "placements/to_answer.html", waiting=to_answer(sessions, by=request.user, at=at))


class PlacementController(Controller):
    """One placement, as seen by the person whose turn it is."""

    path = "/placements/{placement_id:uuid}"
    guards = [BOTH]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, placement_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show the placement and the moves open to this person."""
        return self._card(request, placement_id, sessions, at)

    @get("/{move:str}", guards=[PROMISES], sync_to_thread=True)
    def ask(
        self, request: WebRequest, placement_id: FromPath[UUID], move: FromPath[str], sessions: DB, at: At
    ) -> Template:
        """Ask what a move needs to know, and say what it leads to."""
        shown = placement_page(sessions, placement_id, by=request.user, at=at)
        if not shown.may_change:
            raise Missing(NOT_HERE)
        act = _act(move, request.user)
        return self._ask(request, shown, Move(move), act, Form(act.form), sessions, at)

    @post("/acknowledge", guards=[only(Role.HOUSING_STAFF)], status_code=200, sync_to_thread=True)
    def acknowledge(self, request: WebRequest, placement_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Confirm that the reservation has been read, and go on to the card."""
        acknowledge(sessions, placement_id, by=request.user, at=at)
        return go_to(request, f"/placements/{placement_id}")

    @post("/{move:str}", guards=[PROMISES], status_code=200, sync_to_thread=True)
    def make(
        self,
        request: WebRequest,
        placement_id: FromPath[UUID],
        move: FromPath[str],
        data: Sent,
        sessions: DB,
        at: At,
    ) -> Response[Any]:
        """Make a move."""
        shown = placement_page(sessions, placement_id, by=request.user, at=at)
        act = _act(move, request.user)
        form = Form.read(act.form, data)
        form.submit(lambda answers: act.make(sessions, placement_id, answers, request.user, at))
        if form.errors:
            return self._ask(request, shown, Move(move), act, form, sessions, at)
        if move == Move.REFUSE:  # the company that has declined knows no more of it
            return go_to(request, "/to-answer")
        if wants_part(request):
            return self._card(request, placement_id, sessions, at)
        return go_to(request, f"/placements/{placement_id}")

    @post("/viewing", status_code=200, sync_to_thread=True)
    def view(
        self, request: WebRequest, placement_id: FromPath[UUID], data: Sent, sessions: DB, at: At
    ) -> Response[Any]:
        """Note a viewing."""
        form = Form.read(Viewing, data)
        form.submit(lambda given: note_viewing(sessions, placement_id, given.moment(), by=request.user, at=at))
        if form.errors:
            return self._card(request, placement_id, sessions, at, viewing=form)
        return go_to(request, f"/placements/{placement_id}")

    def _card(
        self, request: WebRequest, placement_id: UUID, sessions: DB, at: At, viewing: Form[Viewing] | None = None
    ) -> Template:
        shown = placement_page(sessions, placement_id, by=request.user, at=at)
        form = viewing or Form(Viewing)
        names = ("placements/show.html", "placements/_card.html")
        return page_or_part(request, *names, status=form.status, placement=shown, acts=ACTS, form=form)

    def _ask(
        self, request: WebRequest, shown: PlacementPage, move: Move, act: Act, form: Form[Any], sessions: DB, at: At
    ) -> Template:
        preview = card_preview(sessions, shown.id, by=request.user, at=at) if move is Move.RELEASE else None
        return page(
            request,
            "placements/ask.html",
            status=form.status,
            placement=shown,
            move=move,
            act=act,
            form=form,
            reasons=[(one.value, reason_in_words(one, request.user)) for one in reasons_for(move)],
            contracts=[(one.value, one) for one in ContractForm],
            preview=preview,
        )


class ByHandController(Controller):
    """Free homes beside one case, and placing by hand."""

    path = "/cases/{case_id:uuid}/homes"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def choose(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Rank the free homes for one case."""
        free = free_homes(sessions, case_id, by=request.user, at=at)
        return page(request, "placements/homes.html", case_id=case_id, free=free)

    @get("/{home_id:uuid}", sync_to_thread=True)
    def ask(
        self, request: WebRequest, case_id: FromPath[UUID], home_id: FromPath[UUID], sessions: DB, at: At
    ) -> Template:
        """Ask why this home."""
        return self._ask(request, case_id, home_id, Form(ByHand), sessions, at)

    @post("/{home_id:uuid}", status_code=200, sync_to_thread=True)
    def place(
        self, request: WebRequest, case_id: FromPath[UUID], home_id: FromPath[UUID], data: Sent, sessions: DB, at: At
    ) -> Response[Any]:
        """Propose one home by hand."""
        form = Form.read(ByHand, data)
        placed = form.submit(
            lambda given: place_by_hand(sessions, case_id, home_id, given.because, by=request.user, at=at)
        )
        if placed is None:
            return self._ask(request, case_id, home_id, form, sessions, at)
        return go_to(request, f"/placements/{placed}")

    def _ask(
        self, request: WebRequest, case_id: UUID, home_id: UUID, form: Form[ByHand], sessions: DB, at: At
    ) -> Template:
        free = free_homes(sessions, case_id, by=request.user, at=at)
        home = next((one.home for one in free.homes if one.home.id == home_id), None)
        if home is None or not free.may_place:
            raise Missing("There is no such home, or it has just been taken.")
        return page(request, "placements/hand.html", status=form.status, case_id=case_id, home=home, form=form)


def reason_in_words(reason: Closed, by: Actor) -> Sentence:
    """Say a reason and, to the social side, what follows from it, so that nobody chooses blindly."""
    if not by.on_social_side:
        return reason.label
    return say("%(reason)s. %(consequence)s", reason=reason, consequence=REASONS[reason].consequence)


def _act(move: str, by: Actor) -> Act:
    """Find a move by its name in the address; one that is for the other side is not there."""
    act = next((act for known, act in ACTS.items() if known == move and is_for(known, by.role)), None)
    if act is None:
        raise Missing("There is nothing at this address, or it is not for you.")
    return act
