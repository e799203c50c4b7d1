"""Everything a person may do with a placement. One function, one transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from bostad.accounts.access import Actor, Role
from bostad.agreements.deadlines import answer_by
from bostad.agreements.ledger import flush_within_quota
from bostad.agreements.states import AgreementState
from bostad.audit.service import record
from bostad.counties.loading import boards_in_run
from bostad.errors import Invalid, OutOfStep
from bostad.here import HERE
from bostad.homes import service as homes
from bostad.homes.states import HomeState
from bostad.needs import sharing
from bostad.needs.states import NeedState
from bostad.needs.tables import Card
from bostad.outbox import service as outbox
from bostad.placements.acknowledging import refuse_unread
from bostad.placements.answers import Contract
from bostad.placements.closing import close, note, role_of
from bostad.placements.fitting import why_it_does_not_fit
from bostad.placements.lifecycle import Move, Stage, next_stage
from bostad.placements.loading import Held, Locked, hold_placement, lock_placement
from bostad.placements.reasons import Closed, reasons_for
from bostad.placements.settling import house
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.words import say


def put_to_household(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> None:
    """Note that the home has been put to the household: from here on no run takes it away."""
    with sessions.begin() as db:
        locked = _take(db, placement_id, Move.PUT, by=by, at=at)
        _refuse_what_no_longer_holds(db, locked, at=at)
        if locked.placement.put_at is not None:
            raise OutOfStep("This has already been put to the household.")
        locked.placement.put_at = at
        locked.placement.deadline = answer_by(at, locked.agreement.household_days)
        _done(db, locked, Move.PUT, by=by, at=at)


def release(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> None:
    """Record that the household accepts: the month's quota is used, and the card is shared with the company."""
    with sessions.begin() as db:
        locked = _take(db, placement_id, Move.RELEASE, by=by, at=at)
        _refuse_what_no_longer_holds(db, locked, at=at)
        card = sharing.share(db, locked.need, locked.home.company_id, by=by, at=at)
        locked.placement.card_id = card.id
        locked.placement.put_at = locked.placement.put_at or at
        locked.placement.deadline = answer_by(at, locked.agreement.company_days)
        _done(db, locked, Move.RELEASE, by=by, at=at)


def decline(sessions: Sessions, placement_id: UUID, because: Closed, *, by: Actor, at: datetime) -> None:
    """Record that the household declines. It loses nothing by it; the reason decides what follows."""
    _end(sessions, placement_id, Move.DECLINE, because, by=by, at=at)


def refuse(sessions: Sessions, placement_id: UUID, because: Closed, *, by: Actor, at: datetime) -> None:
    """Record that the company declines, on one of the grounds it may have."""
    _end(sessions, placement_id, Move.REFUSE, because, by=by, at=at)


def call_off(sessions: Sessions, placement_id: UUID, because: Closed, *, by: Actor, at: datetime) -> None:
    """Call off what the household had accepted."""
    _end(sessions, placement_id, Move.CALL_OFF, because, by=by, at=at)


def reserve(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> None:
    """Record that the company accepts and holds the home."""
    with sessions.begin() as db:
        held = _hold(db, placement_id, Move.RESERVE, by=by, at=at)
        _refuse_a_resting_agreement(held)
        held.placement.deadline = answer_by(at, held.agreement.reservation_days)
        _done(db, held, Move.RESERVE, by=by, at=at)


def sign(sessions: Sessions, placement_id: UUID, contract: Contract, *, by: Actor, at: datetime) -> None:
    """Record the contract; from here on both sides are bound outside the service."""
    with sessions.begin() as db:
        held = _hold(db, placement_id, Move.SIGN, by=by, at=at)
        _refuse_contract(db, held, contract)
        placement = held.placement
        placement.contract, placement.contract_from = contract.contract, contract.contract_from
        placement.takeover_on, placement.deadline = contract.takeover_on, None
        _done(db, held, Move.SIGN, by=by, at=at)


def hand_over(sessions: Sessions, placement_id: UUID, moved_in_on: date, *, by: Actor, at: datetime) -> None:
    """Record the keys: the home is let, the need is met, and the stay in the shelter is over."""
    with sessions.begin() as db:
        held = _hold(db, placement_id, Move.HAND_OVER, by=by, at=at)
        if moved_in_on > at.date():
            raise Invalid({"moved_in_on": say("Choose today or an earlier day.")})
        if moved_in_on < _accepted_on(db, held):
            raise Invalid({"moved_in_on": say("Choose a day after the household had accepted.")})
        held.placement.moved_in_on = moved_in_on
        homes.let(db, held.home, at=at)
        if isinstance(held, Locked):
            house(db, held, at=at)
        else:
            outbox.post(db, "placement.settle", key=str(placement_id), at=at)
        _done(db, held, Move.HAND_OVER, by=by, at=at)


def note_viewing(sessions: Sessions, placement_id: UUID, viewing_at: datetime, *, by: Actor, at: datetime) -> None:
    """Note when the home can be seen; nothing is sent to anybody."""
    with sessions.begin() as db:
        held = hold_placement(db, placement_id, by=by, on=at.date())
        if held.placement.stage not in {Stage.PROPOSED, Stage.RELEASED, Stage.RESERVED}:
            raise OutOfStep("There is nothing left to view here.")
        if viewing_at < at:
            raise Invalid({"viewing_on": say("Choose a time that has not passed.")})
        held.placement.viewing_at = viewing_at
        record(db, "placement.viewing", by=by, at=at, subject=placement_id)


def _end(sessions: Sessions, placement_id: UUID, move: Move, because: Closed, *, by: Actor, at: datetime) -> None:
    if because not in reasons_for(move):
        raise Invalid({"because": say("Choose one of the reasons.")})
    with sessions.begin() as db:
        close(db, hold_placement(db, placement_id, by=by, on=at.date()), move, because, by=by, at=at)
        record(db, f"placement.{move}", by=by, at=at, subject=placement_id, because=because)


def _take(db: Session, placement_id: UUID, move: Move, *, by: Actor, at: datetime) -> Locked:
    """Lock a placement on the board's side and refuse a move that is not legal now, or not this person's."""
    locked = lock_placement(db, placement_id, by=by, on=at.date())
    next_stage(locked.placement.stage, move, role_of(by))
    return locked


def _hold(db: Session, placement_id: UUID, move: Move, *, by: Actor, at: datetime) -> Held:
    """Lock a placement for whichever side makes the move, and refuse like `_take`."""
    held = hold_placement(db, placement_id, by=by, on=at.date())
    next_stage(held.placement.stage, move, role_of(by))
    if by.role is Role.HOUSING_STAFF:
        refuse_unread(db, held.placement.card_id, by=by, on=at.date())
    return held


def _done(db: Session, held: Held, move: Move, *, by: Actor, at: datetime) -> None:
    """Make the move, when everything it needs is in place."""
    placement = held.placement
    to = next_stage(placement.stage, move, role_of(by))
    if to is not placement.stage:
        placement.stage, placement.stage_since = to, at
    note(db, held, move, to, by=by, at=at)
    flush_within_quota(db)
    record(db, f"placement.{move}", by=by, at=at, subject=placement.id, stage=to)


def _accepted_on(db: Session, held: Held) -> date:
    """Give the day the household had accepted: the card's, which the company knows too."""
    written = db.exec(select(Card.written_at).where(Card.id == held.placement.card_id)).one_or_none()
    # After the contract consent may have ended, and with it the company's sight of the card.
    return written.astimezone(HERE).date() if written else held.placement.contract_from or date.min


def _refuse_contract(db: Session, held: Held, contract: Contract) -> None:
    """Hold a contract against the agreement and the card. What the card does not say, a refusal must not tell."""
    if contract.contract_from < _accepted_on(db, held):
        raise Invalid({"contract_from": say("Choose a day after the household had accepted.")})
    if held.line.contracts and contract.contract not in held.line.contracts:
        raise Invalid({"contract": say("The agreement's line is for another kind of contract.")})
    shared = db.exec(select(Card.content).where(Card.id == held.placement.card_id)).one().get("contracts")
    if shared and contract.contract not in shared:
        raise Invalid({"contract": say("This household needs another kind of contract; ask social services first.")})


def _refuse_what_no_longer_holds(db: Session, locked: Locked, *, at: datetime) -> None:
    """See once more, under lock, that the pair still fits: nothing is promised on old facts (I05, I16)."""
    _refuse_a_resting_agreement(locked)
    if locked.need.state is not NeedState.OPEN or locked.home.state is not HomeState.PUBLISHED:
        raise OutOfStep("The need or the home is paused or gone, so this cannot go on. Look at the case again.")
    _refuse_what_is_no_longer_together(db, locked.placement, at=at)
    failing = why_it_does_not_fit(db, locked.need, locked.home, on=at.date())
    if failing:
        raise OutOfStep(
            "This home no longer meets what the household needs. What has changed: %(rules)s.", rules=failing
        )


def _refuse_what_is_no_longer_together(db: Session, placement: Placement, *, at: datetime) -> None:
    """Put nobody in another board's home after the boards have parted; what was put to a household before goes on."""
    if placement.host_id is None or placement.put_at is not None:
        return
    if placement.host_id not in boards_in_run(db, placement.board_id, at.date()):
        raise OutOfStep("The home is another board's, and the two are no longer matched together.")


def _refuse_a_resting_agreement(held: Held) -> None:
    if held.agreement.state is not AgreementState.IN_FORCE:
        raise OutOfStep("The agreement is not in force at the moment, so nothing new can be promised under it.")
