"""Oversight over the screens: whoever opens a case, whoever looks at it afterwards, and what each is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bostad.accounts.tables import User
from bostad.oversight.reviewing import draw_samples
from bostad.records import clock
from tests.browsing import Browser, words
from tests.oversight.conftest import Watched

Browse = Callable[[User | None], Browser]
FORM: dict[str, Any] = {"because": "acute", "note": "Hon måste flytta i kväll", "hours": "1"}


def english(watched: Watched) -> None:
    with watched.world.sessions.begin() as db:
        for user in (watched.colleague, watched.manager, watched.officer):
            db.get_one(User, user.id).locale = "en"


def test_a_case_is_opened_read_seen_and_signed_off(watched: Watched, browse: Browse) -> None:
    """S68: from the form to the manager's first page and her answer there."""
    english(watched)
    colleague, manager = browse(watched.colleague), browse(watched.manager)

    case = colleague.post("/cases/emergency", **FORM, case_number=watched.number)
    assert f"/cases/{watched.case_id}" in str(case.url)
    assert "You can read, and change nothing." in words(case)
    assert f"/cases/{watched.case_id}/pause" not in case.text
    assert f"/cases/{watched.case_id}/check" in case.text
    (row,) = watched.rows("case.read")
    assert (row.actor_id, row.purpose) == (watched.colleague.id, "emergency")

    overview = manager.get("/overview")
    assert f"Case {watched.number} was opened in an emergency." in words(overview)
    assert FORM["note"] in words(overview)
    (sign,) = set(re.findall(r'action="(/review/openings/[^"]+)"', overview.text))
    after = manager.post(sign, outcome="fine")

    assert "was opened in an emergency" not in words(after)
    assert manager.post(sign, outcome="fine").status_code == 409
    assert manager.post(sign, outcome="nonsense").status_code == 422


def test_an_empty_form_asks_for_what_is_missing(watched: Watched, browse: Browse) -> None:
    english(watched)
    refused = browse(watched.colleague).post("/cases/emergency")

    assert refused.status_code == 422
    assert watched.rows("emergency.opened", "emergency.refused") == []


def test_a_months_sample_is_looked_through(watched: Watched, browse: Browse) -> None:
    """S68: what is looked through is itself read by somebody, and that stands in the log too."""
    english(watched)
    worker, manager = browse(watched.world.worker_user), browse(watched.manager)
    worker.get(f"/cases/{watched.case_id}")
    worker.get(f"/cases/{watched.case_id}/check")
    draw_samples(watched.world.sessions, at=clock(watched.world.sessions) + timedelta(days=31))

    (address,) = set(re.findall(r'href="(/review/[^"]+)"', manager.get("/overview").text))
    sample = manager.get(address)
    first, *_ = re.findall(r'action="(/review/rows/[^"]+)"', sample.text)
    signed = manager.post(first, outcome="look_into")
    rest = manager.post(f"{address}/rest")

    assert watched.number in words(sample)
    assert "To be looked into" in words(signed)
    assert "One row left." in words(rest)
    assert watched.rows("review.read")[0].actor_id == watched.manager.id


def test_the_officer_looks_through_what_the_managers_did(watched: Watched, browse: Browse) -> None:
    """S68: over the screens, in the officer's own database role."""
    english(watched)
    manager, officer = browse(watched.manager), browse(watched.officer)
    manager.get(f"/readers/{watched.case_id}")
    draw_samples(watched.world.sessions, at=clock(watched.world.sessions) + timedelta(days=31))

    (address,) = set(re.findall(r'href="(/review/[^"]+)"', officer.get("/log").text))
    sample = officer.get(address)
    (row,) = re.findall(r'action="(/review/rows/[^"]+)"', sample.text)[:1]

    assert watched.manager.name in words(sample)
    assert manager.get(address).status_code == 404
    assert "To be looked into" in words(officer.post(row, outcome="look_into"))
    assert officer.post(f"{address}/rest").status_code == 200


def test_the_officer_is_told_what_others_leave_lying(watched: Watched, browse: Browse) -> None:
    """S68: that it waits, not what it is about."""
    from sqlalchemy import update

    from bostad.oversight.tables import EmergencyOpening

    english(watched)
    browse(watched.colleague).post("/cases/emergency", **FORM, case_number=watched.number)
    ago = clock(watched.world.sessions) - timedelta(days=8)
    with watched.world.sessions.begin() as db:
        db.execute(update(EmergencyOpening).values(opened_at=ago, until=ago + timedelta(hours=1)))

    log = browse(watched.officer).get("/log")

    assert "An emergency opening has waited for its manager for more than a week." in words(log)
    assert FORM["note"] not in log.text
    assert watched.number not in log.text


def test_strangers_find_nothing_at_these_addresses(watched: Watched, browse: Browse) -> None:
    """S06, S37: the other side, the worker and another unit's manager."""
    for user, address, status in (
        (watched.colleague, f"/readers/{watched.case_id}", 403),
        (watched.world.staff_user, f"/readers/{watched.case_id}", 403),
        (watched.other_manager, f"/readers/{watched.case_id}", 404),
        (watched.manager, "/cases/emergency", 403),
        (watched.officer, f"/review/{watched.case_id}", 404),
        (watched.colleague, f"/review/{watched.case_id}", 403),
        (watched.manager, f"/review/{watched.case_id}", 404),
    ):
        assert browse(user).get(address).status_code == status, address
