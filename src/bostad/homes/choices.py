"""What the form of a home is filled in with: earlier answers, lines to choose from, names used before."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.agreements.loading import visible_to as agreements_visible_to
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.agreements.terms import terms_in_words
from bostad.homes.answers import HomeAnswers
from bostad.homes.checking import states_of, terms_of
from bostad.homes.loading import home_for, visible_to
from bostad.homes.tables import Home
from bostad.records import Sessions
from bostad.words import Sentence


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A line that homes can be published under now."""

    id: UUID
    code: str
    label: str
    terms: tuple[Sentence, ...]


def home_answers(sessions: Sessions, home_id: UUID, *, by: Actor) -> tuple[HomeAnswers, int]:
    """Give a home as the answers of its form, and the version they are of."""
    with sessions() as db:
        home = home_for(db, home_id, by=by)
        states = states_of(db, [home_id]).get(home_id, {})
    values = home.model_dump() | {feature.value: state for feature, state in states.items()}
    return HomeAnswers.model_validate(values), home.version


def line_choices(sessions: Sessions, *, by: Actor) -> tuple[LineChoice, ...]:
    """List the lines of the agreements in force that a company's staff can publish under."""
    query = select(Agreement.name, QuotaLine).join(QuotaLine).where(agreements_visible_to(by))
    with sessions() as db:
        found = db.exec(query.where(Agreement.state == AgreementState.IN_FORCE)).all()
    choices = [
        LineChoice(line.id, line.code, f"{line.name} ({name})", terms_in_words(terms_of(line))) for name, line in found
    ]
    return tuple(sorted(choices, key=lambda choice: (choice.label, choice.code)))


def usual_values(sessions: Sessions, *, by: Actor) -> dict[str, Any]:
    """Give what a company's flats have in common, to fill a new form in with (U22)."""
    with sessions() as db:
        return {"municipality": db.get_one(Organisation, by.organisation_id).municipality}


def districts(sessions: Sessions, *, by: Actor) -> tuple[str, ...]:
    """List the districts that this person's homes lie in, to choose from while writing."""
    with sessions() as db:
        found = db.exec(select(Home.district).where(visible_to(by)).distinct()).all()
    return tuple(sorted(name for name in found if name))
