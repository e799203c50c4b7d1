"""The kinds of place a household waits in, and of place it must not come near."""

from bostad.words import Word, say


class PlaceKind(Word):
    """Where a household lives while it waits."""

    SHELTER = "shelter", say("Shelter")
    SUPPORT_FLAT = "support_flat", say("Support flat")
    ELSEWHERE = "elsewhere", say("Somewhere else")


class AvoidKind(Word):
    """How an area to avoid is drawn."""

    DISTRICT = "district", say("A district")
    BUILDING = "building", say("A building")
    CIRCLE = "circle", say("A circle around a place")
