"""Every door, by everybody, with what a generator thinks of: answered as described, and never with a fault (S71)."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from litestar import Litestar

from bostad.records import Sessions
from tests.proofs.allowed import Person, Relation, who_may_knock
from tests.proofs.conftest import Count
from tests.proofs.contract import SENT, described
from tests.proofs.corners import ABSENT, build
from tests.proofs.doors import Door, doors
from tests.proofs.draw import Draw
from tests.proofs.ground import stop_the_clock, undone
from tests.proofs.wire import FORM, Answer, Asked, Wire

schemathesis = pytest.importorskip("schemathesis")

CASES = int(os.environ.get("BOSTAD_PROOF_CASES", "0"))
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
DOORS_IN_A_SAMPLE = 12
UNSUPPORTED = ("PUT", "PATCH", "DELETE", "TRACE", "QUERY")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("person", Person)
def test_no_case_is_our_fault_or_answered_in_an_undocumented_way(
    app: Litestar, sessions: Sessions, person: Person, count: Count
) -> None:
    """S71: 0 server errors, 0 undocumented statuses, no door open without a session; what a case changed is undone."""
    town = build(sessions, stop_the_clock(sessions))
    schema = schemathesis.openapi.from_dict(described(app, town.ids(person, Relation.OWN)))
    operations = [found.ok() for found in schema.get_all_operations()]
    token = None if person is Person.STRANGER else person.value
    wrong: list[str] = []
    with Wire(app) as wire:
        for operation in operations if CASES else Draw(f"doors {SEED}").sample(operations, DOORS_IN_A_SAMPLE):
            count("generated cases", _tried(operation, wire, sessions, token, wrong))

    assert wrong == []


@pytest.mark.parametrize("person", [Person.WORKER, Person.STAFF, Person.STRANGER])
def test_a_method_that_no_door_has_is_answered_as_what_is_not_there(
    app: Litestar, sessions: Sessions, person: Person, count: Count
) -> None:
    """S06, S71: Schemathesis' `unsupported_method` wants 405 and what is allowed, which would tell what is there."""
    town = build(sessions, stop_the_clock(sessions))
    absent = dict.fromkeys(town.ids(person, Relation.OWN), ABSENT)
    token = None if person is Person.STRANGER else person.value
    taken = {(door.path, door.method) for door in doors(app)}
    tried = [(door, method) for door in doors(app) for method in UNSUPPORTED if (door.path, method) not in taken]
    wrong = []
    with Wire(app) as wire:
        for door, method in tried:
            here, gone = (_refused(wire, door, method, ids, token) for ids in (town.ids(person, Relation.OWN), absent))
            if here.status != 404 or here.header("allow") or here != gone:
                wrong.append(f"{method} {door.path}: {here.status} or {gone.status}, {here.header('allow')!r}")

    count("methods refused", len(tried))
    assert len(tried) > 500
    assert wrong == []


def test_the_description_knows_every_form_that_is_sent(app: Litestar) -> None:
    """S71: the fields come from the forms themselves."""
    paths = described(app, {})["paths"]
    content = paths["/placements/{placement_id}/{move}"]["post"]["requestBody"]["content"][FORM]

    assert {"because", "contract", "moved_in_on"} <= set(content["schema"]["properties"])
    assert set(paths["/homes/new"]["post"]["responses"]) == set(SENT)


def _refused(wire: Wire, door: Door, method: str, ids: Mapping[str, object], token: str | None) -> Answer:
    address = next(door.addresses({kind: [one] for kind, one in ids.items()} | {"absent": [ABSENT]}))
    return wire.ask(Asked(method, address), token)


def _tried(operation: Any, wire: Wire, sessions: Sessions, token: str | None, wrong: list[str]) -> int:
    """Try one door with generated cases, and note what was wrong with their answers; give how many there were.

    What is answered with a page is asked once more under a session that nobody has: that leads to the sign-in page,
    or the door is everybody's (Schemathesis' `ignored_auth`).
    """
    tried = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=CASES or 3,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(case: Any) -> None:
        nonlocal tried
        tried += 1
        with undone(sessions):
            answer = wire.ask(_asked(case), token)
            guessed = wire.ask(_asked(case), "a-session-that-nobody-has") if _opens(answer) and token else None
        if guessed and _opens(guessed) and not _is_public(case.path):
            wrong.append(f"{case.method} {case.formatted_path}: opens without a session")
        documented = {int(status) for status in operation.definition.raw["responses"]}
        if answer.status not in documented:
            wrong.append(f"{case.method} {case.formatted_path}: {answer.status}")

    one()
    return tried


def _opens(answer: Answer) -> bool:
    """Tell whether a door has opened: with a page, or the way to one that is not the sign-in page."""
    return answer.status == 200 or (answer.status == 303 and not answer.header("location").startswith("/sign-in"))


def _is_public(path: str) -> bool:
    """Tell whether the table lets a stranger through a door."""
    plain = path.replace("_id}", "}")
    return any(Person.STRANGER in who_may_knock(method, plain) for method in ("GET", "POST"))


def _asked(case: Any) -> Asked:
    """Give a generated case as a request."""
    query = "&".join(f"{name}={quote(str(value))}" for name, value in dict(case.query or {}).items())
    body = case.body if isinstance(case.body, dict) else {}
    fields = tuple((name, value if isinstance(value, str) else str(value)) for name, value in body.items())
    return Asked(case.method.upper(), f"{case.formatted_path}{'?' if query else ''}{query}", fields)
