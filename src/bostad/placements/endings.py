"""What ends a placement from underneath: consent, the need or the home is taken away. One transaction each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.answers import asked
from bostad.audit.service import record
from bostad.errors import OutOfStep
from bostad.homes import service as homes
from bostad.homes.checking import LIVE
from bostad.homes.loading import home_for, home_for_change
from bostad.homes.states import WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs import service as needs
from bostad.needs import sharing
from bostad.needs.loading import consent_for_change, need_for_change
from bostad.needs.states import ClosedBecause, PausedBecause
from bostad.needs.tables import Consent, Need
from bostad.outbox import service as outbox
from bostad.placements.closing import close
from bostad.placements.lifecycle import STOPPABLE, Move, Stage
from bostad.placements.loading import hold_placement, live_of_home, live_of_need, lock_placement, visible_to
from bostad.placements.reasons import Closed
from bostad.placements.shared import SharedPlacement
from bostad.placements.tables import Placement
from bostad.records import Sessions

BOUND = asked("A contract is signed. Call the placement off first, or record the move-in.")


def revoke_consent(sessions: Sessions, consent_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a consent back: the card vanishes and what was going on with the company stops, in the same moment (S11)."""
    with sessions.begin() as db:
        need, consent = consent_for_change(db, consent_id, by=by, on=at.date())
        stopped = _stop(db, live_of_need(db, need.id), Closed.CONSENT_ENDED, company_id=consent.company_id, at=at)
        sharing.revoke_consent(db, consent, by=by, at=at)
        _note_stop(db, stopped, by=by, at=at)


def end_consents(sessions: Sessions, *, at: datetime) -> int:
    """Stop what still goes on under consents whose last day has passed; count them. Reads refused them already."""
    with sessions() as db:
        live = select(Placement.id).where(col(Placement.stage).in_(STOPPABLE)).order_by(col(Placement.id))
        ended = db.exec(live.where(~_consent_holds(at.date()))).all()
    for placement_id in ended:
        with sessions.begin() as db:
            _note_stop(db, _stop(db, placement_id, Closed.CONSENT_ENDED, at=at), by=None, at=at)
    return len(ended)


def pause_need(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Rest a need; a proposal that the household has not accepted goes to somebody else."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        stopped = _stop(db, live_of_need(db, need.id), Closed.NEED_CHANGED, at=at)
        needs.pause_need(db, need, PausedBecause.BY_WORKER, at=at)
        _note_stop(db, stopped, by=by, at=at)
        record(db, "need.paused", by=by, at=at, subject=need.id)


def close_case(sessions: Sessions, case_id: UUID, because: ClosedBecause, *, by: Actor, at: datetime) -> None:
    """Close a case without a home from here: what goes on stops, the stay ends, the cards are withdrawn."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        stopped = _stop(db, live_of_need(db, need.id), Closed.NEED_CHANGED, at=at)
        needs.close_case(db, case_id, because, by=by, at=at)
        sharing.withdraw_cards(db, need.id, None, at)
        _note_stop(db, stopped, by=by, at=at)
        record(db, "case.closed", by=by, at=at, subject=case_id, because=because)


def withdraw_home(sessions: Sessions, home_id: UUID, because: WithdrawnBecause, *, by: Actor, at: datetime) -> None:
    """Take a home back. What the company knows of ends at once; a proposal it does not know of, the worker stops."""
    with sessions.begin() as db:
        home_for(db, home_id, by=by)  # a stranger learns nothing of what goes on with it (S06)
        known = _known_to(db, home_id, by=by, on=at.date())
        if known is not None:
            held = hold_placement(db, known, by=by, on=at.date())
            if held.placement.stage not in STOPPABLE:
                raise OutOfStep(BOUND)
            close(db, held, Move.STOP, Closed.HOME_GONE, by=None, at=at)
        home = home_for_change(db, home_id, by=by)
        homes.leave(db, home, because, at=at)
        outbox.post(db, "home.gone", key=str(home_id), at=at)
        if known is not None:
            record(db, "placement.stop", by=by, at=at, subject=known, because=Closed.HOME_GONE)
        record(db, "home.withdrawn", by=by, at=at, subject=home_id, because=because)


def let_overdue_homes_leave(sessions: Sessions, *, at: datetime) -> int:
    """Let homes leave whose last day to accept has passed, unless a household had accepted by then; count them."""
    with sessions() as db:
        over = select(Home.id).where(col(Home.state).in_(LIVE), col(Home.offer_until) < at.date())
        ids = db.exec(over.order_by(col(Home.id))).all()
    left = 0
    for home_id in ids:
        with sessions.begin() as db:
            live = live_of_home(db, home_id)
            if live and lock_placement(db, live, by=None, on=at.date()).placement.stage is not Stage.PROPOSED:
                continue
            stopped = _stop(db, live, Closed.HOME_GONE, at=at)
            home = db.exec(select(Home).where(Home.id == home_id).with_for_update()).one()
            if home.state not in LIVE or live_of_home(db, home_id) is not None:
                continue
            homes.leave(db, home, WithdrawnBecause.DATE_PASSED, at=at)
            _note_stop(db, stopped, by=None, at=at)
            _note_withdrawal(db, home, at=at)
            left += 1
    return left


def _stop(
    db: Session, placement_id: UUID | None, because: Closed, *, at: datetime, company_id: UUID | None = None
) -> Placement | None:
    """Close what can still be stopped, and give it; a signed contract binds outside the service and is refused."""
    if placement_id is None:
        return None
    locked = lock_placement(db, placement_id, by=None, on=at.date())
    if company_id is not None and locked.placement.company_id != company_id:
        return None
    if locked.placement.stage is Stage.SIGNED and because is not Closed.CONSENT_ENDED:
        raise OutOfStep(BOUND)
    if locked.placement.stage not in STOPPABLE:
        return None
    close(db, locked, Move.STOP, because, by=None, at=at)
    db.flush()
    return locked.placement


def _note_stop(db: Session, stopped: Placement | None, *, by: Actor | None, at: datetime) -> None:
    """Give a stopped placement its own row of the log, when everything else is locked and done (I06)."""
    if stopped is not None:
        board, because = stopped.board_id, stopped.closed_because
        record(db, "placement.stop", by=by, at=at, subject=stopped.id, organisation=board, because=because)


def _note_withdrawal(db: Session, home: Home, *, at: datetime) -> None:
    because = WithdrawnBecause.DATE_PASSED
    record(db, "home.withdrawn", by=None, at=at, subject=home.id, organisation=home.company_id, because=because)


def _known_to(db: Session, home_id: UUID, *, by: Actor, on: date) -> UUID | None:
    """Give the placement that goes on with a home, if its company may know of it."""
    going_on = col(SharedPlacement.stage).not_in([Stage.CLOSED, Stage.MOVED_IN])
    query = select(SharedPlacement.id).where(col(SharedPlacement.home_id) == home_id, going_on, visible_to(by, on))
    return db.exec(query).one_or_none()


def _consent_holds(on: date) -> ColumnElement[bool]:
    """Give the condition that a placement's company may still know of its need."""
    return (
        select(Consent.id)
        .join(Need, col(Need.id) == Consent.need_id)
        .where(Need.id == Placement.need_id, Consent.company_id == Placement.company_id)
        .where(col(Consent.revoked_at).is_(None), Consent.ends_on >= on)
        .exists()
    )
