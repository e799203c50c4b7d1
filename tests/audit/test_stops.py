"""What happens by itself leaves a row like what a person does, and every row of the service says whose it is."""

import ast
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

import bostad
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, TooMany
from bostad.homes.states import WithdrawnBecause
from bostad.needs.case_answers import NewCase
from bostad.needs.service import start_case
from bostad.needs.states import ClosedBecause
from bostad.needs.tables import Consent
from bostad.placements.endings import (
    close_case,
    end_consents,
    let_overdue_homes_leave,
    pause_need,
    revoke_consent,
    withdraw_home,
)
from bostad.placements.lapsing import lapse_overdue
from bostad.placements.settling import let_go_of_home
from bostad.placements.tables import Placement
from bostad.protection.searching import MOST
from bostad.records import Sessions
from tests.factories import NOON
from tests.worlds import World, make_world

NOBODYS = {"keys.py", "key_ages.py"}
"""Files whose rows concern the whole installation and no organisation."""


@pytest.fixture
def world(sessions: Sessions) -> World:
    """Give a month with room for more than one home."""
    return make_world(sessions, per_month=3)


def stops(world: World) -> list[AuditRow]:
    with world.sessions() as db:
        query = select(AuditRow).where(AuditRow.action == "placement.stop").order_by(col(AuditRow.number))
        return list(db.exec(query).all())


def consent_of(world: World, placement: Placement) -> UUID:
    with world.sessions() as db:
        return db.exec(select(Consent.id).where(Consent.need_id == placement.need_id)).one()


def test_a_revoked_consent_stops_a_placement_in_the_log_too(world: World) -> None:
    """I06."""
    placement = world.released()

    revoke_consent(world.sessions, consent_of(world, placement), by=world.worker, at=NOON)

    (row,) = stops(world)
    need = world.again_need(placement)
    assert (row.subject_id, row.case_id, row.actor_id) == (placement.id, need.case_id, world.worker.id)
    assert row.facts == {"because": "consent_ended"}


@pytest.mark.parametrize("how", ["closed", "paused"])
def test_a_case_that_is_closed_or_paused_stops_its_placement_in_the_log_too(world: World, how: str) -> None:
    """I06."""
    placement = world.proposal()
    case_id = world.again_need(placement).case_id

    if how == "closed":
        close_case(world.sessions, case_id, ClosedBecause.MOVED, by=world.worker, at=NOON)
    else:
        pause_need(world.sessions, case_id, by=world.worker, at=NOON)

    assert [(row.subject_id, row.facts) for row in stops(world)] == [(placement.id, {"because": "need_changed"})]


def test_a_home_that_the_company_takes_back_stops_its_placement_in_the_log_too(world: World) -> None:
    """I06: what the company knew of, in its own name; what it did not know of, by the service for the board."""
    known, unknown = world.released(), world.proposal()
    for placement in (known, unknown):
        withdraw_home(world.sessions, placement.home_id, WithdrawnBecause.MISTAKE, by=world.staff, at=NOON)
    let_go_of_home(world.sessions, unknown.home_id, at=NOON)

    hers, ours = stops(world)
    assert (hers.subject_id, hers.actor_id, hers.board_id) == (known.id, world.staff.id, world.board.id)
    assert (ours.subject_id, ours.actor_id, ours.organisation_id) == (unknown.id, None, world.board.id)


def test_what_the_clock_ends_says_whose_it_was(world: World) -> None:
    """S66: a row without a person has an organisation, so that its officer sees it."""
    lapsed, ended = world.proposal(), world.proposal()
    with world.sessions.begin() as db:
        db.get_one(Consent, consent_of(world, ended)).ends_on = date(2026, 11, 20)

    end_consents(world.sessions, at=NOON)
    lapse_overdue(world.sessions, at=NOON + timedelta(days=7))
    home = world.home(offer_until=date(2026, 11, 21))
    let_overdue_homes_leave(world.sessions, at=NOON + timedelta(days=7))

    with world.sessions() as db:
        by_itself = db.exec(select(AuditRow).where(col(AuditRow.actor_id).is_(None))).all()
    whose = {(row.action, row.subject_id): row.organisation_id for row in by_itself}
    assert whose[("placement.stop", ended.id)] == world.board.id
    assert whose[("placement.lapse", lapsed.id)] == world.board.id
    assert whose[("home.withdrawn", home.id)] == world.company.id
    assert None not in whose.values()


def test_every_row_the_service_writes_by_itself_names_an_organisation() -> None:
    """S66: in every file; found in the source, so that a new one cannot forget it."""
    forgotten = []
    for file in Path(bostad.__file__).parent.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            by = named.get("by")
            if getattr(call.func, "id", "") == "record" and isinstance(by, ast.Constant) and by.value is None:
                forgotten += [] if "organisation" in named or file.name in NOBODYS else [f"{file.name}:{call.lineno}"]
    assert forgotten == []


def test_a_case_number_that_is_taken_leaves_a_row_without_the_number(world: World) -> None:
    """S06, S09: refused, on record, and never by number."""
    start_case(world.sessions, NewCase(case_number="SN 77"), by=world.worker, at=NOON)

    with pytest.raises(Invalid):
        start_case(world.sessions, NewCase(case_number="SN 77"), by=world.worker, at=NOON)

    with world.sessions() as db:
        row = db.exec(select(AuditRow).where(AuditRow.action == "case.refused_number")).one()
    assert (row.actor_id, row.subject_id, row.facts) == (world.worker.id, None, {})


def test_trying_case_numbers_is_limited(world: World) -> None:
    """S58: like searching for them."""
    start_case(world.sessions, NewCase(case_number="SN 77"), by=world.worker, at=NOON)
    for _ in range(MOST - 1):
        with pytest.raises(Invalid):
            start_case(world.sessions, NewCase(case_number="SN 77"), by=world.worker, at=NOON)

    with pytest.raises(TooMany):
        start_case(world.sessions, NewCase(case_number="SN 77"), by=world.worker, at=NOON)
