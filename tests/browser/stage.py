"""What a journey begins from: a board and a company with an agreement, and three people who can sign in."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, User
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.needs.states import NeedState
from bostad.needs.tables import Case, Need, with_number
from bostad.outbox import service as outbox
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import run_matching
from bostad.placements.tables import Placement
from bostad.records import Sessions, clock
from bostad.tasks import handle
from tests.factories import (
    AgreementFactory,
    BoardFactory,
    CaseFactory,
    CompanyFactory,
    ConsentFactory,
    HomeFactory,
    JointMatchingFactory,
    LineFactory,
    LineMonthFactory,
    NeedFactory,
    UnitFactory,
    UserFactory,
    writing_with,
)
from tests.people import HASHED


@dataclass(frozen=True)
class People:
    """Everybody in the journey, and the agreement between them."""

    sessions: Sessions
    board: Organisation
    company: Organisation
    worker: User
    staff: User
    manager: User
    line: QuotaLine
    today: date

    def run(self) -> None:
        """Run the matching as the worker process does."""
        run_matching(self.sessions, self.board.id, at=clock(self.sessions), stopwatch=lambda: 0.0)

    def settle(self) -> None:
        """Let what the company has done take effect for the needs, as the worker process does."""
        with self.sessions() as db:
            asked = select(Message.id).where(Message.kind == "placement.settle", col(Message.done_at).is_(None))
            waiting = db.exec(asked).all()
        for message_id in waiting:
            handle(self.sessions, message_id)

    def waiting(self) -> UUID:
        """Let a household wait for a home while a run is on its way, and give its case."""
        with self.sessions() as db, writing_with(db):
            case = CaseFactory(unit=None, worker=self.worker, board_id=self.board.id, unit_id=self.worker.unit_id)
            need = NeedFactory(case=case, waiting_since=self.today - timedelta(days=40), must=["above_ground_floor"])
            consented = {"given_on": self.today, "ends_on": self.today + timedelta(days=90)}
            ConsentFactory(need=need, company=self.company, by=self.worker, **consented)
            outbox.post(db, "matching.run", key=str(self.board.id), at=clock(self.sessions))
            db.commit()
            found: UUID = case.id
        return found

    def proposed(self) -> UUID:
        """Let a home be proposed to a household, and give the placement."""
        case_id, month = self.waiting(), self.today.replace(day=1)
        with self.sessions() as db, writing_with(db):
            HomeFactory(line=self.line, company=self.company, month=month, available_from=self.today)
            tally = db.exec(select(LineMonth).where(LineMonth.line_id == self.line.id)).one()
            tally.delivered, tally.approved = 1, 1
            db.commit()
            number = db.get_one(Case, case_id).case_number
        self.run()
        return self.proposal(number)

    def proposal(self, case_number: str) -> UUID:
        """Give the placement that a run has made for a case."""
        with self.sessions() as db:
            query = select(Placement.id).join(Need).join(Case)
            return db.exec(query.where(with_number(db, self.board.id, case_number))).one()

    def how_it_ended(self) -> tuple[Stage, NeedState, HomeState, int, int]:
        """Say how things stand: the placement, the need, the home, and what the ledger counts."""
        with self.sessions() as db:
            need = db.exec(select(Need).where(Need.board_id == self.board.id)).one()
            placement = db.exec(select(Placement).where(Placement.need_id == need.id)).one()
            home = db.get_one(Home, placement.home_id)
            month = db.exec(select(LineMonth).where(LineMonth.line_id == self.line.id)).one()
        return placement.stage, need.state, home.state, month.released, month.signed


def set_stage(sessions: Sessions) -> People:
    """Let everybody in, with an agreement in force: one home a month, from today."""
    today = clock(sessions).date()
    with sessions() as db, writing_with(db):
        board, company = BoardFactory(), CompanyFactory()
        JointMatchingFactory(board=board)
        unit = UnitFactory(board=board)
        worker = UserFactory(organisation=board, unit=unit, password_hash=HASHED)
        manager = UserFactory(organisation=board, unit=unit, role=Role.UNIT_MANAGER, password_hash=HASHED)
        staff = UserFactory(organisation=company, role=Role.HOUSING_STAFF, password_hash=HASHED)
        line = LineFactory(agreement=AgreementFactory(board=board, company=company))
        LineMonthFactory(line=line, month=today.replace(day=1), agreed=1)
    return People(sessions, board, company, worker, staff, manager, line, today)
