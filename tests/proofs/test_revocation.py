"""Taking a consent back against sharing under it and reading what was shared, at the same moment, many times over.

Nothing is seen after the commit: not by the service, and not by whoever asks the database as the housing role does
(I04, S11, S35). What was disclosed before stays in the ledger. `BOSTAD_PROOF_RACES` says how many races; 10,000 is the
proof, a sample runs every time.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.sessions import begin_session
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import known_as
from bostad.errors import OutOfStep
from bostad.needs.case_answers import NewConsent
from bostad.needs.loading import need_for_change
from bostad.needs.sharing import give_consent, share
from bostad.needs.tables import Card, Consent
from bostad.placements.endings import revoke_consent
from bostad.records import Sessions, clock
from bostad.web.auth import new_token
from bostad.zones.logins import Login
from tests.roles import in_role
from tests.worlds import World

RACES = int(os.environ.get("BOSTAD_PROOF_RACES", "40"))
T = TypeVar("T")
READABLE = text("select count(*) from card where written_at >= :since")


@dataclass(frozen=True)
class Scene:
    """A case, the company it is shared with, and that company's own way into the database."""

    sessions: Sessions
    housing: Sessions
    worker: Actor
    case_id: UUID
    company_id: UUID


@dataclass(frozen=True)
class Race:
    """What one race came to."""

    shared: int
    read_before: int
    read_after: int


def test_nothing_is_read_or_shared_after_a_consent_is_taken_back(real_world: World) -> None:
    """S11, S35, I04."""
    scene = _scene(real_world)
    at = clock(scene.sessions)

    with ThreadPoolExecutor(3) as pool:
        races = [_race(scene, pool, at + timedelta(seconds=one), first=one % 2 == 0) for one in range(RACES)]

    assert sum(race.read_after for race in races) == 0
    assert sum(race.read_before for race in races) > 0, "the reader was there in time to see something"
    with scene.sessions() as db:
        cards = db.exec(select(Card).where(Card.company_id == scene.company_id)).all()
        live = db.exec(select(Consent).where(col(Consent.revoked_at).is_(None))).all()
    assert len(cards) == sum(race.shared for race in races), "the ledger keeps what was disclosed"
    assert [card for card in cards if card.withdrawn_at is None] == []
    assert live == []


def _scene(world: World) -> Scene:
    at, token = clock(world.sessions), new_token()
    need = world.need(consent=False)
    with world.sessions.begin() as db:
        begin_session(db, world.staff_user, token, at=at, proved_at=at)
    housing = known_as(in_role(world.sessions, Login.HOUSING), hash_of(token))
    assert world.staff.role is Role.HOUSING_STAFF
    return Scene(world.sessions, housing, world.worker, need.case_id, world.company.id)


def _race(scene: Scene, pool: ThreadPoolExecutor, at: datetime, *, first: bool) -> Race:
    """Share, revoke and read at once; with `first`, something has been shared already."""
    consent_id = give_consent(scene.sessions, scene.case_id, _everything(scene, at), by=scene.worker, at=at)
    shared = int(first and _share(scene, at))
    start, gone = Barrier(3), Event()
    sharing = pool.submit(_after, start, lambda: _share(scene, at))
    revoking = pool.submit(_after, start, lambda: _revoke(scene, consent_id, gone, at))
    reading: Future[tuple[int, int]] = pool.submit(_after, start, lambda: _read(scene, gone, at))
    revoking.result()
    shared += sharing.result()
    before, after = reading.result()
    return Race(shared, before, after + _readable(scene, at))


def _after(start: Barrier, act: Callable[[], T]) -> T:
    start.wait()
    return act()


def _everything(scene: Scene, at: datetime) -> NewConsent:
    groups = ["size", "home", "safety", "access"]
    given = {"company_id": str(scene.company_id), "field_groups": groups, "given_on": at.date(), "given_how": "oral"}
    return NewConsent.model_validate(given)


def _share(scene: Scene, at: datetime) -> int:
    try:
        with scene.sessions.begin() as db:
            need = need_for_change(db, scene.case_id, by=scene.worker, on=at.date())
            share(db, need, scene.company_id, by=scene.worker, at=at)
    except OutOfStep:
        return 0
    return 1


def _revoke(scene: Scene, consent_id: UUID, gone: Event, at: datetime) -> None:
    revoke_consent(scene.sessions, consent_id, by=scene.worker, at=at)
    gone.set()


def _read(scene: Scene, gone: Event, at: datetime) -> tuple[int, int]:
    """Read again and again as the housing role, and once more when the consent is known to be gone."""
    before = 0
    while not gone.is_set():
        before += _readable(scene, at)
    return before, _readable(scene, at)


def _readable(scene: Scene, at: datetime) -> int:
    with scene.housing() as db:
        return _count(db, at)


def _count(db: Session, at: datetime) -> int:
    counted: int = db.execute(READABLE, {"since": at}).scalar_one()
    return counted
