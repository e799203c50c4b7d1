"""What the screens of a case show, read in a fixed number of queries and handed over as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import User
from bostad.agreements.joint import is_joint
from bostad.needs.answers import FORMS, SectionAnswers
from bostad.needs.checklist import Progress
from bostad.needs.consent_pages import ConsentLine, consent_lines
from bostad.needs.loading import case_for, is_open_to_change, latest_need, open_to
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause, Section, SectionState
from bostad.needs.staying import going_on
from bostad.needs.tables import AvoidArea, Case, Consent, Deputy, Need, ShelterStay, with_number
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from bostad.words import Sentence, say


@dataclass(frozen=True, slots=True)
class MyCase:
    """One line of a social worker's own list."""

    id: UUID
    need_id: UUID
    case_number: str
    state: NeedState
    days: int
    next_step: Sentence
    deputising: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One part of the need on the task list."""

    section: Section
    state: SectionState


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as the one who works with it sees it."""

    id: UUID
    need_id: UUID
    case_number: str
    state: NeedState
    paused_because: PausedBecause | None
    closed_because: ClosedBecause | None
    opted_in: bool
    heightened: bool
    version: int
    days: int
    worker: str
    is_worker: bool
    deputies: tuple[tuple[str, date], ...]
    tasks: tuple[TaskLine, ...]
    next_section: Section | None
    consents: tuple[ConsentLine, ...]
    only_to_read: bool = False
    """Opened in an emergency, and for no more than that."""

    @property
    def can_change(self) -> bool:
        """Tell whether the need is still going on, and this person's to change."""
        return self.state not in {NeedState.CLOSED, NeedState.HOUSED} and not self.only_to_read

    @property
    def has_live_consent(self) -> bool:
        """Tell whether any company may be looked at."""
        return any(consent.live for consent in self.consents)


@dataclass(frozen=True, slots=True)
class SectionPage:
    """The values a section's form starts from, and the version of the need they were read at."""

    case_number: str
    version: int
    values: dict[str, Any]
    is_draft: bool


def my_cases(sessions: Sessions, *, by: Actor, on: date) -> tuple[MyCase, ...]:
    """List the cases this person works with, those that need her first: drafts, then the longest wait."""
    with sessions() as db:
        pairs = _newest_needs(db, open_to(by, on), col(Case.closed_at).is_(None))
        consented = _consented(db, [need.id for _, need in pairs], on)
        joint = is_joint(db, by.organisation_id)
    lines = [_my_case(case, need, by, on, has_consent=need.id in consented, joint=joint) for case, need in pairs]
    return tuple(sorted(lines, key=lambda one: (one.state is not NeedState.DRAFT, -one.days, one.case_number)))


def own_case_numbered(db: Session, case_number: str, *, by: Actor, on: date) -> UUID | None:
    """Give the id of one's own case with exactly this number, closed ones too, the newest first."""
    exactly = with_number(db, by.organisation_id, " ".join(case_number.split()))
    query = select(Case.id).where(exactly, open_to(by, on)).order_by(col(Case.opened_at).desc(), col(Case.id))
    return db.exec(query).first()


def case_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> CasePage:
    """Give what a case's own page says of the case itself."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        return page_of_case(db, case, latest_need(db, case), by=by, on=on)


def page_of_case(db: Session, case: Case, need: Need, *, by: Actor, on: date) -> CasePage:
    """Give the same of a case that is loaded already, with its need."""
    worker = db.get_one(User, case.worker_id)
    found = progress(db, need)
    return CasePage(
        id=case.id,
        need_id=need.id,
        case_number=case.case_number,
        state=need.state,
        paused_because=need.paused_because,
        closed_because=case.closed_because,
        opted_in=need.opted_in,
        heightened=case.heightened,
        version=need.version,
        days=days_waiting(case, need, on),
        worker=worker.name,
        is_worker=worker.id == by.id,
        deputies=deputies_of(db, case.id, on),
        tasks=tuple(TaskLine(section, found.state(section)) for section in Section),
        next_section=found.next_section,
        consents=consent_lines(db, need.id, on),
        only_to_read=not is_open_to_change(db, case.id, by=by, on=on),
    )


def section_page(sessions: Sessions, case_id: UUID, form: type[SectionAnswers], *, by: Actor, on: date) -> SectionPage:
    """Give what a section's form starts from: what is known already is never asked again (U22)."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        need = latest_need(db, case)
        stay = going_on(db, case.id)
    values = {name: getattr(need, name) for name in form.model_fields}
    if "child_ages" in values:
        values["child_ages"] = ", ".join(str(age) for age in need.child_ages)
        values["couples"] = need.couples or None
        values["ages_true_on"] = need.ages_true_on or on
    if "waiting_since" in values:
        values["waiting_since"] = need.waiting_since or (stay.since if stay else None)
        values["target_group"] = need.target_group if need.risk else None
    return SectionPage(case.case_number, need.version, values, is_draft=need.state is NeedState.DRAFT)


def progress(db: Session, need: Need) -> Progress:
    """Tell how far a need has come: one query for what stands in other tables, the rest is the need's own."""
    query = select(
        select(func.count()).select_from(AvoidArea).where(AvoidArea.need_id == need.id).scalar_subquery(),
        select(func.count()).select_from(BlockedCompany).where(BlockedCompany.need_id == need.id).scalar_subquery(),
        select(func.count()).select_from(ShelterStay).where(ShelterStay.case_id == need.case_id).scalar_subquery(),
    )
    areas, blocked, stays = db.exec(query).one()
    touched = {section for section, form in FORMS.items() if _holds_something(need, form)}
    touched |= {Section.AVOID} if areas or blocked else set()
    touched |= {Section.STAY} if stays else set()
    return Progress(frozenset(Section(name) for name in need.sections_done), frozenset(touched))


def days_waiting(case: Case, need: Need, on: date) -> int:
    """Count the days a household has waited: since the day that was stated, else since the case was registered."""
    return days_since(need, case.opened_at, on)


def days_since(need: Need, opened_at: datetime, on: date) -> int:
    """Count the same for those who may not read the case, only when it was registered."""
    return (on - (need.waiting_since or opened_at.date())).days


def deputies_of(db: Session, case_id: UUID, on: date) -> tuple[tuple[str, date], ...]:
    """List who stands in on a day, and until when."""
    query = select(col(User.name), col(Deputy.until)).join(Deputy, col(Deputy.user_id) == User.id)
    live = query.where(Deputy.case_id == case_id, Deputy.until >= on).order_by(col(User.name))
    return tuple((name, until) for name, until in db.exec(live).all())


def _newest_needs(db: Session, *conditions: ColumnElement[bool]) -> Sequence[tuple[Case, Need]]:
    query = select(Case, Need).join(Need, col(Need.case_id) == Case.id).where(*conditions)
    newest_last = db.exec(query.order_by(col(Need.started_at), col(Need.id))).all()
    return list({case.id: (case, need) for case, need in newest_last}.values())


def _consented(db: Session, need_ids: list[UUID], on: date) -> set[UUID]:
    live = select(Consent.need_id).where(
        col(Consent.need_id).in_(need_ids), col(Consent.revoked_at).is_(None), Consent.ends_on >= on
    )
    return set(db.exec(live).all())


def _my_case(case: Case, need: Need, by: Actor, on: date, *, has_consent: bool, joint: bool) -> MyCase:
    return MyCase(
        id=case.id,
        need_id=need.id,
        case_number=case.case_number,
        state=need.state,
        days=days_waiting(case, need, on),
        next_step=_next_step(need, has_consent=has_consent, joint=joint),
        deputising=case.worker_id != by.id,
    )


def _next_step(need: Need, *, has_consent: bool, joint: bool) -> Sentence:
    """Say what is to be done next, in the order it must be done."""
    if need.state is NeedState.DRAFT:
        missing = [section for section in Section if str(section) not in need.sections_done]
        return (
            say("Fill in: %(section)s", section=missing[0].label)
            if missing
            else say("Check the answers and open the need")
        )
    if need.state is NeedState.PAUSED and need.paused_because:
        return need.paused_because.label
    if need.state is NeedState.HOUSED:
        return say("Follow up how it went")
    if not has_consent:
        return say("Record consent")
    if not joint:
        return say("Look at the free homes, and place by hand")
    return say("Wait for a proposal") if need.opted_in else say("Say yes to joint matching, or place by hand")


def _holds_something(need: Need, form: type[SectionAnswers]) -> bool:
    """Tell whether any of a section's columns differs from an empty need's; the group has a default from the start."""
    return any(getattr(need, name) for name in form.model_fields if name != "target_group")
