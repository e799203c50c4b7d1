"""A small municipality for tests: one board, one company, one agreement, and what happens between them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from bostad import tasks
from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, User
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.homes.tables import Home
from bostad.needs.tables import Card, Case, Need
from bostad.outbox.tables import Message
from bostad.placements import service
from bostad.placements.proposing import run_matching
from bostad.placements.tables import Placement
from bostad.records import Sessions
from tests import factories
from tests.factories import NOON, actor


@dataclass
class World:
    """The rows that most placement tests stand on, and the short ways to them."""

    sessions: Sessions
    board: Organisation
    company: Organisation
    worker_user: User
    staff_user: User
    agreement: Agreement
    line: QuotaLine
    unit_id: UUID

    @property
    def worker(self) -> Actor:
        return actor(self.worker_user, self.board)

    @property
    def staff(self) -> Actor:
        return actor(self.staff_user, self.company)

    def home(self, **facts: Any) -> Home:
        """Publish a home; the ledger knows of it."""
        with self.writing():
            home: Home = factories.HomeFactory(line=self.line, company=self.company, **facts)
        with self.sessions.begin() as db:
            tally = db.exec(select(LineMonth).where(LineMonth.line_id == self.line.id)).one()
            tally.delivered += 1
            tally.approved += 1
        return home

    def need(self, *, consent: bool = True, **facts: Any) -> Need:
        """Open a need of the worker's, with consent to the company."""
        with self.writing():
            case = factories.CaseFactory(
                unit=None, worker=self.worker_user, board_id=self.board.id, unit_id=self.unit_id
            )
            need: Need = factories.NeedFactory(case=case, **facts)
            if consent:
                factories.ConsentFactory(need=need, company=self.company, by=self.worker_user)
        return need

    def run(self, at: datetime = NOON) -> UUID:
        """Run the matching."""
        return run_matching(self.sessions, self.board.id, at=at, stopwatch=lambda: 0.0)

    def work(self, *, runs: bool = False) -> None:
        """Do what the worker would now do of all that was asked for; the runs only when asked."""
        with self.sessions() as db:
            open_now = select(Message).where(col(Message.done_at).is_(None)).order_by(col(Message.due_at))
            waiting = [message.id for message in db.exec(open_now).all() if runs or message.kind != "matching.run"]
        for message_id in waiting:
            tasks.handle(self.sessions, message_id)

    def proposal(self, **need: Any) -> Placement:
        """Give the proposal of one new need and one new home."""
        one, home = self.need(**need), self.home()
        self.run()
        found = self.placement_of(one)
        assert found is not None
        assert found.home_id == home.id
        return found

    def released(self, **need: Any) -> Placement:
        """Give a placement that the household has accepted."""
        placement = self.proposal(**need)
        service.release(self.sessions, placement.id, by=self.worker, at=NOON)
        return placement

    def reserved(self, **need: Any) -> Placement:
        """Give a placement that the company has accepted too."""
        placement = self.released(**need)
        service.reserve(self.sessions, placement.id, by=self.staff, at=NOON)
        return placement

    def placement_of(self, need: Need) -> Placement | None:
        with self.sessions() as db:
            query = select(Placement).where(Placement.need_id == need.id, col(Placement.stage) != "closed")
            return db.exec(query).one_or_none()

    def again(self, row: Any) -> Any:
        """Read a row as it stands now."""
        with self.sessions() as db:
            return db.get_one(type(row), row.id)

    def again_need(self, placement: Placement) -> Need:
        """Read a placement's need as it stands now."""
        with self.sessions() as db:
            return db.get_one(Need, placement.need_id)

    def card_of(self, placement: Placement) -> Card:
        with self.sessions() as db:
            return db.get_one(Card, db.get_one(Placement, placement.id).card_id)

    def tally(self) -> LineMonth:
        with self.sessions() as db:
            return db.exec(select(LineMonth).where(LineMonth.line_id == self.line.id)).one()

    def case_id(self, need: Need) -> UUID:
        with self.sessions() as db:
            return db.get_one(Case, need.case_id).id

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.sessions() as db, factories.writing_with(db):
            yield


def make_world(sessions: Sessions, **line: Any) -> World:
    """Make the rows of a world; `line` says what is special about its quota line."""
    with sessions() as db, factories.writing_with(db):
        board, company = factories.BoardFactory(), factories.CompanyFactory()
        factories.JointMatchingFactory(board=board)
        unit = factories.UnitFactory(board=board)
        worker = factories.UserFactory(organisation=board, unit=unit)
        staff = factories.UserFactory(organisation=company, role=Role.HOUSING_STAFF)
        agreement = factories.AgreementFactory(board=board, company=company)
        quota = factories.LineFactory(agreement=agreement, **line)
        factories.LineMonthFactory(line=quota, agreed=quota.per_month)
        return World(sessions, board, company, worker, staff, agreement, quota, unit.id)
