"""What the screens of consent show: who may see what until when, and all of it through a company's eyes."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.needs.card import card_content
from bostad.needs.consent import FieldGroup, GivenHow, Language, is_live
from bostad.needs.lines import Line, card_lines
from bostad.needs.loading import case_for, companies, latest_need, not_yours, open_to
from bostad.needs.sharing import card_facts
from bostad.needs.tables import Case, Consent, Need
from bostad.records import Sessions
from bostad.words import Word, say


class ConsentState(Word):
    """Where a consent stands."""

    LIVE = "live", say("Holds")
    ENDED = "ended", say("Has ended")
    WITHDRAWN = "withdrawn", say("Taken back")
    RENEWED = "renewed", say("Renewed")


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent, as its case's page shows it."""

    id: UUID
    company_id: UUID
    company: str
    groups: tuple[FieldGroup, ...]
    given_on: date
    given_how: GivenHow | None
    """None for a necessary disclosure, which nobody has given."""
    language: Language
    interpreter: bool
    ends_on: date
    revoked_at: datetime | None
    state: ConsentState

    @property
    def live(self) -> bool:
        """Tell whether it holds."""
        return self.state is ConsentState.LIVE


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """One consent by itself, with what the company sees under it."""

    case_id: UUID
    case_number: str
    board: str
    consent: ConsentLine
    preview: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class NewConsentPage:
    """What is needed to ask for consent: the companies, and what each group of facts would show."""

    case_number: str
    board: str
    companies: tuple[tuple[UUID, str], ...]
    previews: tuple[tuple[FieldGroup, tuple[Line, ...]], ...]


def consent_lines(db: Session, need_id: UUID, on: date) -> tuple[ConsentLine, ...]:
    """List a need's consents, those that hold first, then the newest."""
    query = select(Consent, Organisation).join(Organisation, col(Organisation.id) == Consent.company_id)
    found = db.exec(query.where(Consent.need_id == need_id).order_by(col(Consent.recorded_at).desc())).all()
    renewed = {(consent.company_id, consent.recorded_at) for consent, _ in found}
    lines = [_line(consent, company.name, on, renewed) for consent, company in found]
    return tuple(sorted(lines, key=lambda one: not one.live))


def consent_page(sessions: Sessions, consent_id: UUID, *, by: Actor, on: date) -> ConsentPage:
    """Give one consent to the one who works with its case; a colleague's takes no longer to refuse than none (S06)."""
    with sessions() as db:
        whole = select(Consent, Need, Case).join(Need, col(Need.id) == Consent.need_id)
        hers = whole.join(Case, col(Case.id) == Need.case_id).where(Consent.id == consent_id, open_to(by, on))
        consent, need, case = db.exec(hers).one_or_none() or not_yours()
        line = next(one for one in consent_lines(db, need.id, on) if one.id == consent.id)
        board = db.get_one(Organisation, case.board_id).name
    return ConsentPage(case.id, case.case_number, board, line, _preview(need, frozenset(line.groups), on))


def new_consent_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> NewConsentPage:
    """Give what the form for a new consent shows."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        need = latest_need(db, case)
        known = tuple((one.id, one.name) for one in companies(db, board_id=case.board_id))
        board = db.get_one(Organisation, case.board_id).name
    previews = tuple((group, _preview(need, frozenset({group}), on)) for group in FieldGroup)
    return NewConsentPage(case.case_number, board, known, previews)


def _preview(need: Need, groups: frozenset[FieldGroup], on: date) -> tuple[Line, ...]:
    """Say exactly what a company would see, by the function that writes cards; nothing of a need half filled in."""
    if need.adults is None or need.rent_max is None:
        return ()
    return card_lines(card_content(card_facts(need, on), groups))


def _line(consent: Consent, company: str, on: date, renewed: set[tuple[UUID, datetime]]) -> ConsentLine:
    return ConsentLine(
        id=consent.id,
        company_id=consent.company_id,
        company=company,
        groups=tuple(group for group in FieldGroup if group.value in consent.field_groups),
        given_on=consent.given_on,
        given_how=consent.given_how,
        language=Language(consent.language),
        interpreter=consent.interpreter,
        ends_on=consent.ends_on,
        revoked_at=consent.revoked_at,
        state=_state(consent, on, renewed),
    )


def _state(consent: Consent, on: date, renewed: set[tuple[UUID, datetime]]) -> ConsentState:
    """Tell a withdrawn consent from one that made room: for a new one after its last day, or for its own renewal."""
    if is_live(consent, on):
        return ConsentState.LIVE
    if consent.revoked_at is None or consent.revoked_at.date() > consent.ends_on:
        return ConsentState.ENDED
    return ConsentState.RENEWED if (consent.company_id, consent.revoked_at) in renewed else ConsentState.WITHDRAWN
