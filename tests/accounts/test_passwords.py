from datetime import timedelta

import pytest
from argon2 import extract_parameters
from sqlmodel import Session

from bostad.accounts.guessing import is_common, is_of_the_place, weakness
from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.signing_in import sign_in
from bostad.records import Sessions
from tests.factories import NOON, UserFactory
from tests.people import CHEAP, HASHED, PASSWORD, from_browser, given


def test_only_the_password_itself_matches_its_hash() -> None:
    """ASVS V6.2.8."""
    assert CHEAP.match(PASSWORD, HASHED)
    assert not CHEAP.match(PASSWORD.upper(), HASHED)
    assert not CHEAP.match(PASSWORD + " ", HASHED)


def test_where_there_is_no_hash_nothing_matches() -> None:
    """S06."""
    assert not CHEAP.match(PASSWORD, None)
    assert not CHEAP.match("the password of nobody", None)


def test_the_same_password_is_hashed_differently_each_time() -> None:
    assert CHEAP.hash(PASSWORD) != HASHED


def test_a_hash_says_that_it_is_argon2id_at_the_full_cost_unless_told_otherwise() -> None:
    """S46. ASVS V11.4.2."""
    assert Passwords(Cost()).hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_matches_however_a_keyboard_writes_its_letters() -> None:
    composed, decomposed = "bl\u00e5b\u00e4r och gr\u00e4dde", "bla\u030aba\u0308r och gra\u0308dde"

    assert CHEAP.match(decomposed, CHEAP.hash(composed))


def test_a_hash_made_at_another_cost_is_dated() -> None:
    dearer = Passwords(Cost(memory_kib=16, passes=1, lanes=1))

    assert dearer.is_dated(HASHED)
    assert not dearer.is_dated(dearer.hash(PASSWORD))


@pytest.mark.slow
def test_an_unknown_user_is_held_against_a_hash_that_costs_the_same() -> None:
    """S06: the same work is done, so that the time tells nothing."""
    passwords = Passwords(Cost(memory_kib=16_384, passes=2, lanes=1))

    nobodys = passwords._nobodys  # noqa: SLF001 - what an unknown user is held against is seen nowhere else
    assert extract_parameters(nobodys) == extract_parameters(passwords.hash(PASSWORD))
    assert not passwords.match(PASSWORD, None)


@pytest.mark.parametrize(
    "password",
    [
        "eleven char",
        "a" * 129,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012",
        "Sommaren2026!",
        "2026vintern!!",
        "lösenordlösenord",
        "Administrator1",
        "anna.larsson-1987",
    ],
)
def test_a_password_that_is_guessed_early_is_refused_with_a_reason(password: str) -> None:
    """S46. ASVS V6.2.1."""
    assert weakness(password, "anna.larsson") is not None


@pytest.mark.parametrize(
    "password",
    ["twelve chars", "only lower case letters", "åäö åäö blåbär", "8472 9163 0585 22"],
)
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    """S46: no composition rules. ASVS V6.2.5."""
    assert weakness(password, "anna.larsson") is None


def test_a_whole_sentence_may_be_a_password() -> None:
    """S46. ASVS V6.2.9: 128 letters, and it is told when there are more."""
    sentence = "forty two plums in the icebox and nobody to eat them before the morning comes " * 2

    assert weakness(sentence[:128], "anna.larsson") is None
    assert weakness(sentence[:129], "anna.larsson") is not None


def test_a_password_is_good_for_as_long_as_nobody_changes_it(sessions: Sessions, rows: Session) -> None:
    """S46. ASVS V6.2.10: nobody is made to think of a new one because time has passed."""
    user = UserFactory(password_hash=HASHED)
    later = NOON + timedelta(days=5 * 365)

    assert sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=later).id == user.id


def test_a_short_user_name_may_stand_in_a_password_by_chance() -> None:
    assert weakness("bananas in the attic", "ana") is None


@pytest.mark.parametrize(
    "password", ["Password1234", "qwertyuiop123", "1qaz2wsx3edc", "P@ssw0rd!!!!", "liverpoolfc1", "abcdefgh12345678"]
)
def test_a_password_that_was_used_in_breaches_or_is_made_as_people_make_them_is_refused(password: str) -> None:
    """S46, ASVS 6.2.4 and 6.2.12: thirty thousand passwords from breaches, whatever stands before or after them.

    ASVS V6.2.4, V6.2.12.
    """
    assert is_common(password)
    assert not is_common(PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        "Sundsvall2026!",
        "S0mmaren!2026!",
        "Socialtjänsten 1",
        "Storgatan 12 A!!",
        "björkvägen-björkvägen",
        "Mitthem2026Mitthem",
        "Norra enheten 2026",
        "Bostad i Örnsköldsvik",
    ],
)
def test_a_password_of_words_of_the_place_is_refused(password: str) -> None:
    """S46, ASVS 6.1.2 and 6.2.11: municipalities, streets, seasons, years, and the names of organisations and units.

    ASVS V6.1.2.
    """
    assert is_of_the_place(password, ["Mitthem AB", "Norra enheten"])


@pytest.mark.parametrize("password", ["glass på Storgatan igår", "Sundsvall 8472916305", "augusti luktar tvål"])
def test_such_a_word_may_stand_in_a_password_with_enough_besides(password: str) -> None:
    assert weakness(password, "anna.larsson", ["Mitthem AB"]) is None
