"""One household's whole way, from a case number to the keys, through the same addresses that browsers use."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.homes.tables import Home
from bostad.needs.states import NeedState
from bostad.needs.tables import Need
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import run_matching
from bostad.placements.tables import Placement
from bostad.records import clock
from tests.browsing import Browser, words
from tests.factories import UserFactory
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def test_a_household_goes_from_a_case_number_to_its_keys(world: World, browse: Browse, rows: Session) -> None:
    today = clock(world.sessions).date().isoformat()
    social, housing = browse(world.worker_user), browse(world.staff_user)
    manager = browse(UserFactory(organisation=world.board, role=Role.UNIT_MANAGER, unit_id=world.unit_id))

    case = path_of(social.post("/cases/new", case_number="9901-2026-0777"))
    answers: dict[str, dict[str, Any]] = {
        "household": {"version": "1", "adults": "1", "child_ages": "2, 4", "ages_true_on": today},
        "home": {"version": "1", "rent_max": "9 400 kr", "municipalities": "9901"},
        "features": {"version": "1", "must": ["above_ground_floor", "door_code"], "wish": "balcony"},
        "order": {"version": "1", "risk": "high", "waiting_since": "2025-10-28", "target_group": "violence"},
        "living": {"kind": "elsewhere", "since": "2025-10-28"},
    }
    for part, given in answers.items():
        assert path_of(social.post(f"{case}/answers/{part}", **given)) == case
    social.post(f"{case}/answers/areas")
    assert path_of(social.post(f"{case}/check", opted_in="yes")) == f"{case}/opened"
    consent: dict[str, Any] = {"field_groups": ["size", "home", "safety"], "given_on": today, "given_how": "oral"}
    social.post(f"{case}/consents/new", company_id=str(world.company.id), **consent)

    month = clock(world.sessions).date().replace(day=1).isoformat()
    flat = {
        "object_number": "7001-1",
        "address": "Lyktgubbevägen 7",
        "apartment_number": "1102",
        "municipality": "9901",
    }
    flat |= {"line_id": str(world.line.id), "month": month}
    facts: dict[str, Any] = {"rooms": "3", "rent": "8 640,00", "available_from": today, "door_code": "met"}
    housing.post("/homes/new", **(flat | facts))
    home = rows.exec(select(Home)).one()
    assert home.approved

    asked_for = rows.exec(select(Message.kind, Message.key)).all()
    assert asked_for == [("matching.run", str(world.board.id))]
    run_matching(world.sessions, world.board.id, at=clock(world.sessions), stopwatch=lambda: 0.0)
    placement = rows.exec(select(Placement)).one()
    here = f"/placements/{placement.id}"
    assert "Lyktgubbevägen 7" in words(social.get(case))
    assert housing.get(here).status_code == 404

    social.post(f"{here}/put")
    social.post(f"{here}/release")
    assert "Lyktgubbevägen 7" in words(housing.get("/to-answer"))
    housing.post(f"{here}/reserve")
    housing.post(f"{here}/sign", contract="first_hand", contract_from=today)
    housing.post(f"{here}/hand_over", moved_in_on=today)

    world.work()
    rows.expire_all()
    assert rows.get_one(Placement, placement.id).stage is Stage.MOVED_IN
    assert rows.exec(select(Need.state)).one() is NeedState.HOUSED
    assert manager.get("/overview").status_code == 200
    assert rows.get_one(Home, home.id).state == "let"


def path_of(answer: Any) -> str:
    """Give the address that a form led to."""
    assert answer.status_code == 200, words(answer)
    return urlsplit(str(answer.url)).path
