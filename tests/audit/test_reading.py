"""What is read is written down: by whom, whose, why and which fields; and what cannot be written is not shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlmodel import Session, col, select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.audit.purposes import Purpose
from bostad.audit.reading import AGAIN_AFTER, Reading, forget_old_readings, seen
from bostad.audit.tables import AuditRow, RecentReading
from bostad.needs.tables import Case, Deputy
from bostad.records import clock
from bostad.web.reads import CASE_ZONE, SHOWING, SHOWS_NOTHING, declares
from tests.audit.tampering import tamper
from tests.browsing import Browser, words
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def newest(world: World) -> AuditRow:
    with world.sessions() as db:
        return db.exec(select(AuditRow).order_by(col(AuditRow.number).desc()).limit(1)).one()


def count(world: World) -> int:
    with world.sessions() as db:
        return len(db.exec(select(AuditRow.number)).all())


def colleague_of(world: World, role: Role = Role.SOCIAL_WORKER) -> User:
    with world.writing():
        user: User = UserFactory(organisation_id=world.board.id, unit_id=world.unit_id, organisation=None, role=role)
    return user


def test_every_address_of_the_case_zone_says_what_it_shows(app: Litestar) -> None:
    """S66: also that it shows nothing is said, with its reason; an address that is gone is gone from the table."""
    routes = {route.path_format for route in app.routes}
    of_cases = {route for route in routes if route.startswith(CASE_ZONE)}

    assert of_cases - set(SHOWING) - SHOWS_NOTHING == set()
    assert (set(SHOWING) | SHOWS_NOTHING) - routes == set()
    assert len(of_cases) > 20


OF_NO_HOUSEHOLD = frozenset(
    [
        "",
        "accessibility",
        "agreements",
        "code",
        "contact",
        "county-runs",
        "health",
        "homes",
        "how-matching-works",
        "imports",
        "joint-matching",
        "kept",
        "lines",
        "me",
        "news",
        "policy-reports",
        "report",
        "second-step",
        "sign-in",
        "sign-out",
        "start-overs",
        "static",
        "stay",
        "units",
        "users",
    ]
)
"""First words of addresses about homes, agreements and accounts; what stands under any other is in the table."""


def test_a_new_kind_of_address_is_looked_at(app: Litestar) -> None:
    """S66: whoever adds one says whether households are on it."""
    others = {route.path_format for route in app.routes if route.path_format.split("/")[1] not in OF_NO_HOUSEHOLD}

    assert others - set(SHOWING) - SHOWS_NOTHING == set()


def test_an_address_nobody_described_is_written_down_all_the_same() -> None:
    """S66."""
    assert declares("/cases/{case_id}/tomorrow")
    assert not declares("/homes/{home_id}")


def test_a_case_that_is_opened_leaves_who_why_and_which_fields(world: World, browse: Browse) -> None:
    """S66. ASVS V16.2.1."""
    need = world.need()

    assert browse(world.worker_user).get(f"/cases/{need.case_id}").status_code == 200

    row = newest(world)
    assert (row.action, row.actor_id, row.case_id, row.purpose) == (
        "case.read",
        world.worker.id,
        need.case_id,
        Purpose.CASE_WORK,
    )
    assert {"case_number", "worker", "consents", "home"} <= set(row.facts["fields"])


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("answers/household", "child_ages"),
        ("answers/living", "kind"),
        ("answers/areas", "areas"),
        ("check", "risk"),
        ("consents/new", "previews"),
        ("homes", "misfit"),
    ],
)
def test_each_part_of_a_case_names_its_own_fields(world: World, browse: Browse, part: str, field: str) -> None:
    """S66."""
    need = world.need()

    assert browse(world.worker_user).get(f"/cases/{need.case_id}/{part}").status_code == 200

    assert newest(world).case_id == need.case_id
    assert field in newest(world).facts["fields"]


def test_a_deputy_reads_as_one_who_stands_in(world: World, browse: Browse) -> None:
    """S66: nobody chooses her own purpose; the database knows what she is to the case."""
    need, stand_in = world.need(), colleague_of(world)
    with world.sessions.begin() as db:
        db.add(Deputy(case_id=need.case_id, user_id=stand_in.id, until=clock(world.sessions).date()))

    browse(stand_in).get(f"/cases/{need.case_id}")

    assert (newest(world).actor_id, newest(world).purpose) == (stand_in.id, Purpose.STANDING_IN)


def test_the_companys_look_at_a_card_is_written_to_the_boards_case(world: World, browse: Browse) -> None:
    """S66: the company never learns the case, and the board's log still knows whose card was read."""
    placement = world.released()

    assert browse(world.staff_user).get(f"/placements/{placement.id}").status_code == 200

    row = newest(world)
    assert (row.action, row.case_id, row.board_id) == (
        "card.read",
        world.again_need(placement).case_id,
        world.board.id,
    )
    assert (row.organisation_id, row.purpose) == (world.company.id, Purpose.ANSWERING)
    assert "why" not in row.facts["fields"]
    assert "lines" in row.facts["fields"]


@pytest.mark.parametrize(
    ("reader", "address"), [("worker", "/cases"), ("manager", "/overview"), ("staff", "/to-answer")]
)
def test_a_list_names_the_cases_it_showed(world: World, browse: Browse, reader: str, address: str) -> None:
    """S66, S70."""
    case_id = world.again_need(world.released()).case_id
    users = {"worker": world.worker_user, "staff": world.staff_user}
    user = users.get(reader) or colleague_of(world, Role.UNIT_MANAGER)

    assert browse(user).get(address).status_code == 200

    assert newest(world).listed == [case_id]


def test_what_is_refused_was_not_read(world: World, browse: Browse) -> None:
    need, stranger = world.need(), colleague_of(world)
    browser, before = browse(stranger), count(world)

    assert browser.get(f"/cases/{need.case_id}").status_code == 404

    assert count(world) == before


def test_a_form_that_comes_back_shows_as_much_as_it_did(world: World, browse: Browse) -> None:
    """S66: answers to a form carry pages too; what only leads on carries nothing."""
    need = world.need()
    browser = browse(world.worker_user)

    refused = browser.post(f"/cases/{need.case_id}/answers/areas/circle")

    assert refused.status_code == 422
    assert newest(world).action == "areas.read"


def test_looking_again_within_minutes_leaves_no_second_row(world: World) -> None:
    """S66: the rule for pages that ask by themselves, and for back and forth."""
    reading = Reading("case.read", ("case_number",), world.need().case_id)
    other = Reading("case.read", ("case_number", "worker"), reading.subject)

    written = [
        seen(world.sessions, one, by=by, at=NOON + after)
        for one, by, after in (
            (reading, world.worker, timedelta()),
            (reading, world.worker, AGAIN_AFTER - timedelta(seconds=1)),
            (other, world.worker, timedelta()),
            (reading, world.staff, timedelta()),
            (reading, world.worker, AGAIN_AFTER),
        )
    ]

    assert written == [True, False, True, True, True]


def test_what_the_rule_needs_no_longer_is_thrown_away(world: World, rows: Session) -> None:
    seen(world.sessions, Reading("case.read", ()), by=world.worker, at=NOON)
    seen(world.sessions, Reading("case.read", ("a",)), by=world.worker, at=NOON + AGAIN_AFTER)

    forget_old_readings(world.sessions, at=NOON + AGAIN_AFTER + timedelta(seconds=1))

    assert [row.at for row in rows.exec(select(RecentReading)).all()] == [NOON + AGAIN_AFTER]


def test_what_cannot_be_written_down_is_not_shown(world: World, browse: Browse) -> None:
    """S66: fail closed, with a plain page; a page that shows nobody's facts is shown all the same. ASVS V16.5.3."""
    need = world.need()
    with world.sessions() as db:
        number = db.get_one(Case, need.case_id).case_number
    browser = browse(world.worker_user)
    with world.sessions() as db:
        tamper(db, "alter table audit_row add constraint full_disk check (number < 0) not valid")

    answer = browser.get(f"/cases/{need.case_id}")

    assert answer.status_code == 503
    assert number not in words(answer)
    assert "så det visas inte" in words(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/homes").status_code == 200


def test_every_role_has_its_purpose(world: World) -> None:
    """S66: written by the database from what the person is."""
    case_id = world.need().case_id
    officer, manager = colleague_of(world, Role.DATA_PROTECTION_OFFICER), colleague_of(world, Role.UNIT_MANAGER)
    found = []
    for user in (officer, manager):
        seen(world.sessions, Reading("people.read", (), case_id), by=actor(user), at=NOON)
        found.append(newest(world).purpose)
    assert found == [Purpose.OVERSIGHT, Purpose.LEADING]
