"""Sharing and revoking at the same moment, from two connections with true commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor
from bostad.errors import BostadError, OutOfStep
from bostad.needs.case_answers import NewCase
from bostad.needs.loading import need_for_change
from bostad.needs.service import start_case
from bostad.needs.sharing import share
from bostad.needs.tables import Card, Consent
from bostad.placements.endings import revoke_consent
from bostad.records import Sessions
from tests.factories import NOON, TODAY, AgreementFactory, UnitFactory, UserFactory, actor, writing_with
from tests.needs.steps import agree, open_up

ROUNDS = 25


def test_no_card_outlives_a_consent_that_is_revoked_at_the_same_moment(real_sessions: Sessions) -> None:
    """I04, S11: whoever comes first, afterwards nothing is readable."""
    with real_sessions() as db, writing_with(db):
        agreement = AgreementFactory.create()
        unit = UnitFactory.create(organisation_id=agreement.board_id, board=None)
        worker = actor(UserFactory.create(organisation_id=agreement.board_id, organisation=None, unit=unit))
    case_id = start_case(real_sessions, NewCase(case_number="9901-2026-0900"), by=worker, at=NOON)
    open_up(real_sessions, case_id, worker)

    shared = 0
    for _ in range(ROUNDS):
        consent_id = agree(real_sessions, case_id, agreement.company_id, worker)
        shared += _race(real_sessions, case_id, agreement.company_id, consent_id, worker)
        with real_sessions() as db:
            readable = select(Card).join(Consent, col(Consent.id) == Card.consent_id)
            left = db.exec(readable.where(col(Card.withdrawn_at).is_(None))).all()
        assert left == []
    assert 0 <= shared <= ROUNDS


def _race(sessions: Sessions, case_id: UUID, company_id: UUID, consent_id: UUID, worker: Actor) -> bool:
    """Share and revoke at once; tell whether the card was written before the consent was gone."""
    start = Barrier(2)

    def share_it() -> bool:
        start.wait()
        try:
            with sessions.begin() as db:
                need = need_for_change(db, case_id, by=worker, on=TODAY)
                share(db, need, company_id, by=worker, at=NOON)
        except OutOfStep:
            return False
        return True

    def revoke_it() -> BostadError | None:
        start.wait()
        revoke_consent(sessions, consent_id, by=worker, at=NOON)
        return None

    with ThreadPoolExecutor(2) as pool:
        sharing, revoking = pool.submit(share_it), pool.submit(revoke_it)
        revoking.result()
        return sharing.result()


def test_a_case_number_registered_twice_at_once_becomes_one_case(real_sessions: Sessions) -> None:
    with real_sessions() as db, writing_with(db):
        unit = UnitFactory.create()
        people = [
            actor(UserFactory.create(organisation_id=unit.organisation_id, organisation=None, unit=unit))
            for _ in range(4)
        ]
    start = Barrier(len(people))

    def register(worker: Actor) -> bool:
        start.wait()
        try:
            start_case(real_sessions, NewCase(case_number="9901-2026-0901"), by=worker, at=NOON)
        except BostadError:
            return False
        return True

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(register, people)) == [False, False, False, True]
