"""What else there is in a world: households that nobody has told the company of, other companies, other boards."""

from collections.abc import Iterator
from datetime import timedelta

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, LineMonth
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.needs.tables import AvoidArea, Deputy, Need, ShelterPlace, ShelterStay
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import NeverAgain, Placement, WhyNot
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from tests import factories
from tests.proofs.hidden import Hidden

QUIETLY = (Closed.UNSAFE, Closed.NOT_NOW, Closed.BETTER_PLAN, Closed.NEED_CHANGED, Closed.NO_ANSWER_SOCIAL)
"""Why a proposal can have closed that the company has never heard of."""


def fill(world: Hidden) -> None:
    """Draw everything that stands beside what the company knows."""
    strange = factories.BoardFactory.build(
        id=world.draw.id(), code=world.draw.word("b"), name=world.draw.word("Nämnd ")
    )
    world.rows.append(strange)
    world.people_of(strange)
    free = [home for home in world.world.homes if home.object_number.startswith("fri-")]
    needs = [row for row in world.rows if isinstance(row, Need)]
    for board in [*world.world.boards, strange]:
        for _ in range(world.draw.randint(0, 3)):
            need = world.need(world.case(board.id))
            needs.append(need)
            _between(world, need, free if board is not strange else [])
    told_of = {row.need_id for row in world.rows if isinstance(row, Placement) and row.card_id}
    for need in needs:
        world.rows += [*_secrets(world, need), *_excluded(world, need, at_will=need.id not in told_of)]
    for board in [*world.world.boards, strange]:
        _another_company(world, board)
        world.rows += _drafts(world, board)
        world.rows += _work(world, board)


def _between(world: Hidden, need: Need, free: list[Home]) -> None:
    """Draw what stands between a household and the company: consent or none, exclusion, proposals not released."""
    draw, company = world.draw, world.world.company
    if draw.maybe(0.2):
        world.rows.append(BlockedCompany(id=draw.id(), need_id=need.id, company_id=company.id))
    elif draw.maybe(0.7):
        ended = {"ends_on": draw.day(world.today, 5, -1)} if draw.maybe(0.2) else {}
        world.consent(need, company.id, **ended)
    taken = {row.home_id for row in world.rows if isinstance(row, Placement) and row.stage is Stage.PROPOSED}
    for home in free:
        if home.id not in taken and draw.maybe(0.6):
            taken.add(home.id)
            world.rows.append(_proposal(world, need, home, Stage.PROPOSED))
            break
    for home in draw.some(free):
        world.rows.append(_proposal(world, need, home, Stage.CLOSED))
        if draw.maybe():
            number = draw.choice(["50-0", "fri-0", "fri-1"])
            again = {(row.need_id, row.object_number) for row in world.rows if isinstance(row, NeverAgain)}
            if (need.id, number) not in again:
                row = NeverAgain(id=draw.id(), need_id=need.id, company_id=company.id, object_number=number)
                world.rows.append(row)


def _proposal(world: Hidden, need: Need, home: Home, stage: Stage) -> Placement:
    since = world.draw.moment(world.at, 90)
    return Placement(
        id=world.id_of("placement"),
        need_id=need.id,
        home_id=home.id,
        board_id=need.board_id,
        company_id=home.company_id,
        stage=stage,
        stage_since=since,
        deadline=world.at + timedelta(hours=world.draw.randint(-30, 90)) if stage is Stage.PROPOSED else None,
        closed_because=world.draw.choice(QUIETLY) if stage is Stage.CLOSED else None,
        **world.how_it_came(need.board_id, since),
    )


def _secrets(world: Hidden, need: Need) -> Iterator[object]:
    """Draw what is the case zone's own: where it is not safe, where they live, who stands in, who must not hear."""
    draw = world.draw
    for _ in range(draw.randint(0, 2)):
        name = draw.choice(["Provdalen", "Provhuset", draw.word("Plats ")])
        kind = draw.choice([AvoidKind.DISTRICT, AvoidKind.BUILDING])
        yield AvoidArea(id=world.id_of("area"), need_id=need.id, kind=kind, municipality="9901", name=name)
    if draw.maybe():
        place = ShelterPlace(id=draw.id(), board_id=need.board_id, kind=PlaceKind.SHELTER, code=draw.word("P"))
        since = draw.day(world.today, 200)
        yield place
        yield ShelterStay(
            id=draw.id(),
            case_id=need.case_id,
            kind=PlaceKind.SHELTER,
            place_id=place.id,
            since=since,
            ready_since=since,
        )
    if draw.maybe(0.3):
        worker = draw.choice(world.workers[need.board_id])
        yield Deputy(id=draw.id(), case_id=need.case_id, user_id=worker.id, until=draw.day(world.today, 0, 30))
    if draw.maybe(0.3):
        run = world.runs[need.board_id]
        yield WhyNot(id=draw.id(), need_id=need.id, run_id=run.id, reason="no_home", detail={})


def _excluded(world: Hidden, need: Need, *, at_will: bool) -> Iterator[object]:
    """Draw who at the company must not hear: herself only where she has not heard of the household already."""
    if world.draw.maybe(0.3):
        name = world.world.staff.name if at_will and world.draw.maybe() else world.draw.word("Prov ")
        yield ExcludedStaff(id=world.draw.id(), need_id=need.id, company_id=world.world.company.id, name=name)


def _another_company(world: Hidden, board: Organisation) -> None:
    """Draw another company with staff, an agreement, homes and a household it has been told of, or none at all."""
    draw = world.draw
    if draw.maybe(0.4):
        return
    company = factories.CompanyFactory.build(id=draw.id(), code=draw.word("c"), name=draw.word("Bolag "))
    staff = factories.UserFactory.build(
        id=world.id_of("user"),
        organisation=None,
        organisation_id=company.id,
        username=draw.word("user"),
        name=draw.word("Prov "),
        role=Role.HOUSING_STAFF,
    )
    agreement = Agreement(
        id=world.id_of("agreement"),
        board_id=board.id,
        company_id=company.id,
        reference=draw.word("SN "),
        name=draw.word("Avtal "),
        state=AgreementState.IN_FORCE,
        valid_from=world.today - timedelta(days=90),
    )
    line = factories.LineFactory.build(id=world.id_of("line"), agreement=None, agreement_id=agreement.id, code="rad-0")
    month = LineMonth(
        id=draw.id(), line_id=line.id, month=world.today.replace(day=1), agreed=9, delivered=draw.randint(0, 9)
    )
    world.rows += [company, staff, agreement, line, month]
    for _ in range(draw.randint(0, 2)):
        home = factories.HomeFactory.build(
            id=world.id_of("home"),
            line=None,
            company=None,
            company_id=company.id,
            line_id=line.id,
            month=month.month,
            published_at=draw.moment(world.at, 400),
            object_number=draw.choice(["50-0", "fri-0", draw.word("o")]) + draw.word("-"),
            state=draw.choice([HomeState.PUBLISHED, HomeState.PAUSED, HomeState.LET]),
        )
        need = world.need(world.case(board.id))
        world.consent(need, company.id)
        stage = draw.choice([Stage.PROPOSED, Stage.CLOSED])
        world.rows += [home, _proposal(world, need, home, stage)]


def _drafts(world: Hidden, board: Organisation) -> Iterator[object]:
    """Draw an agreement with the company that the board has not put in force, so that nobody else knows of it."""
    if world.draw.maybe():
        draft = Agreement(
            id=world.id_of("agreement"),
            board_id=board.id,
            company_id=world.world.company.id,
            reference=world.draw.word("SN "),
            name=world.draw.word("Utkast "),
            state=AgreementState.DRAFT,
            valid_from=world.today,
        )
        yield draft
        yield factories.LineFactory.build(id=world.id_of("line"), agreement=None, agreement_id=draft.id)


def _work(world: Hidden, board: Organisation) -> Iterator[object]:
    """Draw what waits for the worker."""
    posted = world.draw.moment(world.at, 2)
    if world.draw.maybe():
        yield Message(id=world.draw.id(), kind="matching.run", key=str(board.id), posted_at=posted, due_at=posted)
