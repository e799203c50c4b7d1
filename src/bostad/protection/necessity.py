"""Necessary disclosure (OSL 10:2): the second basis, rare and never alone. One asks in writing, the manager decides.

It is for when the board could not do its own task otherwise, and is read narrowly. Nothing suggests it. What is granted
lets a company see exactly what a consent would, for as long as a consent could, and can be ended like one.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, NotAllowed, OutOfStep
from bostad.needs.changing import noticed
from bostad.needs.consent import Basis, Language, is_live, latest_end
from bostad.needs.loading import ENDED, case_for_change, company, led_by, need_for_change, not_yours
from bostad.needs.tables import Case, Consent, Need
from bostad.protection.answers import Necessity
from bostad.protection.closed import is_closed
from bostad.protection.tables import DisclosureRequest
from bostad.records import Sessions
from bostad.words import say


def ask_to_disclose(sessions: Sessions, case_id: UUID, answers: Necessity, *, by: Actor, at: datetime) -> UUID:
    """Ask the unit's manager to let one company see something without consent; give the request's id."""
    on = at.date()
    with sessions.begin() as db:
        if case_for_change(db, case_id, by=by, on=on).heightened:
            raise OutOfStep("With heightened protection nothing is disclosed without consent.")
        need = need_for_change(db, case_id, by=by, on=on)
        company(db, answers.company_id, board_id=need.board_id)
        _refuse_what_cannot_be(db, need, answers.company_id, at=at)
        if not on <= answers.last_day(on) <= latest_end(on):
            raise Invalid({"ends_on": say("Choose a last day within %(count)s days from today.", count=180)})
        request = DisclosureRequest(
            need_id=need.id,
            company_id=answers.company_id,
            field_groups=[str(group) for group in answers.field_groups],
            because=answers.because,
            ends_on=answers.last_day(on),
            asked_by=by.id,
            asked_on=on,
            asked_at=at,
        )
        db.add(request)
        record(db, "necessity.asked", by=by, at=at, subject=need.id, groups=request.field_groups)
        return request.id


def decide_to_disclose(sessions: Sessions, request_id: UUID, *, grant: bool, by: Actor, at: datetime) -> None:
    """Be the second person, who is the manager of the case's unit: disclosure rests on this decision, or ends here."""
    with sessions.begin() as db:
        request, need = _request(db, request_id, by=by)
        if request.decided_at is not None:
            raise OutOfStep("This has been decided already.")
        if request.asked_by == by.id:
            raise NotAllowed("You asked for this yourself. Somebody else must decide.")
        request.decided_by, request.decided_at, request.granted = by.id, at, grant
        if grant:
            _grant(db, request, need, by=by, at=at)
        record(db, "necessity.granted" if grant else "necessity.refused", by=by, at=at, subject=need.id)


def _request(db: Session, request_id: UUID, *, by: Actor) -> tuple[DisclosureRequest, Need]:
    """Lock a request of the manager's own unit with its case and need, in the house's order."""
    reachable = select(Case).join(Need, col(Need.case_id) == Case.id)
    reachable = reachable.join(DisclosureRequest, col(DisclosureRequest.need_id) == Need.id)
    query = reachable.where(col(DisclosureRequest.id) == request_id, led_by(by)).with_for_update(of=Case)
    db.exec(query).one_or_none() or not_yours()
    asked = select(DisclosureRequest).where(DisclosureRequest.id == request_id)
    need_id = db.exec(asked).one().need_id
    need = db.exec(select(Need).where(Need.id == need_id).with_for_update()).one()
    locked = asked.with_for_update(of=DisclosureRequest).execution_options(populate_existing=True)
    return db.exec(locked).one(), need


def _grant(db: Session, request: DisclosureRequest, need: Need, *, by: Actor, at: datetime) -> None:
    if need.state in ENDED:
        raise OutOfStep("This need has ended and can no longer be changed.")
    if request.ends_on < at.date():
        raise OutOfStep("The last day that was asked for has passed.")
    _refuse_what_cannot_be(db, need, request.company_id, at=at)
    db.flush()
    db.add(
        Consent(
            need_id=need.id,
            company_id=request.company_id,
            basis=Basis.NECESSITY,
            field_groups=list(request.field_groups),
            given_on=at.date(),
            language=str(Language.SWEDISH),
            ends_on=request.ends_on,
            recorded_by=request.asked_by,
            recorded_at=at,
            request_id=request.id,
            approved_by=by.id,
        )
    )
    noticed(db, need, at=at)


def _refuse_what_cannot_be(db: Session, need: Need, company_id: UUID, *, at: datetime) -> None:
    """Refuse a company that must not hear of the household, and one that may see something already."""
    if is_closed(db, need.id, company_id):
        raise Invalid({"company_id": say("You have said that this company must not hear of the household.")})
    held = select(Consent).where(
        Consent.need_id == need.id, Consent.company_id == company_id, col(Consent.revoked_at).is_(None)
    )
    standing = db.exec(held.with_for_update()).one_or_none()
    if standing is None:
        return
    if is_live(standing, at.date()):
        raise Invalid({"company_id": say("There is a consent to this company already.")})
    standing.revoked_at = at
    db.flush()
