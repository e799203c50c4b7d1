"""What the screens of county runs show: the agreements a board is a party to, and who has decided what."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor, OrganisationKind
from bostad.accounts.tables import Organisation
from bostad.counties.loading import party_to
from bostad.counties.tables import CountyMember, CountyRun
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class Party:
    """One board of an agreement, and its decision if it has taken one that stands."""

    board: str
    is_own: bool
    reference: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """An agreement between boards as one of them sees it."""

    id: UUID
    name: str
    valid_from: date
    valid_until: date | None
    parties: tuple[Party, ...]

    @property
    def takes_part(self) -> bool:
        """Tell whether the reader's own board does."""
        return any(party.is_own and party.reference for party in self.parties)


def county_runs(sessions: Sessions, *, by: Actor) -> tuple[RunPage, ...]:
    """List the agreements that this person's board is a party to, newest first."""
    with sessions() as db:
        runs = db.exec(select(CountyRun).where(party_to(by)).order_by(col(CountyRun.drafted_at).desc())).all()
        ids = {board_id for run in runs for board_id in run.boards}
        names = dict(db.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))).all())
        standing = select(CountyMember).where(col(CountyMember.run_id).in_([run.id for run in runs]))
        members = db.exec(standing.where(col(CountyMember.left_at).is_(None))).all()
    decided = {(member.run_id, member.board_id): member for member in members}
    return tuple(
        RunPage(
            run.id,
            run.name,
            run.valid_from,
            run.valid_until,
            tuple(
                _party(decided.get((run.id, one)), names.get(one, "–"), one == by.organisation_id) for one in run.boards
            ),
        )
        for run in runs
    )


def other_boards(sessions: Sessions, *, by: Actor) -> tuple[tuple[UUID, str], ...]:
    """List the boards that an agreement can be made with, by name."""
    query = select(Organisation.id, Organisation.name).where(
        Organisation.kind == OrganisationKind.SOCIAL_BOARD, Organisation.id != by.organisation_id
    )
    with sessions() as db:
        return tuple(db.exec(query.order_by(col(Organisation.name), col(Organisation.id))).all())


def _party(member: CountyMember | None, board: str, is_own: bool) -> Party:  # noqa: FBT001 - one fact of a row
    return Party(board, is_own, member.reference if member else None, member.decided_on if member else None)
