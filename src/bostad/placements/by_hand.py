"""A worker places by hand: her own case, a home that fits by every rule, and a reason that her manager reads."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.agreements.deadlines import answer_by
from bostad.agreements.states import AgreementState
from bostad.answers import asked
from bostad.audit.service import record
from bostad.errors import Missing, OutOfStep
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.matching.misfit import parts
from bostad.needs.loading import need_for_change
from bostad.needs.states import NeedState
from bostad.placements.closing import close
from bostad.placements.facts import facts_of
from bostad.placements.fitting import pair_of, why_it_does_not_fit
from bostad.placements.lifecycle import Move, Stage
from bostad.placements.loading import live_of_need, lock_placement
from bostad.placements.picture import lines_by_id
from bostad.placements.reasons import Closed
from bostad.placements.side_by_side import make_way, month_is_full, promised_homes
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of

TAKEN = asked("Somebody else has just got this home, or this household has another one promised. Nothing was changed.")


def place_by_hand(sessions: Sessions, case_id: UUID, home_id: UUID, because: str, *, by: Actor, at: datetime) -> UUID:
    """Propose one home to one's own case outside the plan, under the same rules; give the placement's id.

    A proposal that nobody has been told of yet gives way; a promise does not.
    """
    try:
        with sessions.begin() as db:
            need = need_for_change(db, case_id, by=by, on=at.date())
            if need.state is not NeedState.OPEN:
                raise OutOfStep("The need must be open before a home can be proposed.")
            if home_id in promised_homes(db, need.board_id):
                raise OutOfStep(TAKEN)
            gone = [*make_way(db, home_id, at), *_give_way(db, live_of_need(db, need.id), at=at)]
            home = _free_home(db, home_id, need.board_id)
            unfit = why_it_does_not_fit(db, need, home, on=at.date())
            if unfit:
                raise OutOfStep("This home cannot be proposed: %(rule)s.", rule=unfit)
            if month_is_full(db, home.line_id, home.month):
                raise OutOfStep("The month's quota for this kind of home is used up.")
            seen_need, seen_home = pair_of(db, need, home, on=at.date())
            placement = Placement(
                need_id=need.id,
                home_id=home.id,
                board_id=need.board_id,
                company_id=home.company_id,
                proposed_at=at,
                stage_since=at,
                deadline=answer_by(at, lines_by_id(db, [home])[home.line_id][1].municipality_days),
                by_hand_because=because,
                put_at=at,
                misfit=asdict(parts(seen_need, seen_home, at.date())),
                facts=facts_of(seen_need, seen_home, keyring_of(db)),
            )
            db.add(placement)
            for one in gone:
                record(db, "placement.preempt", by=by, at=at, subject=one, because=Closed.BETTER_PLAN)
            record(db, "placement.by_hand", by=by, at=at, subject=placement.id)
            return placement.id
    except IntegrityError as taken:
        raise OutOfStep(TAKEN) from taken


def _give_way(db: Session, standing: UUID | None, *, at: datetime) -> tuple[UUID, ...]:
    """Close the need's own proposal if nobody has been told of it yet, and give its id; the caller logs it."""
    if standing is None:
        return ()
    locked = lock_placement(db, standing, by=None, on=at.date())
    if locked.placement.stage is not Stage.PROPOSED or locked.placement.put_at is not None:
        raise OutOfStep(TAKEN)
    close(db, locked, Move.PREEMPT, Closed.BETTER_PLAN, by=None, at=at)
    db.flush()
    return (standing,)


def _free_home(db: Session, home_id: UUID, board_id: UUID) -> Home:
    home = db.exec(select(Home).where(Home.id == home_id).with_for_update()).one_or_none()
    agreement = lines_by_id(db, [home])[home.line_id][1] if home else None
    if home is None or agreement is None or agreement.board_id != board_id:
        raise Missing("There is no such home.")
    if home.state is not HomeState.PUBLISHED or not home.approved or agreement.state is not AgreementState.IN_FORCE:
        raise OutOfStep("This home is not free at the moment.")
    return home
