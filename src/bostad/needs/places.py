"""The places that circles are drawn around: imported by the board, so that nothing is ever looked up outside."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bostad.accounts.access import Actor, Role
from bostad.audit.service import record
from bostad.errors import Fault, NotAllowed
from bostad.needs.tables import Place
from bostad.records import Sessions
from bostad.taking_in import Report


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place as a file names it."""

    municipality: str
    name: str
    lat: float
    lon: float


def import_places(
    sessions: Sessions,
    listed: Sequence[ListedPlace],
    faults: Sequence[Fault] = (),
    *,
    keep_good: bool = False,
    by: Actor,
    at: datetime,
) -> Report:
    """Add places and move those that have moved. Circles drawn before keep the place they were drawn around."""
    if by.role not in {Role.ADMINISTRATOR, Role.UNIT_MANAGER}:
        raise NotAllowed("Places are imported by an administrator or a unit manager.")
    written = keep_good or not faults
    with sessions() as db, db.begin() as transaction:
        outcomes = Counter(_take(db, place) for place in listed)
        if written:
            record(db, "places.imported", by=by, at=at, rows=dict(outcomes), faults=len(faults))
        else:
            transaction.rollback()
    return Report(written, tuple(faults), outcomes)


def _take(db: Session, listed: ListedPlace) -> str:
    query = select(Place).where(Place.municipality == listed.municipality, Place.name == listed.name)
    place = db.exec(query).one_or_none()
    if place is None:
        db.add(Place(municipality=listed.municipality, name=listed.name, lat=listed.lat, lon=listed.lon))
        return "new"
    if (place.lat, place.lon) == (listed.lat, listed.lon):
        return "same"
    place.lat, place.lon = listed.lat, listed.lon
    return "changed"
