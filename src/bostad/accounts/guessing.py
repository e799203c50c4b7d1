"""Which passwords are too easy to guess (S46): short ones, what many people choose, and what the place suggests."""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from zxcvbn import zxcvbn

from bostad.words import Sentence, say

SHORTEST = 12
ADVISED = 15
LONGEST = 128
FEWEST_DIFFERENT = 5
"""Fewer different characters than this is one key held down, or a few keys in turn."""
SHORTEST_NAME = 4
"""A user name this long may not stand in the password; a shorter one may be in there by chance. So with words."""
FEWEST_GUESSES = 10**8
"""What zxcvbn calls safely unguessable: it knows passwords from breaches, words, names, dates and rows of keys."""
JUDGED = 72
"""How much of a password is held against the lists: what follows cannot make it easier to guess."""
LEFT = 8
"""How many letters and digits must be left of a password besides words of the place."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_STREET = r"[a-z]{2,14}?(?:gatan|gata|vagen|torget|grand|stigen|allen|backen|esplanaden)"
"""A street of any town is known by its ending; no list of them has to be kept."""
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")
_LETTERS_MEANT = str.maketrans("013457@$!", "oleastasi")


def weakness(password: str, username: str, words: Collection[str] = ()) -> Sentence | None:
    """Say why a password is too easy to guess, or None: kinds of characters do not count.

    `words` are what this installation adds to the words of the place: names of organisations, of units, of the person.
    """
    if len(password) < SHORTEST:
        return say(
            "Use at least %(shortest)s characters. %(advised)s or more is better: a few words of your own, say.",
            shortest=SHORTEST,
            advised=ADVISED,
        )
    if len(password) > LONGEST:
        return say("Use at most %(longest)s characters.", longest=LONGEST)
    if len(username) >= SHORTEST_NAME and username in password.casefold():
        return say("Your user name stands in the password. Choose something else.")
    if is_of_the_place(password, words):
        return say("Names of places, months, your work and its words are guessed first. Choose words of your own.")
    if len(set(password)) < FEWEST_DIFFERENT or is_common(password):
        return say("Many people use this password, so it is guessed first. Choose words of your own.")
    return None


def is_common(password: str) -> bool:
    """Tell whether a password is among what is tried first: used in a breach, or made as people make them."""
    return bool(zxcvbn(password[:JUDGED])["guesses"] < FEWEST_GUESSES)


def is_of_the_place(password: str, words: Collection[str] = ()) -> bool:
    """Tell whether little is left of a password without the words that anybody here would try, and without years."""
    without_years = _YEAR.sub(" ", _plain(password))
    pattern = _pattern(frozenset(word for one in words for word in _words_in(one)))
    spellings = {without_years, without_years.translate(_LETTERS_MEANT)}
    stripped = {spelling: pattern.sub(" ", spelling) for spelling in spellings}
    return any(rest != spelling and len(_OTHER_SIGNS.sub("", rest)) < LEFT for spelling, rest in stripped.items())


def _plain(text: str) -> str:
    """Write letters without case, dots and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _words_in(name: str) -> list[str]:
    return [word for word in _OTHER_SIGNS.split(_plain(name)) if len(word) >= SHORTEST_NAME]


def _pattern(added: frozenset[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first, or a street."""
    return re.compile("|".join([*sorted(added | _kept(), key=len, reverse=True), _STREET]))


@cache
def _kept() -> frozenset[str]:
    """Read the list once: municipalities and counties, months, days, seasons, the field's own words, favourites."""
    return frozenset(Path(__file__).with_name("words_of_the_place.txt").read_text(encoding="utf-8").split())
