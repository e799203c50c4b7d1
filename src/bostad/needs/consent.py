"""What a consent allows, and until when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bostad.words import Word, say

DEFAULT_DAYS = 90
LONGEST_DAYS = 180


class FieldGroup(Word):
    """The groups of facts that a household can agree to share, each by itself (S10)."""

    SIZE = "size", say("How many adults, and children by age band")
    HOME = "home", say("Rooms, rent ceiling, contract form and earliest date")
    SAFETY = "safety", say("What the home must have, as demands on a flat")
    ACCESS = "access", say("Step-free access")


class GivenHow(Word):
    """How consent was given; oral consent holds, but must be documented."""

    WRITTEN = "written", say("In writing")
    ORAL = "oral", say("Orally, noted in the file")
    E_SIGNATURE = "e_signature", say("By e-signature")


class Purpose(Word):
    """What the shared facts may be used for."""

    FIND_HOME = "find_home", say("To find and offer a home under the agreement")


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """As much of a consent as decides what it allows."""

    ends_on: date
    revoked_at: datetime | None
    field_groups: frozenset[FieldGroup]


def is_live(consent: ConsentFacts, on: date) -> bool:
    """Tell whether a consent holds on a day; its last day counts."""
    return consent.revoked_at is None and consent.ends_on >= on


def default_end(given_on: date) -> date:
    """Give the last day of a consent when nothing else is agreed."""
    return given_on + timedelta(days=DEFAULT_DAYS)


def latest_end(given_on: date) -> date:
    """Give the last day that may be agreed at all: a consent is never open-ended."""
    return given_on + timedelta(days=LONGEST_DAYS)
