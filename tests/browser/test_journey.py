"""A household gets a home: the whole main job in a browser, in every way that people use one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.homes.states import HomeState
from bostad.needs.states import NeedState
from bostad.placements.lifecycle import Stage
from tests.browser.conftest import Visit
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.live import Live
from tests.browser.stage import People, set_stage
from tests.people import PASSWORD, code_now

SAVE = "#main form:has(.question) button[type=submit]"
NUMBER = "SN 2026/4711"

WAYS = {"pointer": (Pointer, True), "pointer without scripts": (Pointer, False), "keyboard alone": (Keyboard, True)}


@pytest.mark.parametrize(("kind", "scripts"), WAYS.values(), ids=WAYS)
def test_a_household_gets_a_home(visit: Visit, live: Live, kind: Callable[[Page], Hands], *, scripts: bool) -> None:
    """U03, U09: need, home, run, both accept, contract, keys; the same end, whichever way the pages are used."""
    people = set_stage(live.sessions)

    def person(user: User) -> Hands:
        hands = kind(visit(scripts=scripts))
        sign_in(hands, user)
        return hands

    worker, staff = person(people.worker), person(people.staff)
    register_a_case(worker, people)
    publish_a_home(staff, people)
    people.run()
    accept_for_the_household(worker, people)
    let_the_home(staff, people)
    people.settle()
    read_the_overview(person(people.manager))

    assert people.how_it_ended() == (Stage.MOVED_IN, NeedState.HOUSED, HomeState.LET, 1, 1)


@pytest.mark.parametrize(("kind", "scripts"), WAYS.values(), ids=WAYS)
def test_an_agreement_is_put_in_force(
    visit: Visit, live: Live, kind: Callable[[Page], Hands], *, scripts: bool
) -> None:
    """U03, U09, U26: the unit manager makes it, adds a line, and is told what putting it in force leads to."""
    people = set_stage(live.sessions)
    manager = kind(visit(scripts=scripts))
    sign_in(manager, people.manager)
    manager.press("header a[href='/agreements']")
    manager.press("#main a[href='/agreements/new']")
    manager.select("company_id", str(people.company.id))
    manager.write("name", "Det nya avtalet")
    manager.write("reference", "SN 2026/88")
    manager.write("signed_on", str(people.today))
    manager.write("valid_from", str(people.today))
    manager.press(SAVE)
    manager.press("#main a[href$='/lines/new']")
    manager.write("code", "ny-linje")
    manager.write("name", "Två i månaden")
    manager.choose("groups", "social")
    manager.write("per_month", "2")
    manager.choose("required", "door_code")
    manager.press(SAVE)
    manager.press("#main a[href$='/put_in_force']")
    expect(manager.page.locator("#main p.ds-paragraph")).to_have_count(2)
    manager.press("#main form button")
    expect(manager.page.locator("h1 + p .ds-tag[data-color='success']")).to_be_visible()
    with people.sessions() as db:
        query = select(Agreement).where(Agreement.board_id == people.board.id)
        made = db.exec(query.where(Agreement.reference == "SN 2026/88")).one()
    assert made.state is AgreementState.IN_FORCE


def sign_in(hands: Hands, user: User) -> None:
    """U43: user name and pass-phrase, then the app's code, and one is where one's work begins."""
    hands.page.goto("/")
    hands.write("username", user.username)
    hands.write("password", PASSWORD)
    hands.press(SAVE)
    hands.write("code", code_now())
    hands.press("#main form[action='/second-step'] button")
    expect(hands.page.locator("header a[href='/me']")).to_have_text(user.name)


def register_a_case(hands: Hands, people: People) -> None:
    """U20, U23-U25: one part after the other in an order of one's own, checked, opened, with consent."""
    page = hands.page
    hands.press("#main a[href='/cases/new']")
    hands.write("case_number", NUMBER)
    hands.press(SAVE)
    fill_in(hands, people)
    hands.press("#main a[href$='/check']")
    hands.press("#main a[href$='/answers/household?back=check']")
    hands.write("adults", "1")
    hands.press(SAVE)
    expect(page.locator(".facts").first).to_be_visible()
    hands.choose("opted_in", "yes")
    hands.press(SAVE)
    expect(page.locator("#main .ds-alert")).to_contain_text(NUMBER)
    hands.press("#main a[href$='/consents/new']")
    hands.choose("company_id", str(people.company.id))
    hands.choose("field_groups", "size", "home", "safety")
    hands.choose("given_how", "oral")
    hands.press(SAVE)
    expect(page.locator("#main h1")).to_contain_text(people.company.name)


def fill_in(hands: Hands, people: People) -> None:
    """Fill the task list in, the last parts first."""
    ago = str(people.today - timedelta(days=40))
    hands.press("#main a[href$='/answers/order']")
    hands.choose("risk", "high")
    hands.write("waiting_since", ago)
    hands.choose("target_group", "violence")
    hands.press(SAVE)
    hands.press("#main a[href$='/answers/home']")
    hands.choose("municipalities", people.board.municipality)
    hands.write("rent_max", "9 000 kr")
    hands.write("rooms_min", "2")
    hands.press(SAVE)
    hands.press("#main a[href$='/answers/features']")
    hands.choose("must", "above_ground_floor", "door_code")
    hands.choose("wish", "balcony")
    hands.press(SAVE)
    hands.press("#main a[href$='/answers/areas']")
    hands.choose("kind", "district")
    hands.choose("municipality", people.board.municipality)
    hands.write("name", "Provstranden")
    hands.press("form[action$='/named'] button")
    hands.press("form[action$='/answers/areas'] button")
    hands.press("#main a[href$='/answers/living']")
    hands.choose("kind", "elsewhere")
    hands.write("since", ago)
    hands.press(SAVE)
    hands.press("#main a[href$='/answers/household']")
    hands.write("adults", "2")
    hands.write("child_ages", "4, 9")
    hands.write("ages_true_on", ago)
    hands.press(SAVE)
    expect(hands.page.locator(".task-list .ds-tag[data-color='success']")).to_have_count(6)


def publish_a_home(hands: Hands, people: People) -> None:
    """Say what the flat is and has, and see that it counts."""
    hands.press("a[href='/homes/new']")
    for name, text in {
        "object_number": "5001-0001",
        "address": "Provgatan 12",
        "apartment_number": "1201",
        "rooms": "3",
        "rent": "7 500",
        "available_from": str(people.today + timedelta(days=10)),
        "municipality": people.company.municipality,
        "district": "Provdalen",
    }.items():
        hands.write(name, text)
    hands.choose("door_code", "met")
    hands.choose("balcony", "not_met")
    hands.press("#main form[action='/homes/new'] button")
    expect(hands.page.locator("#main h1")).to_contain_text("Provgatan 12")


def accept_for_the_household(hands: Hands, people: People) -> None:
    """U24, U26, U32, U33: the reasons, then what the company will see, then the acceptance."""
    page, placement = hands.page, people.proposal(NUMBER)
    hands.press("header a[href='/cases']")
    hands.press(f"#main table a:has-text('{NUMBER}')")
    card = page.locator(f"#placement-{placement}")
    expect(card.locator("li.must")).not_to_have_count(0)
    expect(card.locator("li.wish")).not_to_have_count(0)
    hands.press(f"#put-{placement}")
    expect(page.locator(f"#put-{placement}")).to_have_count(0)
    hands.press(f"#release-{placement}")
    expect(page.locator("#main .facts")).to_be_visible()
    expect(page.locator("#main .facts")).not_to_contain_text(NUMBER)
    hands.press("#main form[action$='/release'] button")
    expect(card).to_have_attribute("data-stage", "released")


def let_the_home(hands: Hands, people: People) -> None:
    """Accept, record the contract, record the move-in."""
    placement = people.proposal(NUMBER)
    hands.press("header a[href='/to-answer']")
    hands.press(f"#main a[href='/placements/{placement}']")
    card = hands.page.locator(f"#placement-{placement}")
    hands.press(f"#reserve-{placement}")
    expect(card).to_have_attribute("data-stage", "reserved")
    hands.press(f"#sign-{placement}")
    hands.choose("contract", "first_hand")
    hands.write("contract_from", str(people.today + timedelta(days=10)))
    hands.press("#main form[action$='/sign'] button")
    expect(card).to_have_attribute("data-stage", "signed")
    hands.press(f"#hand_over-{placement}")
    hands.write("moved_in_on", str(people.today))
    hands.press("#main form[action$='/hand_over'] button")
    expect(card).to_have_attribute("data-stage", "moved_in")


def read_the_overview(hands: Hands) -> None:
    """U34: the unit manager sees the month's home signed."""
    expect(hands.page.locator("#main h1")).to_be_visible()
    expect(hands.page.locator("#main")).to_contain_text("Provavtalet")
