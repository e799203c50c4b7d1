"""The school register: taken in from a file; the worker then measures every home anew."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.agreements.tables import QuotaLine
from bostad.audit.service import record
from bostad.errors import NotAllowed
from bostad.homes.checking import LIVE, check, states_of
from bostad.homes.distance import nearest_m
from bostad.homes.tables import Home, School
from bostad.homes.writing import active_schools, place_of
from bostad.outbox import service as outbox
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school unit of the register file."""

    code: str
    municipality: str
    name: str
    active: bool
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """What came of the file."""

    added: int
    changed: int
    unchanged: int


def import_schools(sessions: Sessions, listed: Sequence[ListedSchool], *, by: Actor, at: datetime) -> SchoolReport:
    """Take in the register; schools it does not name stay as they are. That homes be measured anew is asked for.

    The homes are the companies', and whoever takes in the register belongs to one side alone.
    """
    with sessions.begin() as db:
        if by.role is not Role.ADMINISTRATOR:
            raise NotAllowed("Only an administrator can take in the school register.")
        added, changed = _write(db, listed)
        outbox.post(db, "homes.measure", key="all", at=at)
        record(db, "schools.imported", by=by, at=at, added=added, changed=changed)
        return SchoolReport(added, changed, len(listed) - added - changed)


def measure_homes(sessions: Sessions) -> int:
    """Measure every live home's distance to school and check it against its terms anew; count those that changed."""
    with sessions.begin() as db:
        live = select(Home).where(col(Home.state).in_(LIVE)).order_by(col(Home.id))
        return _measure(db, db.exec(live.with_for_update()).all())


def _write(db: Session, listed: Sequence[ListedSchool]) -> tuple[int, int]:
    known = {school.code: school for school in db.exec(select(School))}
    added = changed = 0
    for one in {school.code: school for school in listed}.values():
        new = School(**asdict(one))
        old = known.get(one.code)
        if old is None:
            db.add(new)
            added += 1
        elif any(getattr(old, name) != value for name, value in asdict(one).items()):
            new.id = old.id
            db.merge(new)
            changed += 1
    db.flush()
    return added, changed


def _measure(db: Session, homes: Sequence[Home]) -> int:
    schools, states = active_schools(db), states_of(db, [home.id for home in homes])
    measured = 0
    for home in homes:
        distance = nearest_m(place_of(home), schools)
        if distance != home.school_m:
            home.school_m = distance
            check(db, home, db.get_one(QuotaLine, home.line_id), states.get(home.id, {}))
            measured += 1
    return measured
