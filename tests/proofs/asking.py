"""Everything one company's people can ask: every door, with what they know, what may be there, and what is not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litestar import Litestar

from bostad.accounts.access import Role
from bostad.needs.household import ContractForm
from bostad.placements.reasons import Closed
from tests.proofs.doors import LEAVING, Door, doors
from tests.proofs.draw import Draw
from tests.proofs.released import Released
from tests.proofs.wire import Answer, Asked, Fields, Wire

CHANGES_TRIED = 3
"""How many changes of one's own each group of worlds tries; together they try them all."""
WORDS_TRIED = 5
"""How many of the words that an address can end in."""
OTHERS_TRIED = 6
"""How many doors that are another role's, or everybody's. Who is not let in is turned away before anything is read."""
ALSO = ("/homes?gone=yes", "/to-answer?turn=1", "/homes/new?like={home}")
AFTERWARDS = {
    Role.HOUSING_STAFF: ("/to-answer", "/homes"),
    Role.ADMINISTRATOR: ("/users",),
    Role.SOCIAL_WORKER: ("/cases",),
    Role.UNIT_MANAGER: ("/overview",),
    Role.DATA_PROTECTION_OFFICER: ("/log",),
}
"""Where what a change has led to would show."""
CHANCE = tuple(
    (re.compile(pattern), rb"\1")
    for pattern in (
        rb"(&#34;challenge&#34;: &#34;)[\w-]+",  # what a passkey is to sign: new at every asking
        rb"(^bostad=)[\w-]{43}",  # a session's token, renewed at every step-up
        rb"(<code>)[0-9A-Z]{4}(?:[ -][0-9A-Z]{2,4})+",  # a one-time code or an app's key, shown to whoever asked for it
        rb"(secret=)[A-Z2-7]{16,}",  # the same key in a link
        rb'(<path class="qr" [^>]* d=")[^"]*',  # and in a picture
    )
)
"""What is drawn at random for one answer, and nothing else, is left out of the comparison, byte by byte."""
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


Heard = list[tuple[Asked, Answer]]
"""What was asked, and what was answered."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two answers to the same question part."""

    asked: Asked
    part: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.asked}: {self.part}: {self.one!r} or {self.other!r}"


def questions(app: Litestar, world: Released, role: Role, draw: Draw) -> tuple[list[Asked], list[Asked]]:
    """Give the pages to ask for and the changes to try: all pages of one's own, some of everybody's and others'."""
    pages: list[Asked] = []
    chosen: list[Asked] = []
    others: list[Asked] = []
    changes: list[Asked] = []
    for door in doors(app):
        if door.path in LEAVING:
            continue
        for_all = door.roles is None or door.roles == frozenset(Role)
        mine = for_all or role in (door.roles or ())
        for address in door.addresses(world.ids(draw)):
            if door.method == "GET" or not mine:
                kept = others if for_all or not mine else chosen if door.words else pages
                kept.append(Asked(door.method, address))
            else:
                changes += _changes(door, address, world)
    if role is Role.HOUSING_STAFF:
        pages += [Asked("GET", address.format(home=world.homes[0].id)) for address in ALSO]
    pages += [Asked("GET", one.address, part=True) for one in draw.some(pages, 3)]
    pages += _few(draw, chosen, WORDS_TRIED) + _few(draw, others, OTHERS_TRIED)
    return pages, _few(draw, changes, CHANGES_TRIED)


def _few(draw: Draw, among: list[Asked], most: int) -> list[Asked]:
    """Take a few: of each door, and of each word in its address, one address at most."""
    by_door: dict[str, list[Asked]] = {}
    for one in among:
        parts = one.address.split("/")
        by_door.setdefault("/".join([one.method, *parts[:2], *parts[3:]]), []).append(one)
    doors_taken = draw.sample(sorted(by_door), min(most, len(by_door)))
    return [draw.choice(by_door[door]) for door in doors_taken]


def answers(wire: Wire, asked: Sequence[Asked], token: str) -> Heard:
    """Ask, and give what was answered."""
    return list(zip(asked, wire.all(asked, token), strict=True))


def after(wire: Wire, change: Asked, known: frozenset[str], role: Role, token: str) -> Heard:
    """Make a change and look at where it would show. Ids that it has drawn are numbered as they appear."""
    drawn: dict[bytes, bytes] = {}
    shows = dict.fromkeys([*AFTERWARDS[role], _page_of(change.address)])
    asked = [change, *(Asked("GET", address) for address in shows)]
    return [(one, numbered(_without_chance(answer), known, drawn)) for one, answer in answers(wire, asked, token)]


def differences(one: Heard, other: Heard) -> Iterator[Difference]:
    """Compare what two worlds answered: status, headers and their order, every byte of the body."""
    for (asked, left), (_, right) in zip(one, other, strict=True):
        if left != right:
            yield from _differences(asked, _without_chance(left), _without_chance(right))


def _differences(asked: Asked, left: Answer, right: Answer) -> Iterator[Difference]:
    if left.status != right.status:
        yield Difference(asked, "status", str(left.status), str(right.status))
    if left.headers != right.headers:
        unlike = set(left.headers) ^ set(right.headers)
        yield Difference(asked, "headers", str(sorted(unlike)), f"{len(left.headers)} and {len(right.headers)}")
    if left.body != right.body:
        yield Difference(asked, "body", *_unlike(left.body, right.body))


def _unlike(left: bytes, right: bytes) -> tuple[str, str]:
    """Give the first place where two texts part, with a little of what stands around it."""
    pairs = enumerate(zip(left, right, strict=False))
    place = next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))
    start = max(0, place - 30)
    return left[start : place + 60].decode(errors="replace"), right[start : place + 60].decode(errors="replace")


def _without_chance(answer: Answer) -> Answer:
    """Leave out what was drawn for this answer alone."""
    body, cookies = answer.body, dict(enumerate(answer.headers))
    for pattern, kept in CHANCE:
        body = pattern.sub(kept, body)
        cookies = {at: (name, pattern.sub(kept, value)) for at, (name, value) in cookies.items()}
    return Answer(answer.status, tuple(cookies.values()), body)


def numbered(answer: Answer, known: frozenset[str], drawn: dict[bytes, bytes]) -> Answer:
    """Put numbers for ids that were not in the world before the change: the database drew them at random."""

    def number(found: re.Match[bytes]) -> bytes:
        written = found[0]
        return written if written.decode() in known else drawn.setdefault(written, b"<new %d>" % len(drawn))

    headers = tuple((name, _ID.sub(number, value)) for name, value in answer.headers if name != b"content-length")
    return Answer(answer.status, headers, _ID.sub(number, answer.body))


def _page_of(address: str) -> str:
    """Give the page of the thing that an address is about."""
    return "/".join(address.split("/")[:3])


def _changes(door: Door, address: str, world: Released) -> Iterator[Asked]:
    """Give a change as a person makes it, and with nothing in its form."""
    yield Asked("POST", address, part=len(address) % 2 == 0)
    filled = _filled(door, address, world)
    if filled:
        yield Asked("POST", address, filled)


def _filled(door: Door, address: str, world: Released) -> Fields:
    """Fill a form in so that it is accepted where the change is allowed."""
    today = world.at.date().isoformat()
    if door.path.startswith("/placements") and address.endswith("/refuse"):
        return (("because", Closed.NO_CONTRACT.value),)
    if door.path.startswith("/placements"):
        contract = (("contract", ContractForm.FIRST_HAND.value), ("contract_from", today), ("moved_in_on", today))
        return (*contract, ("because", "unsafe"), ("viewing_on", today), ("viewing_time", "14:30"))
    if door.path.endswith("/withdraw"):
        return (("because", "let_elsewhere"),)
    if door.path in {"/homes/new", "/homes/{home_id:uuid}/edit"}:
        return _home(address, world)
    if door.path in {"/users/new", "/units"}:
        return (("username", "nyanstalld"), ("name", "Ny Anställd"), ("role", "housing_staff"))
    return ()


def _home(address: str, world: Released) -> Fields:
    """Describe a flat: the one that the address names, or a new one."""
    home = next((one for one in world.homes if str(one.id) in address), world.homes[-1])
    number = home.object_number if str(home.id) in address else "9-9"
    facts = {"line_id": home.line_id, "month": home.month, "object_number": number, "address": "Provgatan 9"}
    facts |= {"municipality": "9901", "rooms": 2, "rent": 7_600, "floor": 2, "available_from": world.at.date()}
    return (*((name, str(value)) for name, value in facts.items()), ("version", "1"), ("anyway", "yes"))
