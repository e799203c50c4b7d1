"""The placement's way through the pages: a form sent by each of the two sides in turn."""

from collections.abc import Callable
from datetime import timedelta

from babel.dates import format_date
from sqlalchemy import delete
from sqlmodel import Session

from bostad.accounts.tables import User
from bostad.outbox import service as outbox
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.tables import Placement
from bostad.records import clock
from tests.browsing import Browser
from tests.factories import NOON, UserFactory
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def test_a_household_gets_its_keys_through_the_pages(world: World, browse: Browse, rows: Session) -> None:
    placement = world.proposal(must=["above_ground_floor"])
    here = f"/placements/{placement.id}"
    social, housing = browse(world.worker_user), browse(world.staff_user)

    assert 'class="must"' in social.get(here).text
    social.post(f"{here}/put")
    assert social.get(f"{here}/release").status_code == 200
    social.post(f"{here}/release")
    assert str(placement.id) in housing.get("/to-answer").text
    housing.post(f"{here}/reserve")
    in_words = format_date(clock(world.sessions) + timedelta(days=9), "d MMMM yyyy", locale="sv")
    housing.post(f"{here}/sign", contract="first_hand", contract_from=in_words)
    signed = world.again(placement)
    assert signed.stage is Stage.SIGNED
    housing.post(f"{here}/hand_over", moved_in_on=str(clock(world.sessions).date()))
    assert world.again(placement).stage is Stage.MOVED_IN


def test_htmx_gets_the_card_alone_and_everybody_else_the_page(world: World, browse: Browse) -> None:
    """U15."""
    placement = world.proposal()
    social = browse(world.worker_user)
    part = social.post(f"/placements/{placement.id}/put", htmx=True)
    whole = social.get(f"/placements/{placement.id}")
    assert part.text.lstrip().startswith("<section")
    assert "<html" not in part.text
    assert "<html" in whole.text


def test_the_second_of_two_answers_finds_a_plain_page(world: World, browse: Browse) -> None:
    """U28, F05: somebody was faster."""
    placement = world.proposal()
    first, second = browse(world.worker_user), browse(world.worker_user)
    first.post(f"/placements/{placement.id}/release")
    late = second.post(f"/placements/{placement.id}/release")
    assert late.status_code == 409
    assert "<html" in late.text


def test_a_decline_without_a_reason_is_asked_for_one(world: World, browse: Browse) -> None:
    """U16: the summary links to the question."""
    placement = world.proposal()
    answer = browse(world.worker_user).post(f"/placements/{placement.id}/decline")
    assert answer.status_code == 422
    assert 'href="#because"' in answer.text
    assert world.again(placement).stage is Stage.PROPOSED


def test_strangers_find_nothing_at_a_placements_address(world: World, browse: Browse, rows: Session) -> None:
    """S06: colleague, other side before the card is shared, and stranger get the same bytes as for what never was."""
    placement = world.proposal()
    others = [world.staff_user, UserFactory(organisation=world.board), UserFactory()]
    for user in others:
        browser = browse(user)
        there, nowhere = browser.get(f"/placements/{placement.id}"), browser.get(f"/placements/{world.board.id}")
        assert there.status_code == nowhere.status_code == 404
        assert there.text == nowhere.text


def test_the_companys_page_says_nothing_of_the_case(world: World, browse: Browse) -> None:
    """S04, S42: no number, no risk, no worker's reasons on the housing side."""
    placement = world.proposal()
    social, housing = browse(world.worker_user), browse(world.staff_user)
    social.post(f"/placements/{placement.id}/release")
    text = housing.get(f"/placements/{placement.id}").text
    for secret in ("9901-2026", "violence", "shelter", "våld", "skydd", "acute"):
        assert secret not in text


def test_free_homes_are_ranked_for_the_case_and_placed_by_hand(world: World, browse: Browse) -> None:
    need, fits, small = world.need(rooms_min=2), world.home(rooms=2), world.home(rooms=1)
    social = browse(world.worker_user)
    page = social.get(f"/cases/{need.case_id}/homes").text
    assert page.index(fits.address) < page.index(small.address)
    social.post(f"/cases/{need.case_id}/homes/{fits.id}", because="Nära mormor")
    placed = world.placement_of(need)
    assert placed is not None
    with world.sessions() as db:
        there = db.get_one(Placement, placed.id)
        assert (there.home_id, there.by_hand_because) == (fits.id, "Nära mormor")
    assert social.post(f"/cases/{need.case_id}/homes/{small.id}", because="Ändå").status_code == 409


def test_the_case_page_shows_the_proposal_or_why_there_is_none(world: World, browse: Browse) -> None:
    """U32."""
    poor, rich = world.need(rent_max=1_000), world.need()
    world.home()
    world.run()
    social = browse(world.worker_user)
    placement = world.placement_of(rich)
    assert placement is not None
    assert f"placement-{placement.id}" in social.get(f"/cases/{rich.case_id}").text
    assert "way-home" in social.get(f"/cases/{poor.case_id}").text


def test_a_page_hears_when_a_run_has_come_and_does_not_ask_for_ever(world: World, browse: Browse) -> None:
    need = world.need()
    social = browse(world.worker_user)
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    here = f"/cases/{need.case_id}/run"
    with world.sessions.begin() as db:
        outbox.post(db, "matching.run", key=str(world.board.id), at=NOON)
    assert "run?turn=1" in social.get(f"/cases/{need.case_id}").text
    assert "run?turn=3" in social.get(f"{here}?turn=2", headers=part).text
    assert "hx-get" not in social.get(f"{here}?turn=10", headers=part).text
    with world.sessions.begin() as db:
        db.execute(delete(Message))
    done = social.get(f"{here}?turn=2", headers=part)
    assert "hx-get" not in done.text
    assert f'href="/cases/{need.case_id}"' in done.text
