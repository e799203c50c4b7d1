"""A town where everything has happened that has a page: the demo's, and a little more."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.sessions import actor_of
from bostad.accounts.starting_over import ask_start_over
from bostad.accounts.tables import Organisation, StartOver, User
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import QuotaLine
from bostad.audit.reading import Reading, seen
from bostad.cli.demo_data import load_example
from bostad.homes.states import WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.case_answers import NewCase
from bostad.needs.household import ContractForm
from bostad.needs.service import start_case
from bostad.needs.states import ClosedBecause, NeedState
from bostad.needs.tables import Case, Consent, Need
from bostad.oversight.answers import EmergencyAnswers, Hours
from bostad.oversight.emergency import open_in_emergency
from bostad.oversight.reviewing import draw_samples
from bostad.oversight.states import Emergency
from bostad.oversight.tables import ReviewSample
from bostad.placements import endings, service
from bostad.placements.answering import answer
from bostad.placements.answers import Contract
from bostad.placements.asking import MoreHomes, OtherAnswer, ask_more_homes, ask_other_answer
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import run_matching
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from bostad.records import Sessions, clock
from tests.browser.guarded import guard
from tests.factories import AgreementFactory, LineFactory, writing_with
from tests.needs.steps import fill_in
from tests.people import CHEAP, SECRET

WORKER, MANAGER, STAFF, ADMIN, OFFICER = "worker1", "manager1", "housing1", "admin1", "dpo1"


@dataclass
class Town:
    """Who lives by these pages, and the ids that stand in their addresses."""

    sessions: Sessions
    ids: dict[str, UUID] = field(default_factory=dict)

    def user(self, username: str) -> User:
        with self.sessions() as db:
            return db.exec(select(User).where(User.username == username)).one()

    def actor(self, username: str) -> Actor:
        user = self.user(username)
        with self.sessions() as db:
            return actor_of(user, db.get_one(Organisation, user.organisation_id))

    def company(self, db: Session) -> Organisation:
        return db.get_one(Organisation, self.user(STAFF).organisation_id)

    def address(self, template: str) -> str:
        """Put ids in the places that an address leaves for them."""
        return template.format(**self.ids)


def tell(sessions: Sessions) -> Town:
    """Load the demo, give every case to one social worker, and let each thing happen once."""
    town = Town(sessions)
    load_example(sessions, CHEAP, secret=SECRET, at=clock(sessions))
    worker = town.actor(WORKER)
    with sessions.begin() as db:
        db.execute(update(Case).values(worker_id=worker.id))
    _begin_cases(town, worker)
    run_matching(sessions, worker.organisation_id, at=clock(sessions), stopwatch=lambda: 0.0)
    _move_on(town, worker, town.actor(STAFF))
    _end_some(town, worker, town.actor(STAFF))
    _name_the_rest(town, worker)
    _ask_to_start_over(town)
    _look_back(town)
    _ask(town, worker)
    town.ids |= guard(sessions, town.ids, worker=worker, manager=town.actor(MANAGER))
    return town


def _ask_to_start_over(town: Town) -> None:
    """Let the administrator ask that somebody of the manager's unit start over."""
    unit = town.user(MANAGER).unit_id
    with town.sessions() as db:
        user_id = db.exec(select(User.id).where(User.unit_id == unit, User.role == Role.SOCIAL_WORKER).limit(1)).one()
    ask_start_over(town.sessions, user_id, by=town.actor(ADMIN), at=clock(town.sessions))
    with town.sessions() as db:
        town.ids["start_over"] = db.exec(select(StartOver.id)).one()


def _begin_cases(town: Town, worker: Actor) -> None:
    """Begin two cases: one with nothing in it, and one that only needs opening."""
    at = clock(town.sessions)
    for name, number in (("draft", "SN 2026/901"), ("ready", "SN 2026/902")):
        town.ids[name] = start_case(town.sessions, NewCase(case_number=number), by=worker, at=at)
    fill_in(town.sessions, town.ids["ready"], worker)


def _move_on(town: Town, worker: Actor, staff: Actor) -> None:
    """Take one proposal to each stage."""
    at, today = clock(town.sessions), clock(town.sessions).date()
    social = Contract(contract=ContractForm.SOCIAL, contract_from=today, takeover_on=today + timedelta(days=365))
    proposals = iter(_proposals(town, staff.organisation_id))
    for stage in ("moved_in", "signed", "reserved", "released", "refused", "proposed"):
        placement = next(proposals)
        town.ids[stage], town.ids[f"{stage}_case"] = placement
        if stage == "proposed":
            continue
        service.release(town.sessions, placement[0], by=worker, at=at)
        if stage == "refused":
            service.refuse(town.sessions, placement[0], Closed.LET_ELSEWHERE, by=staff, at=at)
        if stage in {"reserved", "signed", "moved_in"}:
            service.reserve(town.sessions, placement[0], by=staff, at=at)
        if stage in {"signed", "moved_in"}:
            service.sign(town.sessions, placement[0], social, by=staff, at=at)
        if stage == "moved_in":
            service.hand_over(town.sessions, placement[0], today, by=staff, at=at)


def _proposals(town: Town, company_id: UUID) -> list[tuple[UUID, UUID]]:
    """List what is proposed of one company's homes: the placements' ids and their cases'."""
    with town.sessions() as db:
        query = (
            select(Placement.id, Need.case_id)
            .join(Need, col(Need.id) == col(Placement.need_id))
            .join(Home, col(Home.id) == col(Placement.home_id))
            .where(Placement.stage == Stage.PROPOSED, Home.company_id == company_id)
            .order_by(Home.object_number)
        )
        return list(db.exec(query).all())


def _end_some(town: Town, worker: Actor, staff: Actor) -> None:
    """Pause one case, close another, and withdraw a home."""
    at = clock(town.sessions)
    with town.sessions() as db:
        held = select(Placement.need_id).where(col(Placement.stage) != Stage.CLOSED)
        query = select(Need.case_id).where(Need.state == NeedState.OPEN, col(Need.id).not_in(held))
        idle = db.exec(query.order_by(col(Need.opened_at))).all()
        town.ids |= zip(("waiting", "paused", "closed"), idle, strict=False)
        taken = select(Placement.home_id).where(col(Placement.stage) != Stage.CLOSED)
        free = select(Home.id).where(Home.company_id == staff.organisation_id, col(Home.id).not_in(taken))
        town.ids["home"], town.ids["gone_home"], *_ = db.exec(free.order_by(Home.object_number)).all()
    endings.pause_need(town.sessions, town.ids["paused"], by=worker, at=at)
    endings.close_case(town.sessions, town.ids["closed"], ClosedBecause.MOVED, by=worker, at=at)
    endings.withdraw_home(town.sessions, town.ids["gone_home"], WithdrawnBecause.RENOVATION, by=staff, at=at)


def _name_the_rest(town: Town, worker: Actor) -> None:
    """Name what else stands in an address, and begin an agreement that can still be changed."""
    with town.sessions() as db, writing_with(db):
        of_case = select(Consent.id).join(Need).where(Need.case_id == town.ids["proposed_case"])
        town.ids["consent"] = db.exec(of_case.limit(1)).one()
        town.ids["agreement"] = db.exec(
            select(QuotaLine.agreement_id).join(Home).where(Home.id == town.ids["home"])
        ).one()
        board, company = db.get_one(Organisation, worker.organisation_id), town.company(db)
        draft = AgreementFactory(board=board, company=company, state=AgreementState.DRAFT)
        town.ids["draft_agreement"], town.ids["line"] = draft.id, LineFactory(agreement=draft).id
        colleague = select(User).where(User.organisation_id == worker.organisation_id, User.role == Role.SOCIAL_WORKER)
        town.ids["colleague"] = next(user.id for user in db.exec(colleague) if user.id != worker.id)


def _look_back(town: Town) -> None:
    """Let a colleague open a case in an emergency and read it, and draw the month's sample a month too soon."""
    sessions, at = town.sessions, clock(town.sessions)
    with sessions() as db:
        user, case = db.get_one(User, town.ids["colleague"]), db.get_one(Case, town.ids["proposed_case"])
        colleague = actor_of(user, db.get_one(Organisation, user.organisation_id))
    asking = EmergencyAnswers(
        case_number=case.case_number, because=Emergency.ACUTE, note="Nycklarna saknas i dag", hours=Hours.ONE
    )
    open_in_emergency(sessions, asking, by=colleague, at=at)
    for by in (colleague, town.actor(WORKER)):
        seen(sessions, Reading("case.read", ("case_number",), case.id), by=by, at=at)
    draw_samples(sessions, at=at + timedelta(days=31))
    unit = town.actor(MANAGER).unit_id
    with sessions() as db:
        town.ids["sample"] = db.exec(select(ReviewSample.id).where(ReviewSample.unit_id == unit)).one()


def _ask(town: Town, worker: Actor) -> None:
    """Ask what if: the worker has her answer, the manager waits for hers."""
    sessions, at = town.sessions, clock(town.sessions)
    town.ids["question"] = ask_other_answer(
        sessions, town.ids["waiting"], OtherAnswer(rent_max=20_000), by=worker, at=at
    )
    answer(sessions, town.ids["question"], at=at)
    with sessions() as db:
        of_home = select(Home.line_id, Home.municipality).where(Home.id == town.ids["home"])
        line_id, municipality = db.exec(of_home).one()
    shape = MoreHomes(line_id=line_id, municipality=municipality, rooms=2, rent=7_000)
    town.ids["more_homes"] = ask_more_homes(sessions, shape, by=town.actor(MANAGER), at=at)
