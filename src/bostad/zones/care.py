"""How each kind of data is cared for: what a level of protection asks for, and how long a row is kept (S03).

The levels stand here with what they ask for; which level each column has, and how long each table's rows are kept, is
in `zones/care_tables.py`. `bostad data` prints both, docs/data.md is that print, and tests hold grants, deletion and
logs to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Level(StrEnum):
    """What a value would do in the wrong hands, the worst first."""

    SEALED = "sealed"
    """Says who a household is or what it flees from; or lets somebody in as another."""
    PROOF = "proof"
    """Proves who somebody is; of no use to a thief by itself: hashes, public halves, counters."""
    DELICATE = "delicate"
    """About a household, without saying whose."""
    STAFF = "staff"
    """About somebody who works here."""
    BUSINESS = "business"
    """About homes and agreements."""
    WORK = "work"
    """The service's own: states, versions, counts, moments."""
    POINTER = "pointer"
    """A random id that says nothing by itself."""
    OPEN = "open"
    """Anybody may know it."""


NEVER = "never"


@dataclass(frozen=True, slots=True)
class Asks:
    """What a level asks for: at rest, in the log of who did what, in the programs' logs, and where it may go."""

    at_rest: str
    in_audit: str
    in_program_log: bool
    goes: str


_POLICED = "in clear behind row security"
LEVELS: Mapping[Level, Asks] = {
    Level.SEALED: Asks(
        "AES-256-GCM, bound to its row; or a keyed hash to look it up by",
        NEVER,
        in_program_log=False,
        goes="nowhere; shown to the case's own people, each reading written down",
    ),
    Level.PROOF: Asks("a hash or a public key", NEVER, in_program_log=False, goes="nowhere"),
    Level.DELICATE: Asks(
        f"{_POLICED}, for the database reckons with it; no grant for the companies",
        "codes, counts, names of fields",
        in_program_log=False,
        goes="in a card, under a consent; in figures, of five or more; in an extract, with a reason",
    ),
    Level.STAFF: Asks(_POLICED, "by id", in_program_log=False, goes="to colleagues; a board's contact to companies"),
    Level.BUSINESS: Asks(_POLICED, "yes", in_program_log=False, goes="to the two parties of an agreement"),
    Level.WORK: Asks(_POLICED, "yes", in_program_log=True, goes="to whoever may see its row"),
    Level.POINTER: Asks(_POLICED, "yes", in_program_log=True, goes="in pages' addresses, to whoever may see its row"),
    Level.OPEN: Asks("in clear", "yes", in_program_log=True, goes="to everybody who signs in"),
}


@dataclass(frozen=True, slots=True)
class Keep:
    """How long rows are kept: words, and for those thrown away at night the time that must have passed."""

    words: str
    for_: timedelta | None = None


WITH_THE_CASE = Keep("until its case is deleted: the board's years after the last note, decided by two")
WITH_THE_ACCOUNT = Keep("as long as the account, or until its owner takes it away")
WITH_THE_SESSION = Keep("until it is answered, or the session is thrown away")
UNTIL_THE_NEXT_RUN = Keep("until the next run writes anew")
LASTING = Keep("as long as the installation")


def for_(time: timedelta, words: str) -> Keep:
    """Make the rule of a table whose rows are thrown away at night."""
    return Keep(words, time)


@dataclass(frozen=True, slots=True)
class Care:
    """One table: how long its rows are kept, and the level of each column that is no id."""

    keep: Keep
    levels: Mapping[str, Level]


def care(keep: Keep, **columns: str) -> Care:
    """Write a table's care: `care(LASTING, work="state version", business="name")`."""
    return Care(keep, dict(_named(columns)))


def _named(columns: Mapping[str, str]) -> Iterator[tuple[str, Level]]:
    for level, names in columns.items():
        for name in names.split():
            yield name, Level(level)
