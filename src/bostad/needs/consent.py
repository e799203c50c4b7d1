"""What a consent allows, and until when."""

from datetime import date, datetime, timedelta
from typing import Protocol

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


class Basis(Word):
    """On what ground a company may see anything at all."""

    CONSENT = "consent", say("The household's consent")
    NECESSITY = "necessity", say("Necessary disclosure")


class Language(Word):
    """The language that consent was talked over in. Printed texts: see the folder `consent_texts`."""

    SWEDISH = "sv", say("Swedish")
    ENGLISH = "en", say("English")
    ARABIC = "ar", say("Arabic")
    DARI = "prs", say("Dari")
    PERSIAN = "fa", say("Persian")
    KURDISH = "ku", say("Kurdish")
    POLISH = "pl", say("Polish")
    RUSSIAN = "ru", say("Russian")
    SOMALI = "so", say("Somali")
    SPANISH = "es", say("Spanish")
    TIGRINYA = "ti", say("Tigrinya")
    TURKISH = "tr", say("Turkish")
    UKRAINIAN = "uk", say("Ukrainian")
    SIGN_LANGUAGE = "sign", say("Sign language")
    OTHER = "other", say("Another language")


class Lasting(Protocol):
    """As much of a consent as decides whether it holds."""

    @property
    def ends_on(self) -> date:
        """The last day."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was taken back, or replaced by a renewed one."""


def is_live(consent: Lasting, on: date) -> bool:
    """Tell whether a consent holds on a day; its last day counts."""
    return consent.revoked_at is None and consent.ends_on >= on


def default_end(given_on: date) -> date:
    """Give the last day of a consent when nothing else is agreed."""
    return given_on + timedelta(days=DEFAULT_DAYS)


def latest_end(given_on: date) -> date:
    """Give the last day that may be agreed at all: a consent is never open-ended."""
    return given_on + timedelta(days=LONGEST_DAYS)
