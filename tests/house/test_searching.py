"""Nobody is found by what she is or where she lives: no search in words, no filter, no way from a flat to people.

Issue 4: in the case zone, search is by case number alone, exact. The tests read the source and the templates, so that a
new page cannot forget it, and then stand at a flat and look for a way to whoever has it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bostad
from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.needs.tables import Case
from bostad.resources import resource
from tests.browsing import Browser
from tests.factories import UserFactory
from tests.worlds import World

Browse = Callable[[User | None], Browser]

ASKED_IN_AN_ADDRESS = {
    "back": "which page of one's own case to go back to",
    "before": "where in the log to go on",
    "changed": "that the password was changed",
    "chosen": "that a password was chosen",
    "everywhere": "that one was signed out everywhere",
    "file": "that a file came before its sender had shown who she is, and is chosen again",
    "gone": "homes that are let or withdrawn too: all of them, or none",
    "like": "which home of one's own a new one begins from",
    "next": "where to go on after signing in",
    "out": "that one was signed out",
    "path": "which page a kept draft belongs to",
    "skip": "where in the list of disclosures to go on",
    "turn": "how many times a page has asked whether a run is done",
}
"""Everything that an address may ask for, and what it is. None of it is a fact of a household or of a person."""
SEARCHED = {"case_number"}
"""What somebody may look for a case by, in a form, whole: SoLPUL 15 §."""
WEB = Path(bostad.__file__).parent / "web"


def _asked_in_addresses() -> Iterator[str]:
    """Give the names of all that the web reads from an address."""
    for file in WEB.glob("*.py"):
        text = file.read_text()
        yield from re.findall(r'query_params\.get\(\s*"(\w+)"', text)
        yield from re.findall(r'"(\w+)" in request\.query_params', text)
        if "for name in (" in text and "query_params" in text:
            for names in re.findall(r"for name in \(([^)]*)\) if name in request\.query_params", text):
                yield from re.findall(r'"(\w+)"', names)
        for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
            for argument in function.args.args:
                if argument.annotation is not None and _is_query(ast.unparse(argument.annotation)):
                    yield argument.arg


def _is_query(annotation: str) -> bool:
    return annotation.startswith("FromQuery") or annotation == "Back"


def _templates() -> Iterator[tuple[str, str]]:
    root = Path(resource("templates"))
    for file in root.rglob("*.html"):
        yield str(file.relative_to(root)), file.read_text()


def test_an_address_asks_for_nothing_that_somebody_could_be_found_by() -> None:
    """S09: the whole list, each with what it is; a new one is a decision."""
    assert set(_asked_in_addresses()) == set(ASKED_IN_AN_ADDRESS)


def test_every_use_of_a_query_is_one_that_the_list_above_finds() -> None:
    """A way of reading an address that the test does not know would be a way around it."""
    uses = sum(file.read_text().count("query_params") for file in WEB.glob("*.py"))
    known = r'query_params\.get\(\s*"\w+"\)|in request\.query_params'
    assert uses == sum(len(re.findall(known, file.read_text())) for file in WEB.glob("*.py"))


def test_no_form_filters_or_searches_in_words() -> None:
    """A form changes something; and what is looked for is a number, sent where no address keeps it."""
    for name, text in _templates():
        assert 'method="get"' not in text.lower(), name
        assert 'type="search"' not in text, name
    looks = re.compile(r'action="([^"]*(?:find|search)[^"]*)"')
    assert {to for _, text in _templates() for to in looks.findall(text)} == {"/cases/find", "/readers/find"}


@pytest.mark.parametrize("form", ["FindCase", "ReadersOf", "EmergencyAnswers"])
def test_a_case_is_looked_for_by_its_whole_number(form: str) -> None:
    """SoLPUL 15 §: of what these forms ask, the number alone says which case."""
    from bostad.needs.case_answers import FindCase
    from bostad.oversight.answers import EmergencyAnswers, ReadersOf

    model = {one.__name__: one for one in (FindCase, ReadersOf, EmergencyAnswers)}[form]
    reasons_and_hours = {"because", "note", "hours", "may_change"}
    assert set(model.model_fields) - reasons_and_hours == SEARCHED


def test_from_a_flat_nobody_of_the_board_gets_to_who_has_it(world: World, browse: Browse) -> None:
    """Neither a number nor an address that leads to the case, the need or the card: not for the manager either."""
    placement = world.reserved()
    need = world.again_need(placement)
    with world.sessions() as db:
        number = db.get_one(Case, need.case_id).case_number
    with world.writing():
        own = {"organisation_id": world.board.id, "organisation": None, "unit": None, "unit_id": world.unit_id}
        readers = [UserFactory(role=role, **own) for role in (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)]
    hers = (number, str(need.id), str(need.case_id), str(placement.id), str(placement.card_id))

    for reader in (*readers, world.worker_user):
        browser = browse(reader)
        for address in (f"/homes/{placement.home_id}", "/homes", f"/agreements/{world.agreement.id}", "/agreements"):
            found = browser.get(address)
            assert found.status_code == 200, address
            assert [one for one in hers if one in found.text] == [], address
