"""Rules about others hold for whoever places by hand, though she may not know of the others (I05, S05, S42)."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.errors import Invalid, OutOfStep
from bostad.homes.tables import Home
from bostad.matching.problem import name_key
from bostad.needs.answers import Stay
from bostad.needs.staying import save_stay
from bostad.needs.stays import PlaceKind
from bostad.needs.surroundings import stay_page
from bostad.needs.tables import Case, Need, ShelterPlace, ShelterStay
from bostad.placements.by_hand import TAKEN, place_by_hand
from bostad.placements.lists import free_homes
from bostad.placements.run_states import Apart
from bostad.placements.tables import KeptApart, Placement
from bostad.records import Sessions, clock
from bostad.zones.logins import Login
from tests.conftest import KnownAs
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

ONE_SENTENCE = "a limit for the building, or a rule about who lives near whom, stands in the way"
NAMES = ("Hus A", " hus a\n", "HUS A", "Åkern", "A\u030akern", "Sjö-huset", "Straße 1", "STRASSE 1", "", "  ", "Hus B")


@pytest.fixture
def worker(world: World) -> User:
    """Give a colleague with cases of her own; the world's own worker's are none of hers. There is room for three."""
    with world.writing():
        colleague: User = UserFactory(organisation=world.board, unit_id=world.unit_id)
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 3
    return colleague


@pytest.fixture
def hers(world: World, worker: User) -> Need:
    """Give a need of the colleague's, which no run looks at."""
    need = world.need(opted_in=False)
    with world.sessions.begin() as db:
        db.get_one(Case, need.case_id).worker_id = worker.id
    return need


def somebody_else(world: World, **home: str) -> Placement:
    """Promise a home to a case with heightened protection, which she is not named for."""
    need = world.need()
    world.home(**home)
    world.run()
    placement = world.placement_of(need)
    assert placement is not None
    with world.sessions.begin() as db:
        db.get_one(Placement, placement.id).put_at = NOON
        db.get_one(Case, need.case_id).heightened = True
    return placement


def by_hand(world: World, way: Sessions, need: Need, home: Home, worker: User) -> None:
    place_by_hand(way, need.case_id, home.id, "Nära", by=actor(worker, world.board), at=clock(world.sessions))


def limit_buildings(world: World, promised: Placement, need: Need) -> None:
    assert promised.need_id != need.id
    with world.sessions.begin() as db:
        db.get_one(QuotaLine, world.line.id).building_cap = 1


def keep_apart(world: World, promised: Placement, need: Need) -> None:
    other = world.again_need(promised)
    first, second = sorted((need.case_id, other.case_id))
    with world.sessions.begin() as db:
        by = world.worker.id
        pair = KeptApart(
            board_id=world.board.id, case_id=first, other_id=second, scope=Apart.DISTRICT, made_by=by, made_at=NOON
        )
        db.add(pair)


@pytest.mark.parametrize("rule", [limit_buildings, keep_apart])
def test_a_rule_holds_though_the_other_is_hidden_and_is_told_in_the_same_words(
    world: World, known: KnownAs, worker: User, hers: Need, rule: Callable[[World, Placement, Need], None]
) -> None:
    """I05: neither the list of homes nor the refusal says which rule it is, or that there is a case she cannot see."""
    promised = somebody_else(world, building="Hus A", district="Fabelby")
    near = world.home(building="hus a ", district="fabelby")
    far = world.home(building="Hus B", district="Annanby")
    rule(world, promised, hers)
    way = known(worker, Login.SOCIAL)

    listed = free_homes(way, hers.case_id, by=actor(worker, world.board), at=NOON).homes
    with pytest.raises(OutOfStep) as refused:
        by_hand(world, way, hers, near, worker)
    by_hand(world, way, hers, far, worker)

    told = {one.home.id: [str(sentence) for sentence in one.obstacles] for one in listed}
    assert told == {near.id: [ONE_SENTENCE], far.id: []}
    assert ONE_SENTENCE in str(refused.value.sentence)
    placed = world.placement_of(hers)
    assert placed is not None
    assert placed.home_id == far.id


@pytest.mark.parametrize("rule", [limit_buildings, keep_apart])
def test_no_way_of_writing_goes_past_the_rule(
    world: World, worker: User, hers: Need, rule: Callable[[World, Placement, Need], None]
) -> None:
    """I05: the trigger refuses whoever writes, by whatever way: a new row, or a proposal put to the household."""
    promised = somebody_else(world, building="Hus A", district="Fabelby")
    near = world.home(building="Hus A", district="Fabelby")
    by_run = {"put_at": None}
    for facts in (by_run, {"put_at": NOON}):
        rule(world, promised, hers) if facts is by_run else None
        placement = Placement(
            need_id=hers.id,
            home_id=near.id,
            board_id=world.board.id,
            company_id=world.company.id,
            proposed_at=NOON,
            stage_since=NOON,
            **facts,
        )
        with pytest.raises(IntegrityError, match="cannot be promised"), world.sessions.begin() as db:
            db.add(placement)


def test_a_home_that_is_taken_by_somebody_hidden_is_not_listed_and_is_refused_as_taken(
    world: World, known: KnownAs, worker: User, hers: Need
) -> None:
    promised = somebody_else(world, building="Hus A")
    way = known(worker, Login.SOCIAL)

    assert free_homes(way, hers.case_id, by=actor(worker, world.board), at=NOON).homes == ()
    with world.sessions() as db:
        home = db.get_one(Home, promised.home_id)
    with pytest.raises(OutOfStep) as refused:
        by_hand(world, way, hers, home, worker)
    assert str(refused.value.sentence) == str(OutOfStep(TAKEN).sentence)


def test_a_month_that_somebody_hidden_fills_is_full(world: World, known: KnownAs, worker: User, hers: Need) -> None:
    """I03: what is put to a household counts, whoever it is."""
    somebody_else(world, building="Hus A")
    free = world.home(building="Hus B")
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 1

    with pytest.raises(OutOfStep, match="quota for this kind of home is used up"):
        by_hand(world, known(worker, Login.SOCIAL), hers, free, worker)


def test_a_proposal_that_nobody_has_been_told_of_gives_way_whoever_it_was_for(
    world: World, known: KnownAs, worker: User, hers: Need
) -> None:
    other = world.proposal()
    with world.sessions() as db:
        home = db.get_one(Home, other.home_id)

    by_hand(world, known(worker, Login.SOCIAL), hers, home, worker)

    placed = world.placement_of(hers)
    assert placed is not None
    assert (placed.home_id, world.again(other).closed_because) == (home.id, "better_plan")


def test_a_place_where_somebody_hidden_lives_is_neither_offered_nor_given(
    world: World, known: KnownAs, worker: User, hers: Need
) -> None:
    hidden = world.again_need(somebody_else(world))
    with world.sessions.begin() as db:
        place = ShelterPlace(board_id=world.board.id, kind=PlaceKind.SHELTER, code="A1")
        db.add(place)
        db.flush()
        db.add(ShelterStay(case_id=hidden.case_id, kind=PlaceKind.SHELTER, place_id=place.id, since=date(2026, 1, 1)))
    way, by, at = known(worker, Login.SOCIAL), actor(worker, world.board), clock(world.sessions)
    stay = Stay(kind=PlaceKind.SHELTER, place_id=place.id, since=date(2026, 1, 1), ready_since=None)

    assert stay_page(way, hers.case_id, by=by, on=at.date()).places == ()
    with pytest.raises(Invalid) as refused:
        save_stay(way, hers.case_id, stay, by=by, at=at)
    assert "Somebody lives there already" in str(refused.value.fields["place_id"])


def test_what_is_asked_of_a_need_that_is_not_hers_is_answered_with_nothing(
    world: World, known: KnownAs, worker: User
) -> None:
    """Raw SQL as the boards' role: the rules are told of her own cases alone."""
    promised = somebody_else(world, building="Hus A")
    near, need = world.home(building="Hus A"), world.need()
    limit_buildings(world, promised, need)
    question = text("select others_in_the_way(:need, :homes)")
    asked = {"need": need.id, "homes": [near.id]}
    with world.sessions() as db:
        assert db.connection().execute(question, asked).all() == [(near.id,)]
    with known(worker, Login.SOCIAL)() as db:
        assert db.connection().execute(question, asked).all() == []


def test_the_companys_role_is_answered_nothing_of_all_this(world: World, known: KnownAs) -> None:
    """S33."""
    home, way = world.home(), known(world.staff_user, Login.HOUSING)
    for question in ("homes_promised(:id)", "places_taken(:id)", "going_on_under(:id)", "make_way(:id, now())"):
        with way() as db, pytest.raises(ProgrammingError, match="permission denied"):
            db.execute(text(f"select {question}"), {"id": home.id})


def test_names_are_compared_as_the_matching_compares_them(sessions: Sessions) -> None:
    with sessions() as db:
        found = [db.execute(text("select place_name(:name)"), {"name": name}).scalar_one() for name in NAMES]

    assert found == [name_key(name) or None for name in NAMES]
