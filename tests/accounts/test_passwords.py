import pytest
from argon2 import extract_parameters

from bostad.accounts.passwords import Cost, Passwords, is_common, weakness
from tests.people import CHEAP, HASHED, PASSWORD


def test_only_the_password_itself_matches_its_hash() -> None:
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
    """S46."""
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
    """S46."""
    assert weakness(password, "anna.larsson") is not None


@pytest.mark.parametrize(
    "password",
    ["twelve chars", "only lower case letters", "åäö åäö blåbär", "8472 9163 0585 22", "x" * 5 + "yzåäö" * 3],
)
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    """S46: no composition rules."""
    assert weakness(password, "anna.larsson") is None


def test_a_short_user_name_may_stand_in_a_password_by_chance() -> None:
    assert weakness("bananas in the attic", "ana") is None


def test_the_list_of_common_passwords_is_there() -> None:
    assert is_common("Password1234")
    assert not is_common(PASSWORD)
