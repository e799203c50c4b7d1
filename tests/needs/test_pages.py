"""What the screens read: the same number of queries however much there is, and words instead of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from bostad.needs.answers import Priority
from bostad.needs.case_answers import NewCase
from bostad.needs.check_pages import check_page
from bostad.needs.consent import FieldGroup, GivenHow
from bostad.needs.consent_text import consent_text, languages
from bostad.needs.lines import card_lines
from bostad.needs.pages import case_page, my_cases, section_page
from bostad.needs.service import start_case
from bostad.needs.states import NeedState
from bostad.needs.staying import save_stay
from bostad.records import Sessions
from tests.factories import NOON, TODAY, AgreementFactory
from tests.needs.conftest import Around
from tests.needs.steps import STAY, agree, fill_in, open_up


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the SELECT statements that are sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_list_of_cases_takes_three_queries_however_long_it_is(
    sessions: Sessions, engine: Engine, around: Around, case_id: UUID
) -> None:
    for number in range(5):
        start_case(sessions, NewCase(case_number=f"9901-{number}"), by=around.worker, at=NOON)

    with counted(engine) as sent:
        cases = my_cases(sessions, by=around.worker, on=TODAY)

    assert (len(cases), len(sent)) == (6, 3)


def test_the_page_of_a_case_takes_as_many_queries_with_one_consent_as_with_two(
    sessions: Sessions, rows: Session, engine: Engine, around: Around, case_id: UUID
) -> None:
    open_up(sessions, case_id, around.worker)
    companies = [around.company_id, AgreementFactory.create(board_id=around.board_id, board=None).company_id]
    numbers = []
    for company_id in companies:
        agree(sessions, case_id, company_id, around.worker)
        with counted(engine) as sent:
            case_page(sessions, case_id, by=around.worker, on=TODAY)
        numbers.append(len(sent))

    assert numbers[0] == numbers[1]


def test_the_list_says_what_is_next(sessions: Sessions, around: Around, case_id: UUID) -> None:
    def next_step() -> str:
        return str(my_cases(sessions, by=around.worker, on=TODAY)[0].next_step)

    assert next_step() == "Fill in: The household"
    fill_in(sessions, case_id, around.worker)
    assert next_step() == "Check the answers and open the need"
    open_up(sessions, case_id, around.worker)
    assert next_step() == "Record consent"
    agree(sessions, case_id, around.company_id, around.worker)
    assert next_step() == "Wait for a proposal"


def test_drafts_stand_first_and_then_the_longest_wait(sessions: Sessions, around: Around, case_id: UUID) -> None:
    open_up(sessions, case_id, around.worker)
    start_case(sessions, NewCase(case_number="9901-1"), by=around.worker, at=NOON)

    cases = my_cases(sessions, by=around.worker, on=TODAY)

    assert [(one.state, one.days) for one in cases] == [(NeedState.DRAFT, 0), (NeedState.OPEN, 24)]


def test_the_wait_is_pre_filled_from_the_stay_and_the_group_is_not_guessed(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    """U22."""
    save_stay(sessions, case_id, STAY, by=around.worker, at=NOON)

    values = section_page(sessions, case_id, Priority, by=around.worker, on=TODAY).values

    assert values == {"risk": None, "waiting_since": date(2026, 10, 28), "target_group": None}


def test_the_check_says_every_answer_in_words_and_marks_what_is_firm(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    """U24, U33."""
    fill_in(sessions, case_id, around.worker)

    check = check_page(sessions, case_id, by=around.worker, on=date(2027, 11, 21))

    lines = [line for part in check.parts for line in part.lines]
    said = {str(line.label): [str(getattr(one, "label", one)) for one in line.values] for line in lines}
    assert check.can_open
    assert said["The children's ages today"] == ["3, 5"], "a year later"
    assert said["The home must have"] == ["Above the ground floor", "Step-free from street to flat"]
    assert said["It would be good if the home had"] == ["Balcony"]
    firm = {str(line.label) for line in lines if line.hard}
    assert "The home must have" in firm
    assert "It would be good if the home had" not in firm


def test_a_card_of_any_shape_can_be_said(sessions: Sessions) -> None:
    content = {"adults": 1, "children": {}, "rooms": 1, "rent_max": 5_000, "contracts": [], "move_in_from": None}
    content |= {"must": [], "step_free": False}

    lines = card_lines(content)

    assert [str(line.values[0]) for line in lines] == [
        "1",
        "None",
        "1",
        "5000",
        "Any",
        "At once",
        "No such demands",
        "Not needed",
    ]
    assert not any(line.hard for line in lines)


@pytest.mark.parametrize("language", languages())
def test_the_text_for_the_household_is_whole_and_neutral_in_every_language(language: str) -> None:
    """S10: to whom, what, until when, that it can be taken back, and that help does not depend on it."""
    for how in GivenHow:
        text = consent_text(
            language,
            groups=list(FieldGroup),
            given_how=how,
            interpreter=True,
            board="Nämnden",
            company="Bolaget",
            ends_on="2027-01-30",
        )
        whole = " ".join((text.title, *text.paragraphs, *text.groups, *text.after, *text.sign))
        assert len(text.groups) == len(FieldGroup)
        assert "Bolaget" in whole
        assert "2027-01-30" in whole
        assert "{" not in whole
        for word in ("våld", "violence", "skyddat boende", "shelter"):
            assert word not in whole.casefold()


def test_swedish_and_english_are_there() -> None:
    assert {"sv", "en"} <= set(languages())
