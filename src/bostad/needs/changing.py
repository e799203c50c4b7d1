"""What every change of a need has in common: its columns, its sections, and who must hear of it."""

from datetime import date, datetime

from sqlmodel import Session

from bostad.errors import Invalid
from bostad.needs.answers import SectionAnswers
from bostad.needs.states import NeedState, Section
from bostad.needs.tables import Need
from bostad.outbox import service as outbox
from bostad.words import say


def fill(need: Need, answers: SectionAnswers, *, on: date) -> None:
    """Put a section's answers into the need's own columns."""
    _refuse_days_to_come(answers, on)
    for name, value in answers.model_dump().items():
        setattr(need, name, [_stored(one) for one in value] if isinstance(value, list) else value)


def mark_done(need: Need, section: Section) -> None:
    """Note that a section is whole; the list keeps the order of the task list."""
    need.sections_done = [str(one) for one in Section if one is section or one in need.sections_done]


def noticed(db: Session, need: Need, *, at: datetime) -> None:
    """Let everybody who holds an older view of the need notice, and ask for a run where one could see the change."""
    if need.state is NeedState.DRAFT:
        return
    need.version += 1
    if need.state is NeedState.OPEN:
        ask_for_run(db, need, at=at)


def ask_for_run(db: Session, need: Need, *, at: datetime) -> None:
    """Ask for a matching run of the need's board once this transaction commits."""
    outbox.post(db, "matching.run", key=str(need.board_id), at=at)


def _stored(one: object) -> object:
    """Give a list's entry as its column keeps it: a word by its value."""
    return str(one) if isinstance(one, str) else one


def _refuse_days_to_come(answers: SectionAnswers, on: date) -> None:
    """Refuse a day after today where only a day that has been makes sense."""
    late = [name for name in ("ages_true_on", "waiting_since") if getattr(answers, name, on) > on]
    if late:
        raise Invalid({name: say("Choose today or an earlier day.") for name in late})
