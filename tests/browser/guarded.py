"""What protects the people of the town: exclusions, requests that wait for a second person, a county run."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.counties.answers import NewCountyRun
from bostad.counties.service import draft_run, leave_run
from bostad.needs.case_answers import NewDeputy
from bostad.needs.people import name_deputy
from bostad.protection.answers import NamedPerson, Necessity
from bostad.protection.excluding import ask_to_lift, exclude_person
from bostad.protection.heightening import heighten
from bostad.protection.necessity import ask_to_disclose, decide_to_disclose
from bostad.protection.tables import ExcludedStaff
from bostad.records import Sessions, clock
from tests.factories import AgreementFactory, BoardFactory, CompanyFactory, writing_with

WHY = "Hushållet kan inte nås, och bostaden måste besvaras den här veckan."


def guard(sessions: Sessions, ids: Mapping[str, UUID], *, worker: Actor, manager: Actor) -> dict[str, UUID]:
    """Ask what takes two, close a case to all but its own people, agree with another board; give the new ids."""
    at = clock(sessions)
    with sessions() as db, writing_with(db):
        landlord = CompanyFactory.create(name="Provhyresvärden", private_landlord=True)
        AgreementFactory.create(board=db.get_one(Organisation, worker.organisation_id), company=landlord)
        neighbour = BoardFactory.create(name="Provgrannens nämnd")
    person = NamedPerson(company_id=landlord.id, person="Prov Personsson")
    exclude_person(sessions, ids["proposed_case"], person, by=worker, at=at)
    with sessions() as db:
        excluded = db.exec(select(ExcludedStaff.id)).one()
    ask_to_lift(sessions, ids["proposed_case"], excluded, by=worker, at=at)
    _without_consent(sessions, ids, landlord.id, worker=worker, manager=manager)
    deputy = NewDeputy(colleague_id=ids["colleague"], until=at.date() + timedelta(days=30))
    name_deputy(sessions, ids["paused"], deputy, by=worker, at=at)
    heighten(sessions, ids["paused"], by=worker, at=at)
    return _run_together(sessions, neighbour.id, manager)


def _without_consent(
    sessions: Sessions, ids: Mapping[str, UUID], company_id: UUID, *, worker: Actor, manager: Actor
) -> None:
    """Let one request be granted and another wait."""
    at = clock(sessions)
    answers = Necessity.model_validate({"company_id": company_id, "field_groups": ["size"], "because": WHY})
    first = ask_to_disclose(sessions, ids["waiting"], answers, by=worker, at=at)
    decide_to_disclose(sessions, first, grant=True, by=manager, at=at)
    ask_to_disclose(sessions, ids["released_case"], answers, by=worker, at=at)


def _run_together(sessions: Sessions, neighbour: UUID, manager: Actor) -> dict[str, UUID]:
    at = clock(sessions)
    decision = {"boards": [neighbour], "valid_from": at.date(), "reference": "SN 2026/12", "decided_on": at.date()}
    left, joined = (NewCountyRun.model_validate({**decision, "name": name}) for name in ("Provlänet förr", "Provlänet"))
    other = draft_run(sessions, left, by=manager, at=at)
    leave_run(sessions, other, by=manager, at=at)
    return {"other_county": other, "joined_county": draft_run(sessions, joined, by=manager, at=at)}
