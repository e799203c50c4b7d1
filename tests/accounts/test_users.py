from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from bostad.accounts import pages, service
from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.answers import NewOrganisation, NewUser
from bostad.accounts.my_pages import my_page
from bostad.accounts.pages import UserState
from bostad.accounts.sessions import actor_for_token, begin_session
from bostad.accounts.signing_in import password_hash_of
from bostad.accounts.tables import OneTimeCode, Organisation, Unit, User
from bostad.accounts.tokens import hash_of, written_code
from bostad.audit.tables import AuditRow
from bostad.errors import BostadError, Invalid, Missing, NotAllowed, OutOfStep
from bostad.records import Sessions
from tests.factories import NOON, BoardFactory, CompanyFactory, UnitFactory, UserFactory, actor
from tests.people import HASHED, TOKEN

CODE = written_code(b"0123456789")


@pytest.fixture
def board(rows: Session) -> Organisation:
    made: Organisation = BoardFactory()
    return made


@pytest.fixture
def admin(board: Organisation) -> Actor:
    return actor(UserFactory(organisation=board, role=Role.ADMINISTRATOR))


def test_a_new_user_has_a_code_that_is_kept_as_a_hash_for_three_days(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    """ASVS V6.4.1."""
    unit = UnitFactory(board=board)

    user_id = service.add_user(sessions, board.id, _anna(unit=unit.id), code=CODE, by=admin, at=NOON)

    code = rows.exec(select(OneTimeCode)).one()
    assert (code.user_id, code.code_hash, code.ends_at) == (user_id, hash_of(CODE), NOON + timedelta(hours=72))
    row = rows.exec(select(AuditRow)).one()
    assert (row.action, row.actor_id, row.subject_id) == ("user.added", admin.id, user_id)
    assert CODE not in str(row.facts)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (OrganisationKind.SOCIAL_BOARD, Role.HOUSING_STAFF),
        (OrganisationKind.HOUSING_COMPANY, Role.SOCIAL_WORKER),
        (OrganisationKind.HOUSING_COMPANY, Role.UNIT_MANAGER),
        (OrganisationKind.HOUSING_COMPANY, Role.DATA_PROTECTION_OFFICER),
    ],
)
def test_a_role_of_the_other_side_cannot_be_given(
    kind: OrganisationKind, role: Role, sessions: Sessions, rows: Session
) -> None:
    organisation = BoardFactory(kind=kind)
    admin = actor(UserFactory(organisation=organisation, role=Role.ADMINISTRATOR))
    unit = UnitFactory(board=organisation)
    new = NewUser(username="anna", name="Anna", role=role, unit=unit.id)

    with pytest.raises(Invalid) as refused:
        service.add_user(sessions, organisation.id, new, code=CODE, by=admin, at=NOON)

    assert list(refused.value.fields) == ["role"]


def test_whoever_works_with_cases_belongs_to_a_unit_of_the_same_organisation(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    elsewhere = UnitFactory()
    for unit in (None, elsewhere.id):
        with pytest.raises(Invalid) as refused:
            service.add_user(sessions, board.id, _anna(unit=unit), code=CODE, by=admin, at=NOON)
        assert list(refused.value.fields) == ["unit"]


def test_a_user_name_is_taken_once_in_the_whole_house(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    UserFactory(username="anna")
    unit = UnitFactory(board=board)

    with pytest.raises(Invalid) as refused:
        service.add_user(sessions, board.id, _anna(unit=unit.id), code=CODE, by=admin, at=NOON)

    assert list(refused.value.fields) == ["username"]


def test_only_her_own_administrator_may_do_anything_to_a_user(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    """S06: a user of another organisation is as good as absent; a colleague who is no administrator is told so."""
    user = UserFactory(organisation=board, password_hash=HASHED)
    stranger = actor(UserFactory(role=Role.ADMINISTRATOR))
    other_side = actor(UserFactory(organisation=CompanyFactory(), role=Role.ADMINISTRATOR))
    teammate = actor(UserFactory(organisation=board, role=Role.UNIT_MANAGER))

    for by, told in [(stranger, Missing), (other_side, Missing), (teammate, NotAllowed)]:
        assert _refusals(sessions, user.id, by) == [told] * 4
    service.reset_user(sessions, user.id, code=CODE, by=admin, at=NOON)


def test_disabling_ends_sessions_password_and_code_at_once(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    """S22."""
    user = UserFactory(organisation=board, password_hash=HASHED)
    service.reset_user(sessions, user.id, code=CODE, by=admin, at=NOON)
    with sessions.begin() as db:
        begin_session(db, user, TOKEN, at=NOON, proved_at=NOON)

    service.disable_user(sessions, user.id, by=admin, at=NOON)

    rows.expire_all()
    assert actor_for_token(sessions, TOKEN, at=NOON) is None
    assert (user.disabled_at, password_hash_of(rows, user.id)) == (NOON, None)
    assert rows.exec(select(OneTimeCode)).all() == []


def test_an_administrator_cannot_shut_herself_out(sessions: Sessions, admin: Actor) -> None:
    with pytest.raises(NotAllowed):
        service.disable_user(sessions, admin.id, by=admin, at=NOON)


def test_a_reset_ends_the_password_and_the_code_before(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    """ASVS V6.4.6."""
    user = UserFactory(organisation=board, password_hash=HASHED)
    with sessions.begin() as db:
        begin_session(db, user, TOKEN, at=NOON, proved_at=NOON)
    service.reset_user(sessions, user.id, code=written_code(b"abcdefghij"), by=admin, at=NOON)

    service.reset_user(sessions, user.id, code=CODE, by=admin, at=NOON)

    rows.expire_all()
    assert password_hash_of(rows, user.id) is None
    assert actor_for_token(sessions, TOKEN, at=NOON) is None
    assert rows.exec(select(OneTimeCode.code_hash)).all() == [hash_of(CODE)]


def test_a_disabled_user_is_let_in_again_before_she_is_given_a_code(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    user = UserFactory(organisation=board, disabled_at=NOON)
    with pytest.raises(OutOfStep):
        service.reset_user(sessions, user.id, code=CODE, by=admin, at=NOON)

    service.enable_user(sessions, user.id, code=CODE, by=admin, at=NOON)

    assert pages.user_page(sessions, user.id, by=admin, at=NOON).state is UserState.INVITED


def test_the_list_shows_her_own_organisation_and_where_each_user_stands(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    UserFactory()
    UserFactory(organisation=board, name="B", password_hash=HASHED)
    UserFactory(organisation=board, name="C", disabled_at=NOON)
    invited = UserFactory(organisation=board, name="D")
    service.reset_user(sessions, invited.id, code=CODE, by=admin, at=NOON)

    listed = pages.users_of(sessions, by=admin, at=NOON)

    states = {page.name: page.state for page in listed if page.id != admin.id}
    assert states == {"B": UserState.ACTIVE, "C": UserState.DISABLED, "D": UserState.INVITED}
    assert pages.user_page(sessions, invited.id, by=admin, at=NOON + timedelta(days=4)).state is UserState.WITHOUT


def test_a_unit_is_added_once_by_its_own_administrator(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    service.add_unit(sessions, board.id, "Boendeenheten", by=admin, at=NOON)

    with pytest.raises(Invalid):
        service.add_unit(sessions, board.id, "Boendeenheten", by=admin, at=NOON)
    with pytest.raises(Missing):
        service.add_unit(sessions, BoardFactory().id, "Boendeenheten", by=admin, at=NOON)
    assert [unit.name for unit in pages.units_of(sessions, board.id)] == ["Boendeenheten"]


def test_an_organisation_is_added_with_its_units(sessions: Sessions, rows: Session) -> None:
    new = NewOrganisation(
        code="Fabelhus", name="Fabelhus", kind=OrganisationKind.HOUSING_COMPANY, municipality="9902", units=["A", "B"]
    )

    organisation_id = service.add_organisation(sessions, new, by=None, at=NOON)

    assert rows.get_one(Organisation, organisation_id).code == "fabelhus"
    assert sorted(rows.exec(select(Unit.name)).all()) == ["A", "B"]
    with pytest.raises(Invalid):
        service.add_organisation(sessions, new, by=None, at=NOON)


def test_the_language_is_kept(sessions: Sessions, rows: Session) -> None:
    user: User = UserFactory()

    service.choose_language(sessions, "en", by=actor(user), at=NOON)

    assert my_page(sessions, by=actor(user), at=NOON).locale == "en"


def _anna(*, unit: UUID | None) -> NewUser:
    return NewUser(username="Anna", name="Anna", role=Role.SOCIAL_WORKER, unit=unit)


def _refusals(sessions: Sessions, user_id: UUID, by: Actor) -> list[type[BostadError]]:
    """Try all that can be done to a user and give what each try was told."""
    tries: tuple[Callable[[], None], ...] = (
        lambda: service.disable_user(sessions, user_id, by=by, at=NOON),
        lambda: service.reset_user(sessions, user_id, code=CODE, by=by, at=NOON),
        lambda: service.enable_user(sessions, user_id, code=CODE, by=by, at=NOON),
        lambda: service.end_sessions(sessions, user_id, by=by, at=NOON),
    )
    told = []
    for attempt in tries:
        with pytest.raises(BostadError) as refused:
            attempt()
        told.append(refused.type)
    return told
