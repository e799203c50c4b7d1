"""Everything that may change a home. One function, one transaction; what other rooms ask for takes `db`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.quota import month_of, months_on
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.agreements.terms import shortfalls
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.homes.answers import HomeAnswers
from bostad.homes.checking import LIVE, facts_of, terms_of
from bostad.homes.distance import nearest_m
from bostad.homes.loading import company_of, home_for_change, line_for_homes
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.homes.writing import active_schools, add_home, change_home, count_home, place_of
from bostad.outbox import service as outbox
from bostad.records import Sessions
from bostad.words import Sentence, say

MONTHS_AHEAD = 12

Promised = Callable[[Session, UUID], bool]
"""Tells whether a home is promised to somebody: released or later. Placements live upstairs, so they bring it."""


@dataclass(frozen=True, slots=True)
class Change:
    """New answers about a home, and the version that they were given on."""

    answers: HomeAnswers
    version: int


def publish(sessions: Sessions, answers: HomeAnswers, *, by: Actor, at: datetime) -> UUID:
    """Publish a home under a quota line for a month, and hold it against the terms at once."""
    with sessions.begin() as db:
        line = line_for_homes(db, answers.line_id, answers.month, by=by, on=at.date())
        refuse_dates(answers, at.date())
        if live_home(db, company_of(by), answers.object_number) is not None:
            raise Invalid({"object_number": say("This flat is published already. Change that one instead.")})
        home = add_home(db, line, answers, company_id=company_of(by), at=at)
        ask_for_run(db, home, at=at)
        record(db, "home.published", by=by, at=at, subject=home.id, line=line.code, shortfalls=home.shortfalls)
        return home.id


def fall_short(sessions: Sessions, answers: HomeAnswers, *, by: Actor, at: datetime) -> tuple[Sentence, ...]:
    """Say what would keep a home from counting under its line, before it is published."""
    with sessions() as db:
        line = line_for_homes(db, answers.line_id, answers.month, by=by, on=at.date())
        home = Home(company_id=company_of(by), published_at=at, **answers.columns())
        home.school_m = nearest_m(place_of(home), active_schools(db))
        short = shortfalls(terms_of(line), facts_of(home, answers.states))
    return tuple(one.sentence for one in short)


def edit(sessions: Sessions, home_id: UUID, change: Change, *, promised: Promised, by: Actor, at: datetime) -> None:
    """Change a home that nobody has been promised, on the version that the person saw (I09)."""
    answers = change.answers
    with sessions.begin() as db:
        home = home_for_change(db, home_id, by=by)
        refuse_unless_live(home)
        if home.version != change.version:
            raise OutOfStep("Somebody else has changed this home meanwhile. Look at it again before you change it.")
        if promised(db, home_id):
            raise OutOfStep("This home is promised to a household and cannot be changed. It can be withdrawn.")
        if (answers.line_id, answers.month) != (home.line_id, home.month):
            raise Invalid({"line_id": say("A published home stays under its line and month. Withdraw it first.")})
        refuse_dates(answers, at.date())
        _refuse_another_live(db, home, answers.object_number)
        line = db.get_one(QuotaLine, home.line_id)
        changed = change_home(db, home, line, answers, at=at)
        if changed:
            ask_for_run(db, home, at=at)
            record(db, "home.changed", by=by, at=at, subject=home_id, fields=changed, shortfalls=home.shortfalls)


def confirm(sessions: Sessions, home_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take the company's word that a paused home is still free."""
    with sessions.begin() as db:
        home = home_for_change(db, home_id, by=by)
        if home.state is not HomeState.PAUSED:
            raise OutOfStep("This home is not waiting for you to confirm it.")
        home.state = HomeState.PUBLISHED
        ask_for_run(db, home, at=at)
        record(db, "home.confirmed", by=by, at=at, subject=home_id)


def leave(db: Session, home: Home, because: WithdrawnBecause, *, at: datetime) -> None:
    """Let a home leave: withdrawn, and no longer counted as delivered unless its time ran out. The caller audits."""
    refuse_unless_live(home)
    home.state, home.withdrawn_because = HomeState.WITHDRAWN, because
    if because is not WithdrawnBecause.DATE_PASSED:
        count_home(db, home, -1)
    ask_for_run(db, home, at=at)


def pause(db: Session, home: Home, *, at: datetime) -> None:
    """Rest a home until its company says that it is still free. The caller audits."""
    if home.state is HomeState.PUBLISHED:
        home.state = HomeState.PAUSED
        ask_for_run(db, home, at=at)


def let(db: Session, home: Home, *, at: datetime) -> None:
    """Note that somebody has moved in. The caller audits."""
    refuse_unless_live(home)
    home.state = HomeState.LET
    ask_for_run(db, home, at=at)


def live_home(db: Session, company_id: UUID, object_number: str) -> Home | None:
    """Lock the home that a company has published under an object number and not let or withdrawn."""
    query = select(Home).where(Home.company_id == company_id, Home.object_number == object_number)
    return db.exec(query.where(col(Home.state).in_(LIVE)).with_for_update()).one_or_none()


def ask_for_run(db: Session, home: Home, *, at: datetime) -> None:
    """Ask for a matching run for the board whose line a home is under: its free homes have changed."""
    board = select(Agreement.board_id).join(QuotaLine).where(QuotaLine.id == home.line_id)
    outbox.post(db, "matching.run", key=str(db.exec(board).one()), at=at)


def refuse_dates(answers: HomeAnswers, today: date) -> None:
    """Refuse what lies behind us."""
    if answers.offer_until is not None and answers.offer_until < today:
        raise Invalid({"offer_until": say("This day has passed. Choose a later one, or leave it empty.")})
    if not month_of(today) <= answers.month <= months_on(month_of(today), MONTHS_AHEAD):
        raise Invalid({"month": say("Choose this month or one of the twelve that follow.")})


def refuse_unless_live(home: Home) -> None:
    """Refuse to change a home that is let or withdrawn."""
    if home.state not in LIVE:
        raise OutOfStep("This home is already let or withdrawn.")


def _refuse_another_live(db: Session, home: Home, object_number: str) -> None:
    if object_number == home.object_number:
        return
    if live_home(db, home.company_id, object_number) is not None:
        raise Invalid({"object_number": say("Another published flat has this object number.")})
