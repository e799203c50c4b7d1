"""What tests of the needs do again and again: whole answers, and a need filled in to the end."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor
from bostad.needs.answers import HomeNeeded, Household, Priority, Safety, Stay
from bostad.needs.avoiding import finish_avoiding
from bostad.needs.case_answers import NewConsent
from bostad.needs.service import open_need, save_section
from bostad.needs.sharing import give_consent
from bostad.needs.staying import save_stay
from bostad.needs.tables import Need
from bostad.records import Sessions
from tests.factories import NOON

HOUSEHOLD = Household.model_validate({"adults": "1", "child_ages": "2, 4", "ages_true_on": "2026-11-20"})
HOME = HomeNeeded.model_validate({"rent_max": "9 400 kr", "municipalities": "9901", "contracts": "social"})
SAFETY = Safety.model_validate({"must": ["above_ground_floor", "step_free"], "wish": "balcony", "school_m_max": "1500"})
PRIORITY = Priority.model_validate({"risk": "high", "waiting_since": "2026-10-28", "target_group": "violence"})
STAY = Stay.model_validate({"kind": "elsewhere", "since": "2026-10-28"})


def fill_in(sessions: Sessions, case_id: UUID, by: Actor) -> None:
    """Give every section its answers, in an order that is not the list's."""
    for answers in (PRIORITY, HOME, SAFETY, HOUSEHOLD):
        save_section(sessions, case_id, answers, version=1, by=by, at=NOON)
    finish_avoiding(sessions, case_id, by=by, at=NOON)
    save_stay(sessions, case_id, STAY, by=by, at=NOON)


def open_up(sessions: Sessions, case_id: UUID, by: Actor) -> None:
    """Fill everything in and open the need."""
    fill_in(sessions, case_id, by)
    open_need(sessions, case_id, opted_in=True, by=by, at=NOON)


def consent_to(company_id: UUID, *groups: str, ends_on: date | None = None) -> NewConsent:
    """Give the form of a consent to a company, to everything unless groups are named."""
    everything = ("size", "home", "safety", "access")
    return NewConsent.model_validate(
        {
            "company_id": str(company_id),
            "field_groups": list(groups or everything),
            "given_on": "2026-11-20",
            "given_how": "oral",
            "ends_on": ends_on.isoformat() if ends_on else "",
        }
    )


def agree(sessions: Sessions, case_id: UUID, company_id: UUID, by: Actor, *groups: str) -> UUID:
    """Record a consent and give its id."""
    return give_consent(sessions, case_id, consent_to(company_id, *groups), by=by, at=NOON)


def need_of(sessions: Sessions, case_id: UUID) -> Need:
    """Read a case's need as it stands."""
    with sessions() as db:
        return db.exec(select(Need).where(col(Need.case_id) == case_id)).one()
