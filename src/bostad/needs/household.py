"""The household's words, and how ages and sizes are reckoned."""

from datetime import date

from bostad.words import Word, say

ADULT_AGE = 18


class Risk(Word):
    """How soon it must happen, as the social worker's own risk assessment has it; never shown outside."""

    ACUTE = "acute", say("Acute")
    HIGH = "high", say("High")
    STANDARD = "standard", say("Standard")


class ContractForm(Word):
    """The ways to hold a home."""

    FIRST_HAND = "first_hand", say("First-hand contract")
    GUARANTEE = "guarantee", say("First-hand contract with a rent guarantee")
    SOCIAL = "social", say("Social contract (the municipality rents and sublets)")


class AgeBand(Word):
    """Ages as a company may see them."""

    UNDER_6 = "0-5", say("0-5 years")
    UNDER_13 = "6-12", say("6-12 years")
    UNDER_18 = "13-17", say("13-17 years")


def ages_on(day: date, ages: list[int], true_on: date) -> list[int]:
    """Carry ages forward from the day they were true, in whole years; whoever has come of age is still 17.

    Without birth dates an age is only known to the year: the household is counted as no older than it must be.
    """
    years = day.year - true_on.year - ((day.month, day.day) < (true_on.month, true_on.day))
    return [min(age + max(years, 0), ADULT_AGE - 1) for age in ages]


def age_band(age: int) -> AgeBand:
    """Give the band an age falls in."""
    if age <= 5:  # noqa: PLR2004 - the bands are the list above
        return AgeBand.UNDER_6
    return AgeBand.UNDER_13 if age <= 12 else AgeBand.UNDER_18  # noqa: PLR2004


def bands_of(ages: list[int]) -> dict[AgeBand, int]:
    """Count children by age band; bands without children are left out."""
    return {band: count for band in AgeBand if (count := sum(age_band(age) is band for age in ages))}
