"""The canary run's way through the pages: every canary is written into the field it is for, in a real browser."""

import time
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import text
from sqlmodel import col, select

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Case, Need, ShelterPlace
from bostad.outbox.tables import Message
from bostad.records import Sessions, clock
from bostad.web.auth import new_token
from tests.browser.stage import People
from tests.factories import HomeFactory, UserFactory, writing_with
from tests.proofs.canary_words import OPEN, SEALED

PATIENCE_SECONDS = 120


def use_the_pages(context: BrowserContext, base: str, people: People) -> None:
    """Write every canary into the field it is for."""
    page = context.new_page()
    with people.sessions() as db, writing_with(db):
        teammate = UserFactory(organisation=people.board, unit=None)
        teammate.unit_id = people.worker.unit_id
        db.add(ShelterPlace(board_id=people.board.id, kind=PlaceKind.SHELTER, code=OPEN["place in a shelter"]))
        db.commit()
    _as(context, base, people.sessions, people.worker)
    _send(page, f"{base}/cases", "/cases/find", case_number=SEALED["a number that was looked for"])
    _send(page, f"{base}/cases/new", "/cases/new", case_number=SEALED["case number"])
    _send(page, f"{base}/cases/new", "/cases/new", case_number=SEALED["case number"])  # refused, and shown again
    case = f"{base}/cases/{_waiting(people)}"
    areas = f"{case}/answers/areas"
    for kind in ("district", "building"):
        _send(page, areas, "/named", kind=kind, municipality=people.board.municipality, name=SEALED[kind])
    _send(page, areas, "/people", company_id=str(people.company.id), person=OPEN["person who must not hear"])
    _send(
        page,
        f"{case}/without-consent",
        "/without-consent",
        company_id=str(people.company.id),
        field_groups="size",
        because=SEALED["reason for necessary disclosure"],
    )
    wait_for_the_worker(people.sessions)
    _send(page, f"{case}/homes/{_free_home(people)}", "/homes/", because=SEALED["reason for placing by hand"])
    for part in ("", "/check", "/homes", "/keeping"):
        page.goto(f"{case}{part}")
    _send(page, f"{case}/keeping", "/keeping/extract")
    _as(context, base, people.sessions, teammate)
    _send(
        page,
        f"{base}/cases/emergency",
        "/cases/emergency",
        case_number=SEALED["case number"],
        because="1",
        note=SEALED["note of an emergency"],
        hours="1",
    )
    _send_after_the_session(page, base, people.sessions, teammate)


def _send_after_the_session(page: Page, base: str, sessions: Sessions, user: User) -> None:
    """Send a form whose session has ended meanwhile: its answers are kept as a draft (U35)."""
    page.goto(f"{base}/cases/new")
    page.locator("[name=case_number]").fill(SEALED["a form whose session had ended"])
    with sessions.begin() as db:
        db.execute(text("update session set ended_at = now() where user_id = :user"), {"user": user.id})
    page.locator("#main form[action$='/cases/new'] button[type=submit]").first.click()
    page.wait_for_load_state()


def _as(context: BrowserContext, base: str, sessions: Sessions, user: User) -> None:
    """Let somebody be signed in, with both factors proved."""
    token = new_token()
    with sessions.begin() as db:
        begin_session(db, user, token, at=clock(sessions), proved_at=clock(sessions))
    context.add_cookies([{"name": "bostad", "value": token, "url": base, "httpOnly": True, "sameSite": "Lax"}])


def _send(page: Page, address: str, action: str, **fields: str) -> None:
    """Fill in a form as a person does: text, a choice, a list, a box; a number chooses the first there is."""
    page.goto(address)
    aimed = f"#main form[action*='{action}']"
    form = page.locator(f"{aimed}, #main form:not([action])").first  # a form without an address goes back to its own
    for name, value in fields.items():
        here = form.locator(f"[name='{name}']").first
        kind = here.evaluate("element => element.type")
        if kind in {"radio", "checkbox"}:
            chosen = form.locator(f"[name='{name}'][value='{value}']")
            (chosen if chosen.count() else here).check()
        elif kind == "select-one":
            here.select_option(value)
        else:
            here.fill(value)
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def _waiting(people: People) -> str:
    """Let a household wait for a home with consent to the company, under a canary's number; give its case."""
    case_id = people.waiting()
    with people.sessions.begin() as db:
        db.get_one(Case, case_id).case_number = SEALED["the waiting case's number"]
        need = db.exec(select(Need).where(Need.case_id == case_id)).one()
        need.must = []
    return str(case_id)


def _free_home(people: People) -> str:
    with people.sessions() as db, writing_with(db):
        first = people.today.replace(day=1)
        home = HomeFactory(line=people.line, company=people.company, month=first, available_from=people.today)
        home.available_from = people.today + timedelta(days=1)
        db.commit()
        return str(home.id)


def wait_for_the_worker(sessions: Sessions) -> None:
    """Wait until the worker has done what it was asked for, through Redis."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with sessions() as db:
            if not db.exec(select(Message.id).where(col(Message.done_at).is_(None)).limit(1)).all():
                return
        time.sleep(0.2)
    raise AssertionError("the worker did not come round to it")
