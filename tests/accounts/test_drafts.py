from sqlmodel import Session, select

from bostad.accounts.drafts import LARGEST, drop_draft, kept_draft, save_draft
from bostad.accounts.tables import Draft, User
from bostad.records import Sessions
from tests.factories import NOON, UserFactory, actor

SECRET = "s" * 40
ANSWERS = {"wish": ["nära skolan"], "features": ["balcony", "lift"]}
PATH = "/somewhere"


def test_a_draft_is_given_back_whole_until_it_is_dropped(sessions: Sessions, rows: Session) -> None:
    """U35."""
    user = _with_draft(sessions)

    assert kept_draft(sessions, PATH, by=actor(user), secret=SECRET) == ANSWERS
    assert kept_draft(sessions, PATH, by=actor(user), secret=SECRET) == ANSWERS
    drop_draft(sessions, PATH, by=actor(user))
    assert kept_draft(sessions, PATH, by=actor(user), secret=SECRET) is None


def test_a_draft_is_hers_alone_and_of_its_own_address(sessions: Sessions, rows: Session) -> None:
    user, other = _with_draft(sessions), UserFactory()

    assert kept_draft(sessions, PATH, by=actor(other), secret=SECRET) is None
    assert kept_draft(sessions, "/elsewhere", by=actor(user), secret=SECRET) is None


def test_the_database_holds_nothing_that_can_be_read(sessions: Sessions, rows: Session) -> None:
    """U35, S43: encrypted on the server."""
    _with_draft(sessions)

    sealed = rows.exec(select(Draft.sealed)).one()

    for word in (b"skolan", b"wish", b"balcony"):
        assert word not in sealed


def test_a_draft_moved_to_another_person_cannot_be_opened(sessions: Sessions, rows: Session) -> None:
    """Each person's and each address's key is its own."""
    _with_draft(sessions)
    thief = UserFactory()
    draft = rows.exec(select(Draft)).one()
    draft.user_id = thief.id
    rows.commit()

    assert kept_draft(sessions, PATH, by=actor(thief), secret=SECRET) is None


def test_under_another_secret_a_draft_is_lost_and_nothing_else(sessions: Sessions, rows: Session) -> None:
    user = _with_draft(sessions)

    assert kept_draft(sessions, PATH, by=actor(user), secret="t" * 40) is None


def test_the_latest_answers_replace_those_before(sessions: Sessions, rows: Session) -> None:
    user = _with_draft(sessions)

    save_draft(sessions, PATH, {"wish": ["hiss"]}, user_id=user.id, secret=SECRET, at=NOON)

    assert kept_draft(sessions, PATH, by=actor(user), secret=SECRET) == {"wish": ["hiss"]}


def test_what_is_too_much_is_not_kept_and_said_so(sessions: Sessions, rows: Session) -> None:
    user = UserFactory()
    too_much = {"wish": ["x" * LARGEST]}

    assert not save_draft(sessions, PATH, too_much, user_id=user.id, secret=SECRET, at=NOON)
    assert not save_draft(sessions, "/" + "x" * 200, ANSWERS, user_id=user.id, secret=SECRET, at=NOON)
    assert rows.exec(select(Draft)).all() == []


def _with_draft(sessions: Sessions) -> User:
    user: User = UserFactory()
    assert save_draft(sessions, PATH, ANSWERS, user_id=user.id, secret=SECRET, at=NOON)
    return user
