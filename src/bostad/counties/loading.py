"""The only ways to a county run: the boards that are parties to it, and the one question that the matching asks."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, any_, literal, or_
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.counties.tables import CountyMember, CountyRun
from bostad.errors import Missing


def boards_running_with(db: Session, board_id: UUID, on: date) -> frozenset[UUID]:
    """Give the boards whose needs and homes are in one run with a board's on a day, itself among them.

    Those are the parties to the one agreement it has joined that have decided to take part themselves. A board is in at
    most one (`uq_county_member_live`), so that nobody is drawn in by way of somebody else.
    """
    own = select(CountyMember.run_id).where(CountyMember.board_id == board_id, col(CountyMember.left_at).is_(None))
    query = (
        select(CountyMember.board_id)
        .join(CountyRun, col(CountyRun.id) == CountyMember.run_id)
        .where(col(CountyMember.run_id).in_(own), col(CountyMember.left_at).is_(None), _valid(on))
    )
    return frozenset({board_id, *db.exec(query).all()})


def party_to(by: Actor) -> ColumnElement[bool]:
    """Give the condition on CountyRun that a person's board is a party to it."""
    return literal(by.organisation_id) == any_(col(CountyRun.boards))


def run_for_change(db: Session, run_id: UUID, *, by: Actor) -> CountyRun:
    """Give a county run to somebody of a board that is a party to it; a stranger is told that it is not there (S06)."""
    run = db.exec(select(CountyRun).where(CountyRun.id == run_id, party_to(by))).one_or_none()
    if run is None:
        raise Missing("There is nothing at this address, or it is not for you.")
    return run


def _valid(on: date) -> ColumnElement[bool]:
    until = col(CountyRun.valid_until)
    return (col(CountyRun.valid_from) <= on) & or_(until.is_(None), until >= on)
