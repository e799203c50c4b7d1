"""What to keep away from: districts, buildings, circles, companies. None of it leaves the case zone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.needs.answers import CircleArea, NamedArea
from bostad.needs.changing import mark_done, noticed
from bostad.needs.loading import company, need_for_change
from bostad.needs.states import Section
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Need, Place
from bostad.protection.excluding import end_or_ask, refuse_agreed
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from bostad.words import say


def avoid_named(sessions: Sessions, case_id: UUID, answers: NamedArea, *, by: Actor, at: datetime) -> None:
    """Keep away from a district or a building. The same one twice counts once."""
    with sessions.begin() as db:
        need = _need_with_municipalities(db, case_id, by=by, at=at)
        if answers.municipality not in need.municipalities:
            raise Invalid({"municipality": say("Choose one of the municipalities they can live in.")})
        if answers.kind is AvoidKind.CIRCLE:
            raise Invalid({"kind": say("Choose a district or a building.")})
        area = AvoidArea(need_id=need.id, kind=answers.kind, municipality=answers.municipality, name=answers.name)
        _add(db, need, area, by=by, at=at)


def avoid_circle(sessions: Sessions, case_id: UUID, answers: CircleArea, *, by: Actor, at: datetime) -> None:
    """Keep away from everything within some metres of an imported place."""
    with sessions.begin() as db:
        need = _need_with_municipalities(db, case_id, by=by, at=at)
        place = db.get(Place, answers.place_id)
        if place is None or place.municipality not in need.municipalities:
            raise Invalid({"place_id": say("Choose a place from the list.")})
        _add(db, need, circle(need.id, place, answers.metres), by=by, at=at)


def circle(need_id: UUID, place: Place, metres: int) -> AvoidArea:
    """Draw a circle around a place. Its coordinates are copied: a later import does not move what was decided."""
    return AvoidArea(
        need_id=need_id,
        kind=AvoidKind.CIRCLE,
        municipality=place.municipality,
        name=place.name,
        lat=place.lat,
        lon=place.lon,
        metres=metres,
    )


def forget_area(sessions: Sessions, case_id: UUID, area_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take an area away again."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        area = db.get(AvoidArea, area_id)
        if area is None or area.need_id != need.id:
            raise Missing("This area is no longer on the list.")
        db.delete(area)
        _changed(db, need, "avoid.removed", by=by, at=at)


def block_companies(sessions: Sessions, case_id: UUID, company_ids: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Say which companies must not hear of this household: these and no others. They notice nothing (S05).

    One that is left out stays excluded until a second person agrees, unless the need is a draft (S24).
    """
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        wanted = {company(db, company_id, board_id=need.board_id).id for company_id in company_ids}
        known = db.exec(select(BlockedCompany).where(BlockedCompany.need_id == need.id)).all()
        for row in known:
            if row.company_id in wanted:
                row.lift_asked_by = row.lifted_by = None
            elif row.lifted_by is None:
                end_or_ask(db, need, row, by=by)
        newly = wanted - {row.company_id for row in known}
        db.add_all(BlockedCompany(need_id=need.id, company_id=one) for one in newly)
        refuse_agreed(db, need, wanted, field="blocked", on=at.date())
        _changed(db, need, "avoid.companies", by=by, at=at)


def finish_avoiding(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that everything to keep away from has been named, be it nothing at all."""
    with sessions.begin() as db:
        need = _need_with_municipalities(db, case_id, by=by, at=at)
        mark_done(need, Section.AVOID)
        record(db, "need.saved", by=by, at=at, subject=need.id, section=str(Section.AVOID), version=need.version)


def _need_with_municipalities(db: Session, case_id: UUID, *, by: Actor, at: datetime) -> Need:
    need = need_for_change(db, case_id, by=by, on=at.date())
    if not need.municipalities:
        raise OutOfStep("Say first which municipalities they can live in, under “The home they need”.")
    return need


def _add(db: Session, need: Need, area: AvoidArea, *, by: Actor, at: datetime) -> None:
    for known in db.exec(select(AvoidArea).where(AvoidArea.need_id == need.id).order_by(col(AvoidArea.id))).all():
        if (known.kind, known.municipality, known.name) == (area.kind, area.municipality, area.name):
            db.delete(known)
    db.add(area)
    _changed(db, need, "avoid.added", by=by, at=at)


def _changed(db: Session, need: Need, action: str, *, by: Actor, at: datetime) -> None:
    noticed(db, need, at=at)
    record(db, action, by=by, at=at, subject=need.id, version=need.version)
