"""Search in the case zone: by a whole number, among one's own, some times in a while; and no other way to look."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, TooMany
from bostad.needs.pages import case_page
from bostad.needs.tables import Need
from bostad.protection.searching import MOST, WINDOW, find_case
from bostad.protection.tables import CaseSearch
from tests.factories import NOON, TODAY
from tests.protection.people import of_the_unit
from tests.worlds import World

HARMLESS = {
    "back": "where a form goes back to",
    "before": "which row of the log comes next",
    "gone": "homes that have left too",
    "like": "which home a new one is like",
    "month": "which month of one's own log is looked over",
    "next": "where sign-in leads",
    "out": "that one has signed out",
    "skip": "where a list goes on",
    "turn": "how often a page has asked for news",
}
"""Every parameter that an address takes, and what for: none of them chooses people."""
CASE_ZONE = ("/cases", "/consents", "/decisions", "/disclosures", "/overview")
ABOUT_A_HOME = {"/homes/{home_id:uuid}", "/homes/{home_id:uuid}/edit", "/homes/{home_id:uuid}/withdraw"}
BY_ITS_NUMBER = {"/cases/find", "/readers/find"}
"""Both take a case's whole number: for its own people, and for the officer who looks who has read it."""


def number_of(world: World, need: Need) -> str:
    return case_page(world.sessions, need.case_id, by=world.worker, on=TODAY).case_number


def miss(world: World, number: str, by: Actor) -> str:
    with pytest.raises(Invalid) as refusal:
        find_case(world.sessions, number, by=by, at=NOON)
    return str(refusal.value.fields["case_number"])


def test_a_number_is_found_by_its_own_people_alone_and_a_miss_is_a_miss(world: World) -> None:
    """S06."""
    need, teammate = world.need(), of_the_unit(world)
    number = number_of(world, need)

    assert find_case(world.sessions, number, by=world.worker, at=NOON) == need.case_id
    assert len({miss(world, number, teammate), miss(world, "9901-2026-9999", teammate)}) == 1


def test_every_search_is_written_down_without_what_was_searched_for(world: World, rows: Session) -> None:
    """S09."""
    need = world.need()
    number = number_of(world, need)
    find_case(world.sessions, number, by=world.worker, at=NOON)
    miss(world, number, of_the_unit(world))

    log = select(AuditRow).where(AuditRow.action == "case.searched").order_by(col(AuditRow.number))
    found, missed = rows.exec(log).all()
    assert (found.subject_id, found.facts["found"]) == (need.case_id, True)
    assert (missed.subject_id, missed.facts["found"]) == (None, False)
    assert number not in str([found.facts, missed.facts])


def test_going_through_numbers_is_stopped_and_nobody_else_is_held_up(world: World, rows: Session) -> None:
    need, teammate = world.need(), of_the_unit(world)
    number = number_of(world, need)
    for one in range(MOST):
        miss(world, f"9901-2026-1{one:03d}", teammate)

    with pytest.raises(TooMany):
        find_case(world.sessions, number, by=teammate, at=NOON)
    assert find_case(world.sessions, number, by=world.worker, at=NOON) == need.case_id
    with pytest.raises(Invalid):
        find_case(world.sessions, number, by=teammate, at=NOON + WINDOW + timedelta(seconds=1))
    counted = rows.exec(select(CaseSearch).where(CaseSearch.user_id == teammate.id)).all()
    assert sorted(row.times for row in counted) == [1, MOST + 1]


def test_no_address_takes_anything_that_people_could_be_chosen_by(app: Litestar) -> None:
    """SoLPUF 15: no free text, no delicate property, no order or filter on a list of cases."""
    taken = {(path, name) for path, handler in _gets(app) for name in _query(handler)}

    unknown = {(path, name) for path, name in taken if name not in HARMLESS}
    assert unknown == set(), "say what it is for, and that it chooses nobody"
    assert {name for path, name in taken if path.startswith(CASE_ZONE)} == {"back", "skip", "turn"}


def test_no_list_leads_from_a_flat_to_people(app: Litestar) -> None:
    """Homes are searched for a case, never people for a home."""
    assert {path for path, _ in _gets(app) if path.startswith("/homes/{home_id")} == ABOUT_A_HOME


def test_whole_numbers_alone_are_searched_for(app: Litestar) -> None:
    words = ("find", "search", "filter", "sort", "order-by")

    assert {route.path for route in app.routes if any(word in route.path for word in words)} == BY_ITS_NUMBER


def _gets(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                yield route.path, handler


def _query(handler: HTTPRouteHandler) -> set[str]:
    """Give the names of a handler's query parameters, as its signature says them."""
    parameters = handler.parsed_fn_signature.parameters.values()
    return {one.name for one in parameters if "QueryParameter" in repr(one.raw)}
