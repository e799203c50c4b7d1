"""Taking a second factor away: two persons, never the one it is about, and she is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bostad.accounts import service
from bostad.accounts.access import Actor, Role
from bostad.accounts.news import has_news, news_of
from bostad.accounts.proofs import News
from bostad.accounts.sessions import actor_for_token
from bostad.accounts.signing_in import password_hash_of
from bostad.accounts.starting_over import (
    HOLDS,
    agree,
    ask_start_over,
    refuse,
    requests_to_decide,
    start_over_at_the_console,
)
from bostad.accounts.tables import Authenticator, OneTimeCode, Organisation, RecoveryCode, StartOver, Unit, User
from bostad.accounts.tokens import hash_of, written_code
from bostad.audit.tables import AuditRow
from bostad.errors import BostadError, Missing, NotAllowed, OutOfStep
from bostad.records import Sessions
from tests.accounts.halfway import half, has_app
from tests.browsing import Browser, words
from tests.factories import NOON, BoardFactory, UnitFactory, UserFactory, actor
from tests.people import HASHED, TOKEN

Browse = Callable[[User | None], Browser]
CODE = written_code(b"0123456789")
DECIDE = text("update start_over set decided_by = :by, decided_at = now(), approved = true")


@pytest.fixture
def board(rows: Session) -> Organisation:
    made: Organisation = BoardFactory()
    return made


@pytest.fixture
def unit(board: Organisation) -> Unit:
    made: Unit = UnitFactory(board=board)
    return made


@pytest.fixture
def anna(board: Organisation, unit: Unit) -> User:
    """Give a social worker who has worked here."""
    made: User = UserFactory(organisation=board, unit=unit, password_hash=HASHED, entered_at=NOON)
    return made


@pytest.fixture
def admin(board: Organisation) -> Actor:
    return actor(UserFactory(organisation=board, role=Role.ADMINISTRATOR))


@pytest.fixture
def second(board: Organisation) -> Actor:
    return actor(UserFactory(organisation=board, role=Role.ADMINISTRATOR))


def test_two_persons_take_everything_away_and_the_second_gets_the_code(
    sessions: Sessions, rows: Session, anna: User, admin: Actor, second: Actor
) -> None:
    """S24. ASVS V6.4.4, V6.5.6."""
    rows.add(RecoveryCode(user_id=anna.id, code_hash="x"))
    rows.commit()
    half(sessions, anna, proved_at=NOON)
    ask_start_over(sessions, anna.id, by=admin, at=NOON)
    assert has_app(rows, anna), "asking alone changes nothing"
    (request,) = requests_to_decide(sessions, by=second, at=NOON)

    assert agree(sessions, request.id, code=CODE, by=second, at=NOON) == anna.id

    rows.expire_all()
    assert not has_app(rows, anna)
    assert rows.exec(select(RecoveryCode)).all() == []
    assert password_hash_of(rows, anna.id) is None
    assert actor_for_token(sessions, TOKEN, at=NOON) is None
    assert rows.exec(select(OneTimeCode.code_hash)).one() == hash_of(CODE)
    assert {line.what for line in news_of(sessions, by=actor(anna))} == {News.START_OVER_ASKED, News.STARTED_OVER}
    actions = [(row.action, row.actor_id) for row in rows.exec(select(AuditRow))]
    assert actions == [("start_over.asked", admin.id), ("start_over.agreed", second.id)]


def test_whoever_asked_cannot_agree_nor_can_she_whom_it_is_about(
    sessions: Sessions, rows: Session, board: Organisation, admin: Actor
) -> None:
    """S24: in the service, and in the database whatever the service does."""
    other = UserFactory(organisation=board, role=Role.ADMINISTRATOR, password_hash=HASHED)
    ask_start_over(sessions, other.id, by=admin, at=NOON)
    request = rows.exec(select(StartOver)).one()

    for by in (admin, actor(other)):
        assert requests_to_decide(sessions, by=by, at=NOON) == []
        with pytest.raises(Missing):
            agree(sessions, request.id, code=CODE, by=by, at=NOON)
        rows.begin_nested()
        with pytest.raises(IntegrityError):
            rows.execute(DECIDE, {"by": by.id})
        rows.rollback()
    assert has_app(rows, other)


def test_the_manager_of_her_own_unit_may_agree_and_nobody_else(
    sessions: Sessions, rows: Session, board: Organisation, unit: Unit, anna: User, admin: Actor
) -> None:
    managers = {
        "hers": UserFactory(organisation=board, unit=unit, role=Role.UNIT_MANAGER),
        "another's": UserFactory(organisation=board, unit=UnitFactory(board=board), role=Role.UNIT_MANAGER),
        "elsewhere": UserFactory(role=Role.ADMINISTRATOR),
        "colleague": UserFactory(organisation=board, unit=unit),
    }
    ask_start_over(sessions, anna.id, by=admin, at=NOON)

    see = {who for who, user in managers.items() if requests_to_decide(sessions, by=actor(user), at=NOON)}

    assert see == {"hers"}


def test_a_request_is_decided_once_and_not_for_ever(
    sessions: Sessions, rows: Session, anna: User, admin: Actor, second: Actor
) -> None:
    ask_start_over(sessions, anna.id, by=admin, at=NOON)
    with pytest.raises(OutOfStep):
        ask_start_over(sessions, anna.id, by=second, at=NOON)
    (request,) = requests_to_decide(sessions, by=second, at=NOON)
    assert requests_to_decide(sessions, by=second, at=NOON + HOLDS) == []

    refuse(sessions, request.id, by=second, at=NOON)

    with pytest.raises(Missing):
        agree(sessions, request.id, code=CODE, by=second, at=NOON)
    ask_start_over(sessions, anna.id, by=admin, at=NOON)
    ask_start_over(sessions, anna.id, by=second, at=NOON + HOLDS + timedelta(seconds=1))


def test_only_an_administrator_asks_and_never_for_herself(
    sessions: Sessions, rows: Session, board: Organisation, unit: Unit, anna: User, admin: Actor
) -> None:
    manager = actor(UserFactory(organisation=board, unit=unit, role=Role.UNIT_MANAGER))
    stranger = actor(UserFactory(role=Role.ADMINISTRATOR))
    told = []
    for user_id, by in ((anna.id, manager), (anna.id, stranger), (admin.id, admin)):
        with pytest.raises(BostadError) as refused:
            ask_start_over(sessions, user_id, by=by, at=NOON)
        told.append(refused.type)

    assert told == [NotAllowed, Missing, NotAllowed]


def test_a_code_from_one_administrator_opens_nothing_without_the_persons_own_factor(
    sessions: Sessions, rows: Session, anna: User, admin: Actor
) -> None:
    """The way in that this closes: reset the password, use the code, sign in as her. ASVS V6.4.3."""
    service.reset_user(sessions, anna.id, code=CODE, by=admin, at=NOON)

    assert has_app(rows, anna)
    assert [line.what for line in news_of(sessions, by=actor(anna))] == [News.RESET]


def test_who_has_been_here_and_has_no_factor_gets_no_code_from_one_person_alone(
    sessions: Sessions, rows: Session, board: Organisation, anna: User, admin: Actor, second: Actor
) -> None:
    """Between starting over and setting a factor up again, and after being disabled in between."""
    ask_start_over(sessions, anna.id, by=admin, at=NOON)
    (request,) = requests_to_decide(sessions, by=second, at=NOON)
    agree(sessions, request.id, code=CODE, by=second, at=NOON)

    with pytest.raises(NotAllowed):
        service.reset_user(sessions, anna.id, code=CODE, by=admin, at=NOON)
    service.disable_user(sessions, anna.id, by=admin, at=NOON)
    with pytest.raises(NotAllowed):
        service.enable_user(sessions, anna.id, code=CODE, by=admin, at=NOON)
    new = UserFactory(organisation=board)
    service.reset_user(sessions, new.id, code=written_code(b"abcdefghij"), by=admin, at=NOON)


def test_disabling_leaves_the_factor_so_that_letting_in_again_is_no_way_around(
    sessions: Sessions, rows: Session, anna: User, admin: Actor
) -> None:
    service.disable_user(sessions, anna.id, by=admin, at=NOON)
    service.enable_user(sessions, anna.id, code=CODE, by=admin, at=NOON)

    assert has_app(rows, anna)


def test_the_console_starts_somebody_over_on_record_and_tells_her(
    sessions: Sessions, rows: Session, anna: User
) -> None:
    """For the only administrator there is; whoever runs the service has the database anyway."""
    start_over_at_the_console(sessions, anna.id, code=CODE, at=NOON)

    assert rows.exec(select(Authenticator)).all() == []
    assert rows.exec(select(AuditRow.action)).all() == ["start_over.at_the_console"]
    (line,) = news_of(sessions, by=actor(anna))
    assert (line.what, line.who) == (News.STARTED_OVER, None)


def test_she_is_told_at_her_next_sign_in_once(
    browse: Browse, sessions: Sessions, rows: Session, anna: User, board: Organisation
) -> None:
    """ASVS V6.3.7."""
    admin = UserFactory(organisation=board, role=Role.ADMINISTRATOR, name="Adam Admin")
    browse(admin).post(f"/users/{anna.id}/end-sessions")
    browser = browse(None)

    told = browser.sign_in(anna.username, to="/me")
    assert (told.url.path, "Adam Admin" in words(told)) == ("/news", True)
    assert browser.post("/news", next="/me").url.path == "/me"

    assert not has_news(sessions, by=actor(anna))
    rows.execute(update(Authenticator).values(last_step=0))  # half a minute later, as it were
    rows.commit()
    assert browse(None).sign_in(anna.username, to="/me").url.path == "/me"


def test_two_click_it_through_without_scripts(browse: Browse, rows: Session, board: Organisation, anna: User) -> None:
    """U09, U26: one asks on the user's page, another agrees on a page that says what it leads to, and sees the code."""
    admins = [UserFactory(organisation=board, role=Role.ADMINISTRATOR) for _ in range(2)]
    first, second = map(browse, admins)

    ask = f"/users/{anna.id}/start-over"
    assert ask in first.get(f"/users/{anna.id}").text
    assert ask not in first.post(ask).text, "her page says that it is asked, and does not ask to ask again"
    assert anna.username not in words(first.get("/start-overs"))
    assert anna.username in words(second.get("/start-overs"))
    request = rows.exec(select(StartOver)).one()
    here = f"/start-overs/{request.id}/agree"
    assert first.get(here).status_code == 404
    assert f'action="{here}"' in second.get(here).text
    shown = second.post(here)

    assert rows.exec(select(OneTimeCode.code_hash)).one() in {hash_of(word) for word in words(shown).split()}
    assert "/start-overs" in second.get("/me").text
