"""Every door, tried by everybody with what nobody would write: refused or answered, never our fault (U14)."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from httpx import Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.states import AgreementMove
from bostad.answers import Answers
from bostad.needs.answers import FORMS
from bostad.needs.tables import Consent
from bostad.placements.lifecycle import Move
from bostad.web.needs import PLACES
from tests import factories
from tests.attack.junk import ADDRESSES, BODIES, EVERYWHERE, PART_OF_NOWHERE
from tests.browsing import Browser
from tests.worlds import World

LEAVING = {"/sign-out", "/me/sign-out-everywhere"}
"""Doors that end the session, and with it the test."""
FAILED = 500
BESIDES = frozenset({"_kept", "anyway", "back", "next", "opted_in", "path", "version"})
"""What forms carry besides questions."""


def _questions(form: type[Answers] = Answers) -> set[str]:
    """Name the questions of a form and of all that are made from it."""
    return set(form.model_fields).union(*(_questions(made) for made in form.__subclasses__()))


FIELDS = sorted(BESIDES | _questions())
Ids = dict[str, str]


@pytest.mark.slow
@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role or "stranger")
def test_no_junk_makes_a_door_fail(
    app: Litestar, world: World, browse: Callable[[User | None], Browser], role: Role | None
) -> None:
    """U14: whoever comes, with whatever, is told something that makes sense. ASVS V1.3.10, V1.4.2, V2.2.2, V15.3.7."""
    browser, ids = browse(_user(world, role)), _ids(world)
    skipped = set() if role is None else {"OPTIONS"}  # nobody's own: a stranger has tried it everywhere
    doors = [door for door in _doors(app) if door[1] not in LEAVING and door[0] not in skipped]
    answers = [
        (method, path, answer)
        for method, path, handler in doors
        for address, deep in _addresses(path, ids, is_open=_is_open(handler, role))
        for answer in _tried(browser, method, address, deep=deep)
    ]

    assert len(answers) > len(doors), "every door was tried"
    assert {
        (method, path, answer.status_code) for method, path, answer in answers if answer.status_code >= FAILED
    } == set()


def _tried(browser: Browser, method: str, address: str, *, deep: bool) -> Iterator[Response]:
    if method == "POST":
        yield from _sent(browser, address, deep=deep)
        return
    yield browser.client.request(method, address, headers=PART_OF_NOWHERE, follow_redirects=False)
    for query in ADDRESSES if deep and method == "GET" else ():
        yield browser.client.get(address + query, follow_redirects=False)


def _sent(browser: Browser, address: str, *, deep: bool) -> Iterator[Response]:
    token = browser.token()
    headers = {"x-csrftoken": token}
    yield browser.client.post(address, headers={**headers, **PART_OF_NOWHERE}, follow_redirects=False)
    for kind, content in BODIES if deep else ():
        typed = {**headers, "content-type": kind}
        yield browser.client.post(address, content=content, headers=typed, follow_redirects=False)
    for junk in EVERYWHERE if deep else ():
        fields = dict.fromkeys(FIELDS, junk) | {"_csrf_token": token}
        yield browser.client.post(address, data=fields, follow_redirects=False)


def _addresses(path: str, ids: Ids, *, is_open: bool) -> Iterator[tuple[str, bool]]:
    """Fill an address in, with what is there, strangers' ids and impossible signs; say which to look deep into."""
    yield _filled(path, ids), is_open
    if not is_open or "{" not in path:
        return
    for name, values in _VALUES.items():
        if f"{{{name}}}" in path:
            yield from ((_filled(path.replace(f"{{{name}}}", value), ids), True) for value in values)
    yield _filled(path, dict.fromkeys(ids, str(uuid4()))), False
    yield _filled(path, dict.fromkeys(ids, "%00")), False


def _filled(path: str, ids: Ids) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path


_VALUES = {
    "move": (Move.DECLINE, Move.SIGN, Move.HAND_OVER, AgreementMove.PAUSE),
    "part": tuple(PLACES[section] for section in FORMS),
    "act": ("enable", "disable"),
}
"""The places in an address that have forms of their own behind them."""


def _doors(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in sorted(handler.http_methods):
                yield str(method), getattr(route, "path_format", route.path), handler


def _is_open(handler: HTTPRouteHandler, role: Role | None) -> bool:
    guards = [guard for guard in handler.resolve_guards() if hasattr(guard, "roles")]
    return all(role in guard.roles for guard in guards)


def _user(world: World, role: Role | None) -> User | None:
    if role is None:
        return None
    if role is Role.SOCIAL_WORKER:
        return world.worker_user
    if role is Role.HOUSING_STAFF:
        return world.staff_user
    with world.writing():
        user: User = factories.UserFactory(organisation=world.board, role=role, unit=None, unit_id=world.unit_id)
    return user


def _ids(world: World) -> Ids:
    """Give something that is there for every name in an address."""
    placement = world.released()
    need = world.again_need(placement)
    with world.sessions() as db:
        consent = db.exec(select(Consent.id).where(Consent.need_id == need.id)).one()
    with world.writing():
        colleague = factories.UserFactory(organisation=world.board, unit=None, unit_id=world.unit_id)
    found: dict[str, UUID] = {
        "placement_id": placement.id,
        "home_id": placement.home_id,
        "case_id": need.case_id,
        "consent_id": consent,
        "agreement_id": world.agreement.id,
        "line_id": world.line.id,
        "user_id": colleague.id,
        "area_id": uuid4(),
        "passkey_id": uuid4(),
        "session_id": uuid4(),
        "request_id": uuid4(),
    }
    words = {"move": "nothing", "part": "nothing", "act": "nothing", "language": "sv", "file_path": "nothing.css"}
    return {name: str(value) for name, value in found.items()} | words
