"""Questions that begin with what if: asked on a page, reckoned by the worker, answered in numbers alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.joint import is_joint
from bostad.agreements.loading import board_of
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.answers import Answers, Day, Line, OneOrMore, WholeNumber, asked, unfit
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.homes.features import SAFETY, STATED, Feature
from bostad.homes.tables import Home
from bostad.needs.answers import Municipality
from bostad.needs.loading import case_for, latest_need
from bostad.needs.states import NeedState
from bostad.outbox import service as outbox
from bostad.placements.run_states import Asked
from bostad.placements.tables import Question
from bostad.records import Sessions
from bostad.words import Sentence, say

KIND = "matching.what_if"
"""What the worker is told of a question, beside its id."""
PATIENCE = timedelta(minutes=2)
"""One question at a time; a lost one does not stand in the way for ever."""


class MoreHomes(Answers):
    """A home like this, once a month more than agreed."""

    line_id: UUID = Field(
        title=asked("Like the homes of"),
        description=asked("It decides the company, the groups and the contract forms."),
    )
    municipality: Municipality = Field(title=asked("Municipality"))
    rooms: WholeNumber = Field(ge=1, le=10, title=asked("Rooms, apart from the kitchen"))
    rent: WholeNumber = Field(gt=0, le=100_000, title=asked("Rent a month, in kronor"))
    floor: WholeNumber | None = Field(
        default=None, ge=0, le=50, title=asked("Floor"), description=asked("0 is the ground floor.")
    )
    school_m: WholeNumber | None = Field(default=None, ge=0, le=50_000, title=asked("Distance to a school, in metres"))
    district: Annotated[Line, Field(max_length=120)] | None = Field(
        default=None,
        title=asked("District"),
        description=asked("Left empty, it counts as one that nobody has to avoid."),
    )
    has: Annotated[list[Feature], OneOrMore] = Field(
        default_factory=list, title=asked("The home has"), description=asked("What is not ticked counts as not there.")
    )
    months: WholeNumber = Field(
        default=6, ge=1, le=12, title=asked("For how many months"), description=asked("One home a month, at most 12.")
    )


class OtherAnswer(Answers):
    """One answer of a need as it could be instead: only what is nobody's safety."""

    rent_max: WholeNumber | None = Field(default=None, gt=0, le=100_000, title=asked("Highest rent a month, in kronor"))
    rooms_min: WholeNumber | None = Field(
        default=None, ge=1, le=10, title=asked("Fewest rooms, apart from the kitchen")
    )
    municipality: Municipality | None = Field(default=None, title=asked("Also in this municipality"))
    school_m_max: WholeNumber | None = Field(
        default=None, ge=100, le=50_000, title=asked("Longest distance to a school, in metres")
    )
    move_in_by: Day | None = Field(default=None, title=asked("Must have moved by"))

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise unfit("Answer exactly one of the questions.", field="rent_max")
        return self


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question and its answer, if it has come."""

    id: UUID
    kind: Asked
    case_id: UUID | None
    asked_at: datetime
    answered: bool
    answer: Mapping[str, Any]
    home: str | None
    asked: tuple[tuple[Sentence, object], ...]


def ask_more_homes(sessions: Sessions, answers: MoreHomes, *, by: Actor, at: datetime) -> UUID:
    """Ask what one home more a month would do: the manager, for her whole board."""
    with sessions.begin() as db:
        board_id = board_of(by)
        line = select(QuotaLine.id).join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
        mine = line.where(Agreement.board_id == board_id, Agreement.state == AgreementState.IN_FORCE)
        if db.exec(mine.where(QuotaLine.id == answers.line_id)).one_or_none() is None:
            raise Invalid({"line_id": say("Choose one of the lines of an agreement in force.")})
        return _ask(db, Asked.MORE_HOMES, board_id, answers.model_dump(mode="json"), by=by, at=at)


def ask_other_answer(sessions: Sessions, case_id: UUID, answers: OtherAnswer, *, by: Actor, at: datetime) -> UUID:
    """Ask what one other answer would do for one's own case."""
    with sessions.begin() as db:
        board_id = _refuse_unless_matched(db, case_id, by=by, at=at)
        details = answers.model_dump(mode="json", exclude_none=True)
        return _ask(db, Asked.OTHER_RULE, board_id, details, case_id=case_id, by=by, at=at)


def ask_this_home(sessions: Sessions, case_id: UUID, home_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """Ask what it would do if one free home were kept for one's own case."""
    with sessions.begin() as db:
        board_id = _refuse_unless_matched(db, case_id, by=by, at=at)
        line = select(Home.id).join(QuotaLine, col(QuotaLine.id) == Home.line_id).join(Agreement)
        if db.exec(line.where(Home.id == home_id, Agreement.board_id == board_id)).one_or_none() is None:
            raise Missing("There is no such home.")
        return _ask(db, Asked.THIS_HOME, board_id, {"home": str(home_id)}, case_id=case_id, by=by, at=at)


def question_page(sessions: Sessions, question_id: UUID, *, by: Actor, at: datetime) -> QuestionPage:
    """Show a question to whoever asked it, while the case it is about is still hers."""
    with sessions() as db:
        question = db.exec(select(Question).where(Question.id == question_id, Question.asked_by == by.id)).one_or_none()
        if question is None:
            raise Missing("There is no such question of yours.")
        if question.case_id is not None:
            case_for(db, question.case_id, by=by, on=at.date())
        told = question.answer.get("home") or question.details.get("home")
        home = db.get(Home, UUID(told)) if told else None
        return QuestionPage(
            id=question.id,
            kind=question.kind,
            case_id=question.case_id,
            asked_at=question.asked_at,
            answered=question.answered_at is not None,
            answer=question.answer,
            home=home.address if home else None,
            asked=tuple(_in_words(question)),
        )


def know_the_case(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Refuse whoever may not read a case, before anything is asked about it; she is told that it is not there (S06)."""
    with sessions() as db:
        case_for(db, case_id, by=by, on=at.date())


def usual_home() -> Mapping[str, Any]:
    """Give what the form begins with: all that makes a home safe is there."""
    return {"months": 6, "rooms": 2, "floor": 2, "has": [feature.value for feature in STATED if feature in SAFETY]}


def _in_words(question: Question) -> Iterator[tuple[Sentence, object]]:
    """Say what was asked, in the words of the form."""
    form = OtherAnswer if question.kind is Asked.OTHER_RULE else MoreHomes
    for name, value in question.details.items():
        title = form.model_fields[name].title if name in form.model_fields else None
        if title and name not in {"line_id", "has"} and value is not None:
            yield Sentence(title), date.fromisoformat(value) if name == "move_in_by" else value


def _refuse_unless_matched(db: Session, case_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """See that the case is hers and takes part in joint matching; give its board."""
    need = latest_need(db, case_for(db, case_id, by=by, on=at.date()))
    if need.state is not NeedState.OPEN or not need.opted_in:
        raise OutOfStep("The need must be open and take part in joint matching before this can be asked.")
    return need.board_id


def _ask(
    db: Session,
    kind: Asked,
    board_id: UUID,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    case_id: UUID | None = None,
) -> UUID:
    if not is_joint(db, board_id):
        raise OutOfStep("Joint matching is off for your board, so there is no plan to ask about.")
    waiting = select(Question.id).where(Question.asked_by == by.id, col(Question.answered_at).is_(None))
    if db.exec(waiting.where(Question.asked_at > at - PATIENCE).limit(1)).first() is not None:
        raise OutOfStep("Wait for the answer to your last question first.")
    question = Question(
        board_id=board_id, asked_by=by.id, asked_at=at, case_id=case_id, kind=kind, details=dict(details)
    )
    db.add(question)
    outbox.post(db, KIND, key=str(question.id), at=at)
    record(db, "what_if.asked", by=by, at=at, subject=question.id, case=case_id, kind=kind)
    return question.id
