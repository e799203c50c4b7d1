"""Whether a board matches its cases jointly: a decision by its manager, with its day and reference. Without one, no."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.agreements.loading import board_of
from bostad.agreements.tables import JointMatching
from bostad.answers import Answers, Day, Line, asked
from bostad.audit.service import record
from bostad.counties.loading import about_to_change
from bostad.errors import Invalid, OutOfStep
from bostad.outbox import service as outbox
from bostad.records import Sessions
from bostad.words import say


class Decision(Answers):
    """The decision that joint matching is switched on or off by."""

    decided_on: Day = Field(title=asked("The decision was made on"))
    reference: Annotated[Line, Field(max_length=60)] = Field(
        title=asked("The decision's reference number"),
        description=asked("The number that it is registered under, so that it can be found."),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether joint matching is on, and by which decision; without any decision it is off."""

    is_on: bool
    decided_on: date | None = None
    reference: str | None = None


def is_joint(db: Session, board_id: UUID) -> bool:
    """Tell whether a board's cases are matched jointly."""
    on = db.exec(select(JointMatching.is_on).where(JointMatching.board_id == board_id)).one_or_none()
    return bool(on)


def standing_decision(sessions: Sessions, *, by: Actor) -> Standing:
    """Say what holds for this person's board."""
    with sessions() as db:
        found = db.exec(select(JointMatching).where(JointMatching.board_id == by.organisation_id)).one_or_none()
        return Standing(found.is_on, found.decided_on, found.reference) if found else Standing(is_on=False)


def switch(sessions: Sessions, decision: Decision, *, on: bool, by: Actor, at: datetime) -> None:
    """Switch joint matching on or off for the manager's board; the run that follows acts on it."""
    with sessions.begin() as db:
        decide(db, board_of(by), decision, on=on, by=by, at=at)


def decide(db: Session, board_id: UUID, decision: Decision, *, on: bool, by: Actor | None, at: datetime) -> None:
    """Write a decision down in a transaction that may do more; None stands for whoever sets the board up."""
    if decision.decided_on > at.date():
        raise Invalid({"decided_on": say("Choose today or an earlier day.")})
    about_to_change(db, board_id)
    found = db.exec(select(JointMatching).where(JointMatching.board_id == board_id).with_for_update()).one_or_none()
    if (found is not None and found.is_on) is on:
        raise OutOfStep("Joint matching stands like this already.")
    values = {"is_on": on, "changed_by": by.id if by else None, "changed_at": at, **decision.model_dump()}
    row = found or JointMatching(board_id=board_id, **values)
    for name, value in values.items():
        setattr(row, name, value)
    db.add(row)
    outbox.post(db, "matching.run", key=str(board_id), at=at)
    record(db, "joint.on" if on else "joint.off", by=by, at=at, subject=board_id, decided_on=str(decision.decided_on))
