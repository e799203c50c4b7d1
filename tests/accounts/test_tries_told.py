"""Somebody whose account others try to come in by is told at her next sign-in."""

import pytest
from sqlmodel import Session

from bostad.accounts.news import news_of
from bostad.accounts.proofs import News
from bostad.accounts.signing_in import sign_in
from bostad.errors import Invalid
from bostad.records import Sessions
from tests.accounts.halfway import half, prove
from tests.factories import NOON, UserFactory, actor
from tests.people import CHEAP, HASHED, from_browser, given


def test_somebody_is_told_once_a_day_that_wrong_passwords_were_given_for_her(sessions: Sessions, rows: Session) -> None:
    """ASVS 6.3.5: at her next sign-in, by nobody's name; fewer than five are her own mistakes. ASVS V6.3.5."""
    user, told = UserFactory(password_hash=HASHED), []
    for number in range(8):
        with pytest.raises(Invalid):
            sign_in(sessions, given(user.username, f"wrong {number}"), CHEAP, browser=from_browser(), at=NOON)
        told.append(len(news_of(sessions, by=actor(user))))

    assert told == [0, 0, 0, 0, 1, 1, 1, 1]
    (news,) = news_of(sessions, by=actor(user))
    assert (news.what, news.by_somebody, news.is_new) == (News.WRONG_PASSWORDS, False, True)


def test_somebody_is_told_that_the_second_step_failed_again_and_again(sessions: Sessions, rows: Session) -> None:
    """ASVS 6.3.5: whoever fails here has given her password, so that she should choose another."""
    known = half(sessions, UserFactory(password_hash=HASHED))
    for _ in range(5):
        assert news_of(sessions, by=known[0]) == []
        with pytest.raises(Invalid):
            prove(sessions, known, "000000")

    assert [line.what for line in news_of(sessions, by=known[0])] == [News.WRONG_SECOND_STEPS]
