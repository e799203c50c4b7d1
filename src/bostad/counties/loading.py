"""The only ways to a county run: the boards that are parties to it, and who is matched together on a day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, literal, or_, text
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.counties.tables import CountyMember, CountyRun, type_ids
from bostad.errors import Missing


def boards_running_with(db: Session, board_id: UUID, on: date) -> frozenset[UUID]:
    """Give the boards that have decided to be in one run with a board on a day, itself among them.

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


def boards_in_run(db: Session, board_id: UUID, on: date) -> frozenset[UUID]:
    """Give the boards whose needs and homes a board's run takes in, itself among them; none if it is not joint.

    A board that has joined and whose own decision on joint matching is off has no part in it. The database answers, so
    that a page asks about its own board alone.
    """
    db.flush()
    return frozenset(db.execute(select(func.boards_together(board_id, on, type_=type_ids))).scalar_one())


def partners_of(db: Session, board_id: UUID) -> frozenset[UUID]:
    """Give the boards that a board has joined, and the companies that they have agreements with."""
    db.flush()
    return frozenset(db.execute(select(func.partners_together(board_id, type_=type_ids))).scalar_one())


def names_elsewhere(
    db: Session, board_id: UUID, municipalities: Collection[str]
) -> list[tuple[str | None, str | None]]:
    """Give districts and buildings of homes under the agreements of boards that a board has joined."""
    query = text("select district, building from names_together(:board, :wanted)")
    found = db.execute(query, {"board": board_id, "wanted": list(municipalities)}).all()
    return [(district, building) for district, building in found]


def keep_as_they_are(db: Session, boards: Collection[UUID]) -> None:
    """Let none of these boards join, leave or decide anew until this transaction ends; the first of its locks."""
    _hold(db, "pg_advisory_xact_lock_shared", boards)


def about_to_change(db: Session, board_id: UUID) -> None:
    """Wait for runs that are being written with a board in them, and let none begin to be; first of the locks."""
    _hold(db, "pg_advisory_xact_lock", [board_id])


def party_to(by: Actor) -> ColumnElement[bool]:
    """Give the condition on CountyRun that a person's board is a party to it."""
    return literal(by.organisation_id) == any_(col(CountyRun.boards))


def run_for_change(db: Session, run_id: UUID, *, by: Actor) -> CountyRun:
    """Give a county run to somebody of a board that is a party to it; a stranger is told that it is not there (S06)."""
    run = db.exec(select(CountyRun).where(CountyRun.id == run_id, party_to(by))).one_or_none()
    if run is None:
        raise Missing("There is nothing at this address, or it is not for you.")
    return run


def _hold(db: Session, lock: str, boards: Collection[UUID]) -> None:
    in_order = "select hashtextextended('county ' || one::text, 0) as key from unnest(:boards) one order by 1"
    db.execute(text(f"select {lock}(key) from ({in_order}) keys"), {"boards": list(boards)})  # noqa: S608 - our own words


def _valid(on: date) -> ColumnElement[bool]:
    until = col(CountyRun.valid_until)
    return (col(CountyRun.valid_from) <= on) & or_(until.is_(None), until >= on)
