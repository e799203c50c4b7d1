"""The states of a published home."""

from bostad.words import Word, say


class HomeState(Word):
    """Where a home stands as published; whether somebody has been promised it is the placement's story."""

    PUBLISHED = "published", say("Published")
    PAUSED = "paused", say("Waiting for the company")
    LET = "let", say("Let")
    WITHDRAWN = "withdrawn", say("Withdrawn")


class FeatureState(Word):
    """Three-valued: what nobody has confirmed does not count as met."""

    MET = "met", say("Yes")
    NOT_MET = "not_met", say("No")
    UNKNOWN = "unknown", say("Not known")


class FeatureSource(Word):
    """Where the knowledge of a feature comes from."""

    STAFF = "staff", say("Stated by the company")
    INSPECTION = "inspection", say("Seen at an inspection")
    IMPORT = "import", say("From an import")


class WithdrawnBecause(Word):
    """Why a home left before it was let; a closed list."""

    LET_ELSEWHERE = "let_elsewhere", say("Let to somebody else")
    RENOVATION = "renovation", say("Needs repair first")
    MISTAKE = "mistake", say("Published by mistake")
    DATE_PASSED = "date_passed", say("The last day to accept has passed")
