"""What would happen: the worker's answer to a question, warm from the last run's plan. Nothing else is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.accounts.access import ROLES_OF, Actor, OrganisationKind, Role
from bostad.accounts.sessions import actor_of
from bostad.accounts.tables import Organisation, User
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.counties.loading import boards_in_run
from bostad.errors import BostadError
from bostad.matching.check import faults
from bostad.matching.eligibility import failing_rules
from bostad.matching.problem import Home, Line, Problem
from bostad.matching.replan import best_plan_after
from bostad.matching.solve import best_plan
from bostad.matching.what_if import Change, Outcome, forced, one_more_a_month, what_if, with_need
from bostad.needs.loading import case_for, latest_need
from bostad.placements.looking import Picture, look
from bostad.placements.records import last_kept
from bostad.placements.run_states import Asked
from bostad.placements.tables import Question
from bostad.records import Sessions

HELD_FOR = timedelta(days=30)
IN_THOUGHT = "what-if"
"""The name of what is there in thought alone."""


class CannotSay(Exception):
    """A question has no answer: `why` is a code that the page has a sentence for."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Seen:
    """A question with what it is asked of: whose it is, the picture, the change, and the need's name if it has one."""

    board_id: UUID
    boards: Collection[UUID]
    picture: Picture
    change: Change
    need: str | None


def answer(sessions: Sessions, question_id: UUID, *, at: datetime) -> None:
    """Answer a question that is asked; answering twice is no harm."""
    with sessions() as db:
        question = db.get(Question, question_id)
    if question is None or question.answered_at is not None:
        return
    try:
        found = _reckon(sessions, question, on=at.date())
    except CannotSay as no:
        found = {"cannot": no.why}
    with sessions.begin() as db:
        row = db.get_one(Question, question_id, with_for_update=True)
        row.answered_at, row.answer = at, dict(found)


def forget_answers(sessions: Sessions, *, at: datetime) -> int:
    """Delete old questions; count them."""
    with sessions.begin() as db:
        old = delete(Question).where(col(Question.asked_at) < at - HELD_FOR).returning(col(Question.id))
        return len(db.execute(old).all())


def _reckon(sessions: Sessions, question: Question, *, on: date) -> Mapping[str, Any]:
    with sessions() as db:
        seen = _look(db, question, on=on)
        last = last_kept(db, question.board_id)
    problem = seen.picture.problem
    now = best_plan_after(last.problem, last.plan, problem) if last else best_plan(problem)
    outcome = what_if(problem, now, seen.change)
    if faults(seen.change(problem), outcome.plan):
        raise CannotSay("fault")
    before = {placement.need: placement.home for placement in now.placements}
    return _told(outcome, seen, before)


def _look(db: Session, question: Question, *, on: date) -> _Seen:
    """See once more who asks and of what: rights may be gone, and cases closed, since the question was put (S41)."""
    asker = _asker(db, question)
    if asker is None:
        raise CannotSay("rights")
    boards = boards_in_run(db, question.board_id, on)
    if not boards:
        raise CannotSay("joint_off")
    if question.case_id is None:
        if asker.role is not Role.UNIT_MANAGER:
            raise CannotSay("rights")
        picture, more = look(db, boards, on), _more_homes(db, question.details, on)
        return _Seen(question.board_id, boards, picture, more, None)
    try:
        need = latest_need(db, case_for(db, question.case_id, by=asker, on=on))
    except BostadError as gone:
        raise CannotSay("rights") from gone
    picture = look(db, boards, on)
    name = next((name for name, row in picture.needs.items() if row.id == need.id), None)
    if name is None or any(name == promised for promised, _ in picture.problem.locked):
        raise CannotSay("not_waiting")
    change = _this_home if question.kind is Asked.THIS_HOME else _other_rule
    return _Seen(question.board_id, boards, picture, change(picture, name, question.details), name)


def _asker(db: Session, question: Question) -> Actor | None:
    query = select(User, Organisation).join(Organisation, col(Organisation.id) == User.organisation_id)
    found = db.exec(query.where(User.id == question.asked_by, col(User.disabled_at).is_(None))).one_or_none()
    if found is None or found[0].role not in ROLES_OF[OrganisationKind.SOCIAL_BOARD]:
        return None
    asker = actor_of(*found)
    return asker if asker.organisation_id == question.board_id else None


def _more_homes(db: Session, details: Mapping[str, Any], on: date) -> Change:
    """Add homes of the shape under a line of their own, beyond what is agreed."""
    query = select(QuotaLine, Agreement).join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
    found = db.exec(query.where(QuotaLine.id == UUID(details["line_id"]))).one_or_none()
    if found is None:
        raise CannotSay("not_waiting")
    agreed, agreement = found
    line = Line(
        line=IN_THOUGHT,
        agreement=IN_THOUGHT,
        groups=frozenset(agreed.groups),
        quota=details["months"],
        valid_from=on,
        contracts=frozenset(agreed.contracts),
    )
    like = Home(
        home=IN_THOUGHT,
        line=IN_THOUGHT,
        company=str(agreement.company_id),
        municipality=details["municipality"],
        district=details["district"] or IN_THOUGHT,
        building=IN_THOUGHT,
        rooms=details["rooms"],
        rent=details["rent"],
        floor=details["floor"],
        school_m=details["school_m"],
        has=frozenset(details["has"]),
        available_from=on,
    )
    more = one_more_a_month(like, details["months"])
    return lambda problem: more(replace(problem, lines=(*problem.lines, line)))


def _other_rule(picture: Picture, name: str, details: Mapping[str, Any]) -> Change:
    need = picture.seen_needs[name]
    ((field, value),) = details.items()
    if field == "municipality":
        return with_need(replace(need, municipalities=need.municipalities | {value}))
    changed: dict[str, Any] = {field: date.fromisoformat(value) if field == "move_in_by" else value}
    return with_need(replace(need, **changed))


def _this_home(picture: Picture, name: str, details: Mapping[str, Any]) -> Change:
    """Keep a home for a need: one that fits, and that nobody has been promised."""
    problem = picture.problem
    key = next((key for key, row in picture.homes.items() if str(row.id) == details["home"]), None)
    if key is None or any(key == promised for _, promised in problem.locked):
        raise CannotSay("home_gone")
    if _failing(problem, name, key):
        raise CannotSay("does_not_fit")
    return forced(name, key)


def _failing(problem: Problem, name: str, key: str) -> tuple[str, ...]:
    need = next(need for need in problem.needs if need.need == name)
    home = next(home for home in problem.homes if home.home == key)
    line = next(line for line in problem.lines if line.line == home.line)
    declined = {pair for pair in problem.declined if pair == (name, key)}
    return failing_rules(need, home, line, problem.run_date, declined)


def _told(outcome: Outcome, seen: _Seen, before: Mapping[str, str]) -> Mapping[str, Any]:
    """Tell what may be told: of one's own case the home, of everybody else at one's own board how many.

    Of other boards' households nothing is told, neither what they would gain nor what they would lose; nor where
    another board's home lies, before a run has proposed it.
    """
    own = {name for name, row in seen.picture.needs.items() if row.board_id == seen.board_id}
    counts = {
        "gains": len(outcome.gains.keys() & own - {seen.need}),
        "loses": len(outcome.loses.keys() & own - {seen.need}),
        "moves": len(outcome.moves.keys() & own - {seen.need}),
        "proven": outcome.plan.proven,
        "together": len(seen.boards) > 1,
    }
    if seen.need is None:
        placed = sum(placement.need in own for placement in outcome.plan.placements)
        return {**counts, "placed": placed, "placed_now": len(before.keys() & own)}
    home = next((placement.home for placement in outcome.plan.placements if placement.need == seen.need), None)
    same = home is not None and before.get(seen.need) == home
    elsewhere = home in seen.picture.homes and seen.picture.board_of(home) != seen.board_id
    row = seen.picture.homes.get(home) if home and not elsewhere else None
    told = {"home": str(row.id) if row else None, "elsewhere": elsewhere}
    return {**counts, **told, "same": same, "had": seen.need in before}
