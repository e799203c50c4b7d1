"""Who may do what, declared here and nowhere else: the matrix holds every door to it, and misses none.

Not read from the code under test. A new route gets its line in DOORS; a new kind of thing its line in SEES.
"""

from collections.abc import Mapping
from enum import StrEnum


class Person(StrEnum):
    """Those who knock."""

    WORKER = "worker"
    MANAGER = "manager"
    BOARD_ADMIN = "board_admin"
    OFFICER = "officer"
    STAFF = "staff"
    COMPANY_ADMIN = "company_admin"
    STRANGER = "stranger"


class Relation(StrEnum):
    """How what is asked for stands to the one who asks."""

    OWN = "own"
    SAME_ORGANISATION = "same organisation"
    OTHER_ORGANISATION = "other organisation"
    OTHER_SIDE = "other side"
    EXCLUDED = "excluded"
    NO_CONSENT = "no consent"
    EXPIRED = "expired"
    REVOKED = "revoked"
    HEIGHTENED = "heightened protection"
    COUNTY = "another board of the same county run"
    GUEST = "one's own, in a home of another board's of the county run"
    ABSENT = "absent"


SHORT: Mapping[str, tuple[Person, ...]] = {
    "W": (Person.WORKER,),
    "M": (Person.MANAGER,),
    "A": (Person.BOARD_ADMIN, Person.COMPANY_ADMIN),
    "O": (Person.OFFICER,),
    "S": (Person.STAFF,),
    "all": tuple(person for person in Person if person is not Person.STRANGER),
    "anybody": tuple(Person),
}

DOORS = """
/                                        all
/accessibility                           anybody
/health                                  anybody
/code                                    anybody
/sign-in                                 anybody
/sign-out                                anybody
/how-matching-works                      all
/policy-reports                          anybody
/kept                                    all
/me                                      all
/news                                    all
/second-step                             all
/stay                                    all
/agreements                              W M S
/agreements/new                          M
/agreements/{agreement}                  W M S
/agreements/{agreement}/                 M
/keeping                                 M O
/keeping/decision                        M
/lines                                   M
/joint-matching                          M
/cases                                   W
/cases/{case}/deputies                   W M
/cases/{case}/hand-over                  W M
/cases/{case}/keeping                    W M
POST /cases/{case}/keeping               W
POST /cases/{case}/keeping/              W M
/cases/{case}/protection                 W M
/consents                                W
/contact                                 A
/county-runs                             M
/decisions                               W M
/disclosures                             O
/homes                                   W M S
/homes/new                               S
/homes/import                            S
/homes/{home}                            W M S
/homes/{home}/                           S
/imports                                 A
/imports/places                          A M
/log                                     O
/overview                                M
/placements                              W S
/placements/{placement}/acknowledge      S
/readers                                 M O
/report                                  M
/review                                  M O
/review/limits                           M
/review/openings                         M
/start-overs                             A M
/to-answer                               S
/units                                   A
/users                                   A
/what-if                                 M
/what-if/{question}                      W M
"""
"""The longest beginning of an address decides. One that ends in a slash is what lies under it, and not itself; one
with a method is for that method."""

_ELSEWHERE = frozenset({Relation.OTHER_ORGANISATION, Relation.OTHER_SIDE, Relation.COUNTY, Relation.ABSENT})
_ALL_OF_THE_UNIT = frozenset(Relation) - _ELSEWHERE
_UNDER_OUR_AGREEMENTS = _ALL_OF_THE_UNIT - {Relation.GUEST}
_HER_OWN = _ALL_OF_THE_UNIT - {Relation.SAME_ORGANISATION}
_TOLD = frozenset({Relation.OWN, Relation.SAME_ORGANISATION})
_NOTHING: frozenset[Relation] = frozenset()
_OF_AN_AGREEMENT: Mapping[Person, frozenset[Relation]] = {
    Person.WORKER: _UNDER_OUR_AGREEMENTS,
    Person.MANAGER: _UNDER_OUR_AGREEMENTS,
    Person.STAFF: _ALL_OF_THE_UNIT,
}

SEES: Mapping[str, Mapping[Person, frozenset[Relation]]] = {
    "case": {
        Person.WORKER: _HER_OWN,
        Person.MANAGER: _ALL_OF_THE_UNIT - {Relation.HEIGHTENED},
        Person.OFFICER: _ALL_OF_THE_UNIT,
    },
    "consent": {Person.WORKER: _HER_OWN},
    "area": {Person.WORKER: _HER_OWN},
    "placement": {Person.WORKER: _HER_OWN, Person.STAFF: _TOLD | {Relation.HEIGHTENED, Relation.GUEST}},
    # A home of another board's stands on the page of the placement that proposes it, and has no page of its own for us.
    "home": _OF_AN_AGREEMENT,
    "agreement": _OF_AN_AGREEMENT,
    "free home": dict.fromkeys((Person.WORKER, Person.MANAGER), _ALL_OF_THE_UNIT),
    "line": {Person.MANAGER: _UNDER_OUR_AGREEMENTS},
    "user": dict.fromkeys((Person.WORKER, Person.MANAGER, Person.BOARD_ADMIN, Person.COMPANY_ADMIN), _ALL_OF_THE_UNIT),
}
"""In which relations a thing is there for a person. Everywhere else it is not, and nothing tells that from absent."""

OWN_MOVES: Mapping[Person, frozenset[str]] = {
    Person.WORKER: frozenset({"put", "release", "decline", "call_off", "hand_over"}),
    Person.STAFF: frozenset({"reserve", "refuse", "sign", "hand_over"}),
}
"""The moves that a person is asked about and may make; another side's is not there for her."""

LEADS_SOMEWHERE: Mapping[str, frozenset[str]] = {
    "/agreements": frozenset({"put_in_force", "pause", "resume", "end"}),
    "/cases": frozenset({"household", "home", "features", "order"}),
    "/users": frozenset({"disable", "enable", "reset", "end-sessions"}),
    "/decisions": frozenset({"disclosure", "exclusion", "protection"}),
    "/joint-matching": frozenset({"on", "off"}),
    "/keeping": frozenset({"approve", "refuse"}),
}
"""The words in addresses that something answers to; any other word is an address that is not there."""


NOT_FOR = frozenset(
    {("/cases/{case}/protection/lift", Person.MANAGER), ("/contact", Person.COMPANY_ADMIN)},
)
"""Who gets past a guard and finds nothing: a manager knows of no heightened case, and only boards name a contact."""

REFUSED_ANYHOW = frozenset({"/me/app/remove"})
"""What this person may do, but not as things stand: the last second factor is not taken away."""

IN_NO_CORNER = frozenset(
    {
        "deletion",
        "exclusion",
        "opening",
        "pair",
        "passkey",
        "question",
        "request",
        "row",
        "run",
        "sample",
        "session",
        "subject",
        "unit",
    }
)
"""Kinds of things that nothing in the town is one of: those ids lead nowhere, for anybody, and to the same answer."""


def who_may_knock(method: str, path: str) -> frozenset[Person]:
    """Give who gets past a door's guard; for a door that is not declared, nobody."""
    fitting = [line for line in DECLARED if lies_under(method, path, line)]
    return DECLARED[max(fitting, key=lambda line: (len(line.split()[-1]), line))] if fitting else frozenset()


def lies_under(method: str, path: str, line: str) -> bool:
    """Tell whether a line of the table speaks of a door."""
    only, _, prefix = line.rpartition(" ")
    if only and only != method:
        return False
    if prefix.endswith("/") and prefix != "/":
        return path.startswith(prefix)
    return path == prefix or (prefix != "/" and path.startswith(f"{prefix}/"))


def _read(table: str) -> dict[str, frozenset[Person]]:
    found = {}
    for line in table.strip().splitlines():
        words = line.split()
        place = 2 if words[0] == "POST" else 1
        found[" ".join(words[:place])] = frozenset(person for word in words[place:] for person in SHORT[word])
    return found


DECLARED = _read(DOORS)
