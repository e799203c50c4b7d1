"""Publishing, changing and confirming homes; and who may."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.homes import service
from bostad.homes.answers import HomeAnswers
from bostad.homes.service import Change
from bostad.homes.states import FeatureState, HomeState, WithdrawnBecause
from bostad.homes.tables import Home, HomeFeature, School
from bostad.outbox.tables import Message
from bostad.records import Sessions
from tests.factories import (
    MONTH,
    NOON,
    AgreementFactory,
    BoardFactory,
    CompanyFactory,
    HomeFactory,
    LineFactory,
    UserFactory,
    actor,
)


@pytest.fixture
def line(rows: Session) -> QuotaLine:
    """Give a line that asks for a door code, of an agreement in force."""
    made: QuotaLine = LineFactory(required=["door_code", "above_ground_floor"], per_month=3)
    return made


def party(line: QuotaLine, rows: Session, role: Role) -> Actor:
    """Give a person of one of the two parties to the line's agreement."""
    agreement = rows.get_one(Agreement, line.agreement_id)
    organisation_id = agreement.company_id if role is Role.HOUSING_STAFF else agreement.board_id
    user = UserFactory(organisation_id=organisation_id, organisation=None, role=role)
    return actor(user)


def stranger(role: Role = Role.HOUSING_STAFF) -> Actor:
    """Give a person of another organisation."""
    organisation = CompanyFactory() if role is Role.HOUSING_STAFF else BoardFactory()
    return actor(UserFactory(organisation=organisation, role=role))


def answers(line: QuotaLine, **written: Any) -> HomeAnswers:
    """Give the answers about a home that counts, in all but what is named."""
    whole = {
        "line_id": line.id, "month": MONTH.isoformat(), "object_number": "1-1", "address": "Provgatan 1",
        "apartment_number": "1201", "municipality": "9901", "rooms": "2", "rent": "7500",
        "available_from": "2026-12-01", "door_code": "met",
    }  # fmt: skip
    return HomeAnswers.model_validate(whole | written)


def counted(rows: Session) -> list[tuple[int, int]]:
    """Give (delivered, approved) of each month in the ledger."""
    rows.expire_all()
    return [(row.delivered, row.approved) for row in rows.exec(select(LineMonth))]


def edit(sessions: Sessions, home_id: UUID, new: HomeAnswers, by: Actor, version: int = 1) -> None:
    """Change a home that nobody is promised."""
    service.edit(sessions, home_id, Change(new, version), promised=lambda _, __: False, by=by, at=NOON)


def test_a_home_that_meets_the_terms_counts_at_once(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line), by=by, at=NOON)
    home = rows.get_one(Home, home_id)
    assert (home.approved, home.shortfalls, home.floor, home.company_id) == (True, [], 2, by.organisation_id)
    assert counted(rows) == [(1, 1)]
    assert [message.kind for message in rows.exec(select(Message))] == ["matching.run"]
    (audited,) = rows.exec(select(AuditRow))
    assert (audited.action, audited.subject_id, audited.actor_id) == ("home.published", home_id, by.id)


def test_a_home_with_an_unknown_door_code_is_delivered_but_does_not_count(
    sessions: Sessions, rows: Session, line: QuotaLine
) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line, door_code="unknown"), by=by, at=NOON)
    assert rows.get_one(Home, home_id).shortfalls == ["door_code:unknown"]
    assert counted(rows) == [(1, 0)]


def test_knowing_the_door_code_makes_it_count(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line, door_code="unknown"), by=by, at=NOON)
    edit(sessions, home_id, answers(line, source="inspection"), by)
    assert counted(rows) == [(1, 1)]
    assert rows.get_one(Home, home_id).version == 2
    (known,) = rows.exec(select(HomeFeature).where(HomeFeature.home_id == home_id))
    assert (known.state, known.source, known.on) == (FeatureState.MET, "inspection", NOON.date())


def test_changing_nothing_is_no_change(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line), by=by, at=NOON)
    edit(sessions, home_id, answers(line), by)
    assert rows.get_one(Home, home_id).version == 1
    assert len(rows.exec(select(AuditRow)).all()) == 1


def test_an_answer_that_is_taken_away_is_gone(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line, district="Vättemon"), by=by, at=NOON)
    edit(sessions, home_id, answers(line, district=""), by)
    assert rows.get_one(Home, home_id).district is None


def test_a_change_made_on_an_old_version_is_refused(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    """I09."""
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line), by=by, at=NOON)
    edit(sessions, home_id, answers(line, rent="7600"), by)
    with pytest.raises(OutOfStep, match="meanwhile"):
        edit(sessions, home_id, answers(line, rent="7700"), by)


def test_a_promised_home_is_not_changed(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line), by=by, at=NOON)
    with pytest.raises(OutOfStep, match="promised"):
        service.edit(sessions, home_id, Change(answers(line, rent="1"), 1), promised=lambda _, __: True, by=by, at=NOON)


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"line_id": uuid4()}, "line_id"),
        ({"offer_until": "2026-11-20"}, "offer_until"),
        ({"month": "2026-10-01"}, "month"),
        ({"month": "2028-01-01"}, "month"),
    ],
)
def test_what_the_service_cannot_take_is_said_at_its_field(
    sessions: Sessions, rows: Session, line: QuotaLine, written: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.publish(sessions, answers(line, **written), by=party(line, rows, Role.HOUSING_STAFF), at=NOON)
    assert list(refused.value.fields) == [field]
    assert rows.exec(select(Home)).all() == []


def test_the_same_flat_is_not_published_twice(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    service.publish(sessions, answers(line), by=by, at=NOON)
    with pytest.raises(Invalid):
        service.publish(sessions, answers(line), by=by, at=NOON)


@pytest.mark.parametrize("state", [AgreementState.DRAFT, AgreementState.PAUSED, AgreementState.ENDED])
def test_homes_are_published_only_under_an_agreement_in_force(
    sessions: Sessions, rows: Session, state: AgreementState
) -> None:
    line = LineFactory(agreement=AgreementFactory(state=state))
    with pytest.raises(Invalid, match="problem"):
        service.publish(sessions, answers(line), by=party(line, rows, Role.HOUSING_STAFF), at=NOON)


def test_the_owner_and_a_colleague_change_a_home_the_board_reads_it_strangers_know_nothing(
    sessions: Sessions, rows: Session, line: QuotaLine
) -> None:
    """S06: the owner company, a colleague, the board, another company and another board."""
    home_id = service.publish(sessions, answers(line), by=party(line, rows, Role.HOUSING_STAFF), at=NOON)
    edit(sessions, home_id, answers(line, rent="7600"), party(line, rows, Role.HOUSING_STAFF))
    for role in (Role.SOCIAL_WORKER, Role.UNIT_MANAGER):
        with pytest.raises(NotAllowed):
            edit(sessions, home_id, answers(line), party(line, rows, role), version=2)
    for by in (stranger(), stranger(Role.SOCIAL_WORKER), party(line, rows, Role.ADMINISTRATOR)):
        with pytest.raises(Missing):
            edit(sessions, home_id, answers(line), by, version=2)
        with pytest.raises(Missing):
            service.confirm(sessions, home_id, by=by, at=NOON)


def test_only_housing_staff_publish(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    with pytest.raises(NotAllowed):
        service.publish(sessions, answers(line), by=party(line, rows, Role.SOCIAL_WORKER), at=NOON)


def test_a_paused_home_is_free_again_when_its_company_says_so(
    sessions: Sessions, rows: Session, line: QuotaLine
) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    home = HomeFactory(line=line, company_id=by.organisation_id, company=None, state=HomeState.PAUSED)
    service.confirm(sessions, home.id, by=by, at=NOON)
    rows.expire_all()
    assert home.state is HomeState.PUBLISHED
    with pytest.raises(OutOfStep):
        service.confirm(sessions, home.id, by=by, at=NOON)


@pytest.mark.parametrize(
    ("because", "left"), [(WithdrawnBecause.MISTAKE, (0, 0)), (WithdrawnBecause.DATE_PASSED, (1, 1))]
)
def test_a_home_that_leaves_is_no_longer_delivered_unless_its_time_ran_out(
    sessions: Sessions, rows: Session, line: QuotaLine, because: WithdrawnBecause, left: tuple[int, int]
) -> None:
    home_id = service.publish(sessions, answers(line), by=party(line, rows, Role.HOUSING_STAFF), at=NOON)
    with sessions.begin() as db:
        service.leave(db, db.get_one(Home, home_id), because, at=NOON)
    assert counted(rows) == [left]
    with pytest.raises(OutOfStep), sessions.begin() as db:
        service.leave(db, db.get_one(Home, home_id), because, at=NOON)


def test_a_flat_that_left_can_be_published_anew(sessions: Sessions, rows: Session, line: QuotaLine) -> None:
    by = party(line, rows, Role.HOUSING_STAFF)
    first = service.publish(sessions, answers(line), by=by, at=NOON)
    with sessions.begin() as db:
        service.leave(db, db.get_one(Home, first), WithdrawnBecause.RENOVATION, at=NOON)
    second = service.publish(sessions, answers(line), by=by, at=NOON)
    states = rows.exec(select(Home.state).where(col(Home.id).in_([first, second])).order_by(col(Home.state)))
    assert states.all() == [HomeState.PUBLISHED, HomeState.WITHDRAWN]


def test_pausing_and_letting_change_the_state(sessions: Sessions, rows: Session) -> None:
    home = HomeFactory()
    for act, state in ((service.pause, HomeState.PAUSED), (service.let, HomeState.LET)):
        with sessions.begin() as db:
            act(db, db.get_one(Home, home.id), at=NOON)
        rows.expire_all()
        assert home.state is state


def test_the_distance_to_the_nearest_active_school_is_measured(
    sessions: Sessions, rows: Session, line: QuotaLine
) -> None:
    rows.add(School(code="1", municipality="9901", name="Nära", active=False, lat=62.0, lon=18.5))
    rows.add(School(code="2", municipality="9901", name="Längre bort", lat=62.01, lon=18.5))
    rows.commit()
    by = party(line, rows, Role.HOUSING_STAFF)
    home_id = service.publish(sessions, answers(line, lat="62,0", lon="18,5"), by=by, at=NOON)
    assert rows.get_one(Home, home_id).school_m == 1_112
    edit(sessions, home_id, answers(line, lat="62,01", lon="18,5"), by)
    rows.expire_all()
    assert rows.get_one(Home, home_id).school_m == 0
