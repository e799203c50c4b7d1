"""The monthly review: drawn by the chain's own lot, signed by the manager, and overdue where everybody sees it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from bostad.audit.reading import Reading, seen
from bostad.audit.tables import AuditRow
from bostad.errors import Missing, NotAllowed, OutOfStep
from bostad.here import HERE
from bostad.oversight.pages import to_look_at
from bostad.oversight.reviewing import SIGNED_WITHIN, draw_samples, sign_rest, sign_row
from bostad.oversight.sample_pages import sample_page
from bostad.oversight.sampling import SAMPLE, drawn
from bostad.oversight.states import ReviewOutcome
from bostad.oversight.tables import ReviewRow, ReviewSample
from tests.factories import NOON
from tests.oversight.conftest import Watched

NEXT_MONTH = datetime(2026, 12, 1, 2, 40, tzinfo=HERE)
"""When the worker draws: the rows are of November."""


def reads(watched: Watched, times: int, *, by: str = "worker", at: datetime = NOON) -> None:
    """Let somebody read the case's pages so many times."""
    who = watched.world.worker if by == "worker" else watched.acting(getattr(watched, by))
    for number in range(times):
        seen(watched.world.sessions, Reading("case.read", (f"f{number}",), watched.case_id), by=who, at=at)


def sample_of(watched: Watched) -> ReviewSample:
    with watched.world.sessions() as db:
        return db.exec(select(ReviewSample).where(ReviewSample.unit_id == watched.world.unit_id)).one()


def numbers_in(watched: Watched) -> list[int]:
    with watched.world.sessions() as db:
        mine = select(ReviewRow.number).join(ReviewSample).where(ReviewSample.unit_id == watched.world.unit_id)
        return sorted(db.exec(mine).all())


def test_the_lot_is_the_seeds_and_nobodys() -> None:
    """S68: the same seed draws the same rows, whatever order they come in; another seed draws others."""
    unit = uuid4()
    first = drawn(range(1000), seed="a", whose=unit)

    assert first == drawn(list(reversed(range(1000))), seed="a", whose=unit)
    assert len(set(first)) == SAMPLE
    assert first != drawn(range(1000), seed="b", whose=unit)
    assert first != drawn(range(1000), seed="a", whose=uuid4())
    assert drawn([3, 1, 2], seed="a", whose=unit) == (1, 2, 3)


def test_every_row_is_as_likely_as_another() -> None:
    """S68: over many months each of a hundred rows is drawn about as often."""
    times = [0] * 100
    for seed in range(2000):
        for number in drawn(range(100), seed=str(seed), whose=UUID(int=1)):
            times[number] += 1
    assert 330 < min(times) <= max(times) < 470


def test_a_sample_is_drawn_once_from_last_months_rows_about_the_units_cases(watched: Watched) -> None:
    """S68: and the log keeps how, so that anybody can draw it again."""
    reads(watched, 30)
    reads(watched, 3, at=datetime(2026, 12, 1, 1, 0, tzinfo=HERE))

    draw_samples(watched.world.sessions, at=NEXT_MONTH)
    draw_samples(watched.world.sessions, at=NEXT_MONTH + timedelta(days=1))

    sample = sample_of(watched)
    assert (sample.month.isoformat(), sample.population, len(numbers_in(watched))) == ("2026-11-01", 30, SAMPLE)
    with watched.world.sessions() as db:
        month = [row.number for row in watched.rows("case.read")][:30]
        seed = db.get_one(AuditRow, sample.seed_number).hash
    assert seed == sample.seed
    assert tuple(numbers_in(watched)) == drawn(month, seed=seed, whose=watched.world.unit_id)
    of_unit = [row for row in watched.rows("review.drawn") if row.subject_id == sample.id]
    assert [(row.facts["seed_row"], row.facts["of"]) for row in of_unit] == [(sample.seed_number, 30)]


def test_a_managers_own_reading_is_not_hers_to_sign(watched: Watched) -> None:
    reads(watched, 2)
    reads(watched, 2, by="manager")

    draw_samples(watched.world.sessions, at=NEXT_MONTH)

    with watched.world.sessions() as db:
        actors = db.exec(select(AuditRow.actor_id).where(col(AuditRow.number).in_(numbers_in(watched)))).all()
    assert set(actors) == {watched.world.worker.id}


def test_what_managers_did_themselves_is_the_officers_to_sign(watched: Watched) -> None:
    """S68: of every unit of the board, in one sample; no manager finds it, and nobody else's rows stand in it."""
    sessions, officer = watched.world.sessions, watched.acting(watched.officer)
    reads(watched, 3)
    reads(watched, 2, by="manager")
    reads(watched, 1, by="other_manager")

    draw_samples(sessions, at=NEXT_MONTH)
    draw_samples(sessions, at=NEXT_MONTH + timedelta(days=1))

    (line,) = to_look_at(sessions, by=officer, at=NEXT_MONTH).samples
    assert (line.unit, line.is_mine, line.left) == (None, True, 3)
    with sessions() as db:
        numbers = db.exec(select(ReviewRow.number).where(ReviewRow.sample_id == line.id)).all()
        actors = db.exec(select(AuditRow.actor_id).where(col(AuditRow.number).in_(numbers))).all()
    assert Counter(actors) == {watched.manager.id: 2, watched.other_manager.id: 1}
    for manager in (watched.manager, watched.other_manager):
        with pytest.raises(Missing):
            sample_page(sessions, line.id, by=watched.acting(manager))

    first, *_ = sample_page(sessions, line.id, by=officer).rows
    sign_row(sessions, first.id, ReviewOutcome.LOOK_INTO, by=officer, at=NEXT_MONTH)
    sign_rest(sessions, line.id, by=officer, at=NEXT_MONTH)
    sign_row(sessions, first.id, ReviewOutcome.EXPLAINED, by=officer, at=NEXT_MONTH)
    assert to_look_at(sessions, by=officer, at=NEXT_MONTH).samples == ()


def test_a_row_is_signed_and_what_is_to_be_looked_into_is_signed_again(watched: Watched) -> None:
    sessions, manager = watched.world.sessions, watched.acting(watched.manager)
    reads(watched, 3)
    draw_samples(sessions, at=NEXT_MONTH)
    sample = sample_of(watched)
    first, second, _ = sample_page(sessions, sample.id, by=manager).rows

    sign_row(sessions, first.id, ReviewOutcome.FINE, by=manager, at=NEXT_MONTH)
    sign_row(sessions, second.id, ReviewOutcome.LOOK_INTO, by=manager, at=NEXT_MONTH)
    with pytest.raises(OutOfStep):
        sign_row(sessions, first.id, ReviewOutcome.LOOK_INTO, by=manager, at=NEXT_MONTH)
    sign_rest(sessions, sample.id, by=manager, at=NEXT_MONTH)
    assert [line.left for line in to_look_at(sessions, by=manager, at=NEXT_MONTH).samples] == [1]
    sign_row(sessions, second.id, ReviewOutcome.REPORTED, by=manager, at=NEXT_MONTH)

    assert to_look_at(sessions, by=manager, at=NEXT_MONTH).samples == ()
    assert [row.outcome for row in sample_page(sessions, sample.id, by=manager).rows] == [
        ReviewOutcome.FINE,
        ReviewOutcome.REPORTED,
        ReviewOutcome.FINE,
    ]
    assert len(watched.rows("review.signed", "review.signed_rest")) == 4


def test_what_nobody_has_looked_at_in_time_shows_with_the_manager_and_the_officer(watched: Watched) -> None:
    """S68."""
    sessions = watched.world.sessions
    reads(watched, 2)
    draw_samples(sessions, at=NEXT_MONTH)
    late = NEXT_MONTH + SIGNED_WITHIN + timedelta(days=1)

    assert [line.late for line in to_look_at(sessions, by=watched.acting(watched.manager), at=NEXT_MONTH).samples] == [
        False
    ]
    assert to_look_at(sessions, by=watched.acting(watched.officer), at=NEXT_MONTH).samples == ()
    for who in (watched.manager, watched.officer):
        assert [line.late for line in to_look_at(sessions, by=watched.acting(who), at=late).samples] == [True]


@pytest.mark.parametrize("who", ["other_manager", "officer", "colleague"])
def test_a_sample_is_its_own_managers(watched: Watched, who: str) -> None:
    """S06."""
    sessions, by = watched.world.sessions, watched.acting(getattr(watched, who))
    reads(watched, 1)
    draw_samples(sessions, at=NEXT_MONTH)
    sample = sample_of(watched)
    with sessions() as db:
        row_id = db.exec(select(ReviewRow.id).where(ReviewRow.sample_id == sample.id)).one()

    for knock in (
        lambda: sample_page(sessions, sample.id, by=by),
        lambda: sign_row(sessions, row_id, ReviewOutcome.FINE, by=by, at=NEXT_MONTH),
        lambda: sign_rest(sessions, sample.id, by=by, at=NEXT_MONTH),
    ):
        with pytest.raises(Missing):
            knock()


def test_somebody_who_becomes_manager_does_not_sign_what_she_did_before(watched: Watched) -> None:
    """The rows were drawn while she was a social worker."""
    sessions = watched.world.sessions
    reads(watched, 1, by="colleague")
    draw_samples(sessions, at=NEXT_MONTH)

    promoted = replace(watched.acting(watched.colleague), role=watched.acting(watched.manager).role)
    (row,) = sample_page(sessions, sample_of(watched).id, by=promoted).rows

    assert (row.is_own, row.outcomes) == (True, ())
    with pytest.raises(NotAllowed):
        sign_row(sessions, row.id, ReviewOutcome.FINE, by=promoted, at=NEXT_MONTH)
    with pytest.raises(NotAllowed):
        sign_rest(sessions, sample_of(watched).id, by=promoted, at=NEXT_MONTH)
