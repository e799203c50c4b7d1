"""The demo's story in the order it happened: cases, homes, and what was proposed before today's run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.agreements.deadlines import answer_by
from bostad.audit.service import record
from bostad.cli.demo_cases import case_row, consents_of, note_ready, record_consent, register_case, stay_row
from bostad.cli.demo_cast import Cast
from bostad.cli.demo_example import Example, morning
from bostad.cli.demo_homes import make_agreements, publish_home
from bostad.homes.tables import Home
from bostad.matching.misfit import parts
from bostad.matching.problem import Need, Pair
from bostad.needs.tables import Need as NeedRow
from bostad.placements.facts import facts_of
from bostad.placements.fitting import pair_of
from bostad.placements.picture import lines_by_id
from bostad.placements.reasons import Closed
from bostad.placements.service import decline, put_to_household
from bostad.placements.tables import MatchingRun, Placement
from bostad.sealing.columns import keyring_of

PUBLISHED_DAYS_AGO = 14
FIRST_RUN_DAYS_AGO = 6
DECLINED_DAYS_AGO = 4
YESTERDAY = 1
"""So that no deadline has passed when the demo's worker begins."""

Scene = tuple[datetime, Callable[..., None]]
"""When it happens, and what: called with the argument `at`."""


def tell(cast: Cast, example: Example, *, set_up_at: datetime) -> None:
    """Let everything happen, each thing on its day: the log reads as if people had worked since."""
    make_agreements(cast, example, at=set_up_at)
    scenes = [*_about_needs(cast, example), *_about_homes(cast, example), *_about_proposals(cast, example)]
    for at, happens in sorted(scenes, key=lambda scene: scene[0]):
        happens(at=at)


def _about_needs(cast: Cast, example: Example) -> Iterator[Scene]:
    for nth, need in enumerate(example.problem.needs):
        yield morning(example.day(need.waiting_since), nth), partial(register_case, cast, example, need)
        stay = stay_row(example, need)
        if stay and stay["ready_since"]:
            yield morning(example.day(stay["ready_since"]), nth), partial(note_ready, cast, example, need)
        for consented in consents_of(example, need):
            _, given_on, _ = consented
            yield morning(given_on, 60 + nth), partial(record_consent, cast, example, need, consented)


def _about_homes(cast: Cast, example: Example) -> Iterator[Scene]:
    day = example.days_ago(PUBLISHED_DAYS_AGO)
    for nth, home in enumerate(example.problem.homes):
        yield morning(day, 120 + nth), partial(publish_home, cast, example, home)


def _about_proposals(cast: Cast, example: Example) -> Iterator[Scene]:
    """Tell what `declined.csv`, `locked.csv` and `current.csv` are the traces of."""
    problem = example.problem
    first_run, yesterday = example.days_ago(FIRST_RUN_DAYS_AGO), example.days_ago(YESTERDAY)
    yield morning(first_run), partial(_propose, cast, sorted(problem.declined) + list(problem.locked))
    for pair in sorted(problem.declined):
        yield morning(example.days_ago(DECLINED_DAYS_AGO)), partial(_decline, cast, example, pair)
    for pair in problem.locked:
        yield morning(yesterday), partial(_put, cast, example, pair)
    yield morning(yesterday, 120), partial(_propose, cast, sorted(problem.current))


def _propose(cast: Cast, pairs: Sequence[Pair], *, at: datetime) -> None:
    """Write the proposals that an earlier run made, as that run would have written them."""
    with cast.sessions.begin() as db:
        run = MatchingRun(board_id=cast.board_id, started_at=at, ends_at=at, finished_at=at, placed=len(pairs))
        db.add(run)
        db.flush()
        made = []
        for need_name, home_name in pairs:
            need = db.exec(select(NeedRow).where(NeedRow.case_id == cast.cases[need_name])).one()
            home = db.get_one(Home, cast.homes[home_name])
            seen = pair_of(db, need, home, on=at.date())
            placement = Placement(
                need_id=need.id,
                home_id=home.id,
                board_id=need.board_id,
                company_id=home.company_id,
                proposed_at=at,
                stage_since=at,
                deadline=answer_by(at, lines_by_id(db, [home])[home.line_id][1].municipality_days),
                run_id=run.id,
                misfit=asdict(parts(*seen, at.date())),
                facts=facts_of(*seen, keyring_of(db)),
            )
            db.add(placement)
            made.append(placement.id)
        _log(db, run, made, at)


def _log(db: Session, run: MatchingRun, made: Sequence[UUID], at: datetime) -> None:
    whose, ids = run.board_id, [str(one) for one in made]
    record(db, "placement.propose", by=None, at=at, subject=run.id, organisation=whose, listed=made, placements=ids)
    record(db, "matching.run", by=None, at=at, subject=run.id, organisation=whose, proposed=len(made))


def _decline(cast: Cast, example: Example, pair: Pair, *, at: datetime) -> None:
    decline(cast.sessions, _placement(cast, pair), Closed.OTHER_HOME, by=_worker(cast, example, pair), at=at)


def _put(cast: Cast, example: Example, pair: Pair, *, at: datetime) -> None:
    put_to_household(cast.sessions, _placement(cast, pair), by=_worker(cast, example, pair), at=at)


def _placement(cast: Cast, pair: Pair) -> UUID:
    need, home = pair
    query = select(Placement.id).join(NeedRow).where(NeedRow.case_id == cast.cases[need])
    with cast.sessions() as db:
        return db.exec(query.where(Placement.home_id == cast.homes[home])).one()


def _worker(cast: Cast, example: Example, pair: Pair) -> Actor:
    need: Need = next(one for one in example.problem.needs if one.need == pair[0])
    return cast.people[case_row(example, need)["worker"]]
