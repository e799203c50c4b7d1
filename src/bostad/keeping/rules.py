"""When a case may be deleted: the arithmetic. The board's decision and the law's list of places are data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bostad.words import Word, say


class Kept(Word):
    """What a board keeps for ever, whatever the years."""

    NOTHING = "nothing", say("Nothing: every case is deleted when its time has come")
    RESEARCH = "research", say("Cases of people born on the 5th, 15th or 25th, for research")
    EVERYTHING = "everything", say("Everything, for the archive")


class Finding(Word):
    """What a review says of a case that has ended, and why."""

    NO_DECISION = "no_decision", say("Held: the board has not decided how long cases are kept")
    PRESERVED = "preserved", say("Held: everything is kept in this municipality or county")
    ARCHIVED = "archived", say("Held: the board keeps everything for the archive")
    NOT_YET = "not_yet", say("Not yet")
    KEPT = "kept", say("Held: kept from deletion")
    UNANSWERED = "unanswered", say("Held: nobody has said whether it is kept for research")
    NO_EXTRACT = "no_extract", say("Held: no extract has been taken to the case file")
    DUE = "due", say("Due")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a board has decided: years after the last note, and what is kept for ever."""

    years: int
    kept: Kept
    extract_first: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """What counts of a case that has ended. `kept` is None while nobody has answered."""

    last_note: date
    kept: bool | None
    extracted: bool


def due_on(last_note: date, years: int) -> date:
    """Give the day from which a case may be deleted: so many years after its last note."""
    leap_day = (last_note.month, last_note.day) == (2, 29)
    return last_note.replace(year=last_note.year + years, **({"month": 3, "day": 1} if leap_day else {}))


def at_the_latest(due: date) -> date:
    """Give the day by which it must be done: the end of the calendar year after the one it fell due in."""
    return date(due.year + 1, 12, 31)


def is_preserved(municipality: str, codes: Collection[str]) -> bool:
    """Tell whether the law keeps everything here; codes are municipalities' (four digits) and counties' (two)."""
    return municipality in codes or municipality[:2] in codes


def finding_of(case: Ended, profile: Profile | None, *, preserved: bool, on: date) -> Finding:
    """Say whether a case that has ended is due on a day, or what holds it."""
    if preserved:
        return Finding.PRESERVED
    if profile is None:
        return Finding.NO_DECISION
    held = (
        (profile.kept is Kept.EVERYTHING, Finding.ARCHIVED),
        (case.kept, Finding.KEPT),
        (on < due_on(case.last_note, profile.years), Finding.NOT_YET),
        (profile.kept is Kept.RESEARCH and case.kept is None, Finding.UNANSWERED),
        (profile.extract_first and not case.extracted, Finding.NO_EXTRACT),
    )
    return next((finding for holds, finding in held if holds), Finding.DUE)
