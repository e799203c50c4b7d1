"""Taking in a list row by row: what is refused is noted at its row and leaves nothing behind, and the others go on.

Every row is tried, so that the report is whole, whether or not anything of the list will be kept.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session

from bostad.errors import BostadError, Fault, Invalid
from bostad.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Report:
    """What an import has done, or would do when `written` is false; the faults stand by line."""

    written: bool
    faults: tuple[Fault, ...]
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Taking:
    """One list under way: the faults found so far, those of the file among them, and what became of each good row.

    `column` is the one whose value names a row. No two rows may have the same one, of which `twice` tells, and a
    refusal of a whole row stands there.
    """

    db: Session
    column: str
    twice: str
    faults: list[Fault]
    outcomes: Counter[str] = field(default_factory=Counter)
    lines: dict[str, int] = field(default_factory=dict)

    def row(self, line: int, name: str, take: Callable[[], StrEnum]) -> StrEnum | None:
        """Take one row in and give what became of it; None for one that was refused."""
        first = self.lines.setdefault(name, line)
        if first != line:
            self.fault(line, self.column, say(self.twice, line=first))
            return None
        before = len(self.faults)
        try:
            with self.db.begin_nested() as attempt:
                outcome = take()
                if len(self.faults) > before:
                    attempt.rollback()
                    return None
        except Invalid as refusal:
            for column, sentence in refusal.fields.items():
                self.fault(line, column, sentence)
            return None
        except BostadError as refusal:
            self.fault(line, self.column, refusal.sentence)
            return None
        self.outcomes[outcome] += 1
        return outcome

    def fault(self, line: int, column: str, reason: Sentence, meant: str = "") -> None:
        """Note what is wrong in one cell, and what was perhaps meant."""
        self.faults.append(Fault(line, column, reason, meant))

    def in_order(self) -> tuple[Fault, ...]:
        """Give the faults by line."""
        return tuple(sorted(self.faults, key=lambda fault: fault.line))
