"""The one contact that a social board gives to companies: a switchboard or a shared address, never a person's own."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel import select

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.tables import Organisation
from bostad.answers import Answers, Line, asked
from bostad.audit.service import record
from bostad.errors import Missing
from bostad.records import Sessions


class Contact(Answers):
    """Where companies ask."""

    contact: Annotated[Line, Field(max_length=120)] | None = Field(
        default=None,
        title=asked("Telephone number or shared e-mail address"),
        description=asked(
            "It stands on every card, the same for all cases. Never write a person's or a unit's own: that would tell"
            " whose case it is. Left empty, the card gives the board's name alone."
        ),
    )


def contact_page(sessions: Sessions, *, by: Actor) -> Contact:
    """Give the contact as it stands."""
    with sessions() as db:
        found = db.exec(select(Organisation).where(Organisation.id == by.organisation_id)).one()
    return Contact(contact=_of_a_board(found, by).contact)


def choose_contact(sessions: Sessions, answers: Contact, *, by: Actor, at: datetime) -> None:
    """Set the contact for the cards to come; those that are written keep theirs."""
    with sessions.begin() as db:
        found = db.exec(select(Organisation).where(Organisation.id == by.organisation_id).with_for_update()).one()
        _of_a_board(found, by).contact = answers.contact
        record(db, "contact.chosen", by=by, at=at, subject=found.id)


def _of_a_board(organisation: Organisation, by: Actor) -> Organisation:
    if by.role is not Role.ADMINISTRATOR or organisation.kind is not OrganisationKind.SOCIAL_BOARD:
        raise Missing("There is nothing at this address, or it is not for you.")
    return organisation
