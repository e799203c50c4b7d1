"""The reservation on the company's side: read and confirmed by each person before a card shows her anything."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Missing, OutOfStep
from bostad.needs.sharing import card_for
from bostad.placements.loading import NOT_HERE, visible_to
from bostad.placements.shared import SharedPlacement
from bostad.protection.tables import Acknowledgement
from bostad.records import Sessions


def acknowledge(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> None:
    """Keep a person's word that she has read the reservation, which binds her in person. A second time is no harm."""
    with sessions.begin() as db:
        seen = select(SharedPlacement).where(col(SharedPlacement.id) == placement_id, visible_to(by, at.date()))
        placement = db.exec(seen).one_or_none()
        if placement is None or placement.card_id is None:
            raise Missing(NOT_HERE)
        version = card_for(db, placement.card_id, by=by, on=at.date()).unread
        if version is None:
            return
        row = {"id": uuid4(), "card_id": placement.card_id, "user_id": by.id, "reservation": version, "at": at}
        keys = [col(Acknowledgement.card_id), col(Acknowledgement.user_id)]
        db.execute(insert(Acknowledgement).values(row).on_conflict_do_nothing(index_elements=keys))
        record(db, "reservation.read", by=by, at=at, subject=placement.card_id, reservation=version)


def refuse_unread(db: Session, card_id: UUID | None, *, by: Actor, on: date) -> None:
    """Refuse to let somebody act on a card that she may not see yet. One that is shown no longer asks for nothing."""
    if card_id is None:
        return
    try:
        unread = card_for(db, card_id, by=by, on=on).unread
    except Missing:
        return
    if unread:
        raise OutOfStep("Read the reservation and confirm it first.")
