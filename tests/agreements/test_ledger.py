"""The ledger: counted under a lock, never past what was agreed, whoever comes at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from bostad.agreements.ledger import count, ensure_month, recount
from bostad.agreements.quota import months_on
from bostad.agreements.states import CarryOver, Counter
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.errors import OutOfStep
from bostad.records import Sessions
from tests.factories import MONTH, AgreementFactory, LineFactory, writing_with

OCTOBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 12, 1), date(2027, 1, 1)


def release(sessions: Sessions, line_id: UUID, month: date = MONTH, change: int = 1) -> bool:
    """Try to promise a home, and tell whether it could be done."""
    try:
        with sessions.begin() as db:
            count(db, line_id, month, Counter.RELEASED, change)
    except OutOfStep:
        return False
    return True


def ledger(rows: Session, line: QuotaLine) -> list[tuple[int, int, int]]:
    """Give (agreed, carried, released) of each month kept."""
    rows.expire_all()
    kept = rows.exec(select(LineMonth).where(LineMonth.line_id == line.id).order_by(col(LineMonth.month)))
    return [(row.agreed, row.carried, row.released) for row in kept]


def test_the_second_promise_of_a_month_with_one_is_refused_in_words(sessions: Sessions, rows: Session) -> None:
    line = LineFactory(per_month=1)
    assert release(sessions, line.id)
    with pytest.raises(OutOfStep, match="quota is used up"), sessions.begin() as db:
        count(db, line.id, MONTH, Counter.RELEASED, 1)
    assert ledger(rows, line) == [(1, 0, 1)]


def test_what_is_given_back_can_be_promised_again(sessions: Sessions, rows: Session) -> None:
    line = LineFactory(per_month=1)
    assert [release(sessions, line.id, change=change) for change in (1, -1, 1, 1)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("rule", "december", "january"),
    [
        ({"carry_over": CarryOver.NONE}, (2, 0, 0), (2, 0, 0)),
        ({"carry_over": CarryOver.WITHIN_YEAR}, (2, 2, 0), (2, 0, 0)),
        ({"carry_over": CarryOver.LIMITED, "carry_limit": 1}, (2, 1, 0), (2, 1, 0)),
    ],
)
def test_months_that_nobody_touched_carry_on_what_they_had(
    sessions: Sessions, rows: Session, rule: dict[str, Any], december: tuple[int, ...], january: tuple[int, ...]
) -> None:
    line = LineFactory(per_month=2, **rule)
    for month in (MONTH, JANUARY):
        with sessions.begin() as db:
            ensure_month(db, line.id, month)
    assert ledger(rows, line) == [(2, 0, 0), december, january]


def test_a_flat_that_was_carried_over_cannot_also_be_promised_in_its_own_month(
    sessions: Sessions, rows: Session
) -> None:
    """I03."""
    line = LineFactory(per_month=1, carry_over=CarryOver.WITHIN_YEAR)
    with sessions.begin() as db:
        ensure_month(db, line.id, OCTOBER)
    assert release(sessions, line.id)
    assert release(sessions, line.id)
    assert not release(sessions, line.id, OCTOBER)
    assert release(sessions, line.id, MONTH, -1)
    assert release(sessions, line.id, OCTOBER)
    assert not release(sessions, line.id)


def test_the_agreement_s_cap_holds_over_its_lines(sessions: Sessions, rows: Session) -> None:
    agreement = AgreementFactory(monthly_cap=2)
    one, other = (LineFactory(agreement=agreement, per_month=2) for _ in range(2))
    assert [release(sessions, line.id) for line in (one, other, one)] == [True, True, False]
    assert release(sessions, one.id, DECEMBER)


def test_a_lower_number_a_month_cannot_go_below_what_is_promised(sessions: Sessions, rows: Session) -> None:
    line = LineFactory(per_month=2)
    assert all(release(sessions, line.id) for _ in range(2))
    line.per_month = 1
    rows.commit()
    with pytest.raises(OutOfStep), sessions.begin() as db:
        recount(db, line.id, MONTH)


def test_two_at_once_get_one_quota_between_them(real_sessions: Sessions) -> None:
    """I03: two connections, one home a month, fifty times over."""
    with real_sessions() as rows, writing_with(rows):
        line_id = LineFactory(per_month=1).id
    together = Barrier(2)

    def attempt(month: date) -> bool:
        together.wait()
        return release(real_sessions, line_id, month)

    with ThreadPoolExecutor(2) as pool:
        for turn in range(50):
            month = months_on(MONTH, turn)
            assert sorted(pool.map(attempt, [month, month])) == [False, True]


@pytest.mark.slow
def test_no_schedule_of_promises_overruns_the_quota(real_sessions: Sessions) -> None:
    """I03: 200 random schedules over four months, four at a time, under every rule."""
    rules: list[dict[str, Any]] = [
        {"carry_over": CarryOver.NONE},
        {"carry_over": CarryOver.WITHIN_YEAR},
        {"carry_over": CarryOver.LIMITED, "carry_limit": 1},
    ]
    chance = random.Random(2026)  # noqa: S311 - a fixed seed
    months = [months_on(OCTOBER, step) for step in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for turn in range(200):
            with real_sessions() as rows, writing_with(rows):
                line_id = LineFactory(per_month=2, **rules[turn % 3]).id
            schedule = [(chance.choice(months), chance.choice([1, 1, 1, -1])) for _ in range(12)]
            done = list(pool.map(lambda step, line=line_id: _try(real_sessions, line, *step), schedule))
            _never_more_than_agreed(real_sessions, line_id, months, rules[turn % 3])
            assert any(done)


def _try(sessions: Sessions, line_id: UUID, month: date, change: int) -> bool:
    return release(sessions, line_id, month, change)


def _never_more_than_agreed(sessions: Sessions, line_id: UUID, months: list[date], rule: dict[str, Any]) -> None:
    with sessions() as db:
        kept = {row.month: row for row in db.exec(select(LineMonth).where(LineMonth.line_id == line_id))}
    released = [kept[month].released if month in kept else 0 for month in months]
    assert all(number >= 0 for number in released)
    assert sum(released) <= 2 * len(months)
    if rule["carry_over"] is CarryOver.NONE:
        assert max(released) <= 2
    if rule["carry_over"] is CarryOver.WITHIN_YEAR:
        assert all(sum(released[: end + 1]) <= 2 * (end + 1) for end in range(3))
        assert released[3] <= 2, "January begins anew"
    if rule["carry_over"] is CarryOver.LIMITED:
        assert max(released) <= 3
