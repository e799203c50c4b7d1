"""The worker's review: every case that has ended, what is due, and what holds the rest."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from bostad.accounts.access import OrganisationKind
from bostad.accounts.tables import Organisation
from bostad.audit.service import record
from bostad.here import HERE
from bostad.keeping.notes import ended_cases
from bostad.keeping.rules import Ended, Finding, Profile, due_on, finding_of, is_preserved
from bostad.keeping.tables import PreservationArea, RetentionLine, RetentionProfile
from bostad.needs.tables import Case
from bostad.outbox import service as outbox
from bostad.records import Sessions


def ask_for_reviews(sessions: Sessions, *, at: datetime) -> int:
    """Ask for a review of every board's cases."""
    with sessions.begin() as db:
        boards = db.exec(select(Organisation.id).where(Organisation.kind == OrganisationKind.SOCIAL_BOARD)).all()
        for board_id in boards:
            outbox.post(db, "keeping.review", key=str(board_id), at=at)
    return len(boards)


def review(sessions: Sessions, board_id: UUID, *, at: datetime) -> int:
    """Look at every case of a board that has ended, write down what is found, and give how many are due."""
    on = at.astimezone(HERE).date()
    with sessions.begin() as db:
        standing = profile_of(db, board_id, on)
        preserved = is_preserved_board(db, board_id, on)
        lines = {line.case_id: line for line in db.exec(_uncleared(board_id)).all()}
        due = 0
        for case, noted in ended_cases(db, col(Case.board_id) == board_id):
            line = lines.pop(case.id, None) or _new_line(case, at)
            look(line, case, noted, standing, preserved=preserved, at=at)
            db.add(line)
            due += line.finding is Finding.DUE
        for gone_on in lines.values():  # opened anew, or with heightened protection: it is in no list
            db.delete(gone_on)
        record(db, "keeping.reviewed", by=None, at=at, organisation=board_id, due=due)
    return due


def look(
    line: RetentionLine,
    case: Case,
    noted: datetime,
    standing: RetentionProfile | None,
    *,
    preserved: bool,
    at: datetime,
) -> None:
    """Write down what is found of one case."""
    last_note = noted.astimezone(HERE).date()
    profile = Profile(standing.years, standing.kept, standing.extract_first) if standing else None
    ended = Ended(last_note, case.kept_from_deletion, case.extracted_at is not None and case.extracted_at >= noted)
    line.unit_id, line.last_note_on, line.looked_at = case.unit_id, last_note, at
    line.due_on = due_on(last_note, profile.years) if profile else None
    line.finding = finding_of(ended, profile, preserved=preserved, on=at.astimezone(HERE).date())


def profile_of(db: Session, board_id: UUID, on: date) -> RetentionProfile | None:
    """Give the decision that holds on a day: the newest that has begun."""
    query = select(RetentionProfile).where(RetentionProfile.board_id == board_id, RetentionProfile.valid_from <= on)
    return db.exec(query.order_by(col(RetentionProfile.valid_from).desc()).limit(1)).first()


def is_preserved_board(db: Session, board_id: UUID, on: date) -> bool:
    """Tell whether the law keeps everything where a board is."""
    return is_preserved(db.get_one(Organisation, board_id).municipality, preserved_codes(db, on))


def preserved_codes(db: Session, on: date) -> Sequence[str]:
    """Give the codes of the counties and municipalities where everything is kept on a day."""
    holds = or_(col(PreservationArea.valid_until).is_(None), col(PreservationArea.valid_until) >= on)
    return db.exec(select(PreservationArea.code).where(PreservationArea.valid_from <= on, holds)).all()


def _new_line(case: Case, at: datetime) -> RetentionLine:
    return RetentionLine(
        case_id=case.id,
        board_id=case.board_id,
        unit_id=case.unit_id,
        last_note_on=at.date(),
        finding=Finding.NOT_YET,
        looked_at=at,
    )


def _uncleared(board_id: UUID) -> SelectOfScalar[RetentionLine]:
    return select(RetentionLine).where(RetentionLine.board_id == board_id, col(RetentionLine.cleared_at).is_(None))
