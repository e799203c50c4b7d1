"""The task list of a need: which parts are done, which have begun, which must wait for another."""

from collections.abc import Mapping
from dataclasses import dataclass

from bostad.needs.states import Section, SectionState

WAITS_FOR: Mapping[Section, Section] = {Section.AVOID: Section.HOME}
"""Areas are chosen in the municipalities that the household can live in, so these must be known first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been filled in so far: parts that are whole, and parts that hold something."""

    done: frozenset[Section]
    touched: frozenset[Section]

    def state(self, section: Section) -> SectionState:
        """Give the state that the task list shows for a part (U23)."""
        if section in self.done:
            return SectionState.DONE
        if section in self.touched:
            return SectionState.STARTED
        first = WAITS_FOR.get(section)
        return SectionState.CANNOT_START if first and first not in self.done else SectionState.NOT_STARTED

    @property
    def next_section(self) -> Section | None:
        """Give the first part that is not done, or None when all are."""
        return next((section for section in Section if section not in self.done), None)
