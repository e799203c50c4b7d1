"""Ages, age bands, consent and the task list as rules."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from bostad.needs.checklist import Progress
from bostad.needs.consent import is_live
from bostad.needs.household import AgeBand, age_band, ages_on, bands_of
from bostad.needs.states import Section, SectionState

TRUE_ON = date(2026, 3, 1)


@dataclass(frozen=True)
class Promise:
    ends_on: date
    revoked_at: datetime | None = None


@pytest.mark.parametrize(
    ("day", "ages"),
    [
        (date(2026, 3, 1), [0, 9, 16]),
        (date(2027, 2, 28), [0, 9, 16]),
        (date(2027, 3, 1), [1, 10, 17]),
        (date(2029, 3, 1), [3, 12, 17]),
        (date(2025, 1, 1), [0, 9, 16]),
    ],
)
def test_ages_are_carried_forward_in_whole_years(day: date, ages: list[int]) -> None:
    assert ages_on(day, [0, 9, 16], TRUE_ON) == ages


def test_every_age_has_one_band() -> None:
    assert [age_band(age).value for age in (0, 5, 6, 12, 13, 17)] == ["0-5", "0-5", "6-12", "6-12", "13-17", "13-17"]
    assert bands_of([4, 13, 2]) == {AgeBand.UNDER_6: 2, AgeBand.UNDER_18: 1}


def test_a_consent_holds_through_its_last_day_and_not_after_it_was_taken_back() -> None:
    held, withdrawn = Promise(date(2026, 12, 1)), Promise(date(2026, 12, 1), datetime(2026, 11, 1, tzinfo=UTC))

    assert is_live(held, date(2026, 12, 1))
    assert not is_live(held, date(2026, 12, 2))
    assert not is_live(withdrawn, date(2026, 11, 1))


def test_the_task_list_has_four_states() -> None:
    """U23."""
    progress = Progress(done=frozenset({Section.STAY}), touched=frozenset({Section.STAY, Section.HOUSEHOLD}))

    assert {section: progress.state(section) for section in Section} == {
        Section.HOUSEHOLD: SectionState.STARTED,
        Section.STAY: SectionState.DONE,
        Section.HOME: SectionState.NOT_STARTED,
        Section.SAFETY: SectionState.NOT_STARTED,
        Section.AVOID: SectionState.CANNOT_START,
        Section.PRIORITY: SectionState.NOT_STARTED,
    }
    assert progress.next_section is Section.HOUSEHOLD


def test_areas_can_be_named_once_the_municipalities_are_known() -> None:
    progress = Progress(done=frozenset(Section) - {Section.AVOID}, touched=frozenset())

    assert progress.state(Section.AVOID) is SectionState.NOT_STARTED
    assert Progress(done=frozenset(Section), touched=frozenset()).next_section is None
