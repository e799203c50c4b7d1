"""The part of a world that the company has not been told of, drawn anew for each world."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.homes.features import STATED, Feature
from bostad.needs.card import card_content
from bostad.needs.consent import FieldGroup, GivenHow
from bostad.needs.household import ContractForm, Risk
from bostad.needs.sharing import card_facts
from bostad.needs.tables import Card, Case, Consent, Need
from bostad.placements.lifecycle import Move, Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import MatchingRun, Placement, PlacementEvent
from tests import factories
from tests.proofs.draw import Draw
from tests.proofs.released import Released, Story

WORKERS = 2


class Hidden:
    """Everything else in one world: boards' people and cases, what stands behind the cards, other companies."""

    def __init__(self, world: Released, seed: int) -> None:
        self.world = world
        self.draw = Draw(f"hidden {seed}")
        self.at, self.today = world.at, world.at.date()
        self.pool = {kind: self.draw.sample(ids, len(ids)) for kind, ids in world.pool.items()}
        self.rows: list[Any] = []
        self.workers: dict[UUID, list[User]] = {}
        self.runs: dict[UUID, MatchingRun] = {}
        for board in world.boards:
            self.people_of(board)
        for story in world.stories:
            self.behind(story)

    def id_of(self, kind: str) -> UUID:
        """Give an id for a row: mostly one that the company will try, which in the other world is another's or none."""
        if self.pool[kind] and self.draw.maybe(0.7):
            return self.pool[kind].pop()
        return self.draw.id()

    def people_of(self, board: Organisation) -> None:
        """Give a board its unit, its people and a run of the matching."""
        unit = Unit(id=self.draw.id(), organisation_id=board.id, name=self.draw.word("Enhet "))
        users = [
            factories.UserFactory.build(
                id=self.id_of("user"),
                organisation=None,
                unit=unit,
                organisation_id=board.id,
                username=self.draw.word("user"),
                name=self.draw.word("Prov "),
                role=role,
            )
            for role in (*[Role.SOCIAL_WORKER] * WORKERS, Role.UNIT_MANAGER)
        ]
        self.workers[board.id] = users[:WORKERS]
        finished = self.draw.moment(self.at, 90)
        run = MatchingRun(
            id=self.draw.id(),
            board_id=board.id,
            started_at=finished - timedelta(seconds=self.draw.randint(1, 90)),
            ends_at=finished + timedelta(minutes=5),
            finished_at=finished,
            needs=self.draw.randint(0, 9),
            homes=self.draw.randint(0, 9),
        )
        self.runs[board.id] = run
        self.rows += [unit, *users, run]

    def case(self, board_id: UUID) -> Case:
        """Open a case with a number, a worker and a history of its own."""
        worker = self.draw.choice(self.workers[board_id])
        case: Case = factories.CaseFactory.build(
            id=self.id_of("case"),
            unit=None,
            worker=None,
            board_id=board_id,
            unit_id=worker.unit_id,
            worker_id=worker.id,
            case_number=self.draw.word("SN 2026/"),
            opened_at=self.draw.moment(self.at, 5_000),
            heightened=self.draw.maybe(0.2),
        )
        self.rows.append(case)
        return case

    def need(self, case: Case, **facts: Any) -> Need:
        """Register a household's need: `facts` are what a card has told of it."""
        drawn = self._facts() | facts
        need: Need = factories.NeedFactory.build(id=self.draw.id(), case=case, **drawn)
        self.rows.append(need)
        return need

    def _facts(self) -> dict[str, Any]:
        draw = self.draw
        return {
            "risk": draw.choice(list(Risk)),
            "waiting_since": draw.day(self.today, 300),
            "opened_at": draw.moment(self.at, 3_000),
            "adults": draw.randint(2, 3),
            "couples": draw.randint(0, 1),
            "child_ages": [draw.randint(0, 17) for _ in range(draw.randint(0, 3))],
            "ages_true_on": self.today,
            "rooms_min": draw.choice([None, 1, 2, 3]),
            "rent_max": draw.randint(5_000, 14_000),
            "contracts": draw.some([form.value for form in ContractForm]),
            "must": draw.some([feature.value for feature in Feature], 5),
            "wish": draw.some([feature.value for feature in STATED], 3),
            "municipalities": ["9901", *draw.some(["9902", "9903"])],
            "target_group": draw.choice(["violence", "social"]),
            "school_m_max": draw.choice([None, 500, 2_000]),
        }

    def consent(self, need: Need, company_id: UUID, **terms: Any) -> Consent:
        """Record a consent; `terms` decide whether it still holds."""
        given = self.draw.day(self.today, 60, -10)
        row: Consent = factories.ConsentFactory.build(
            id=self.id_of("consent"),
            need=None,
            company=None,
            by=None,
            need_id=need.id,
            company_id=company_id,
            field_groups=terms.pop("groups", ["size", "home"]),
            given_on=given,
            given_how=self.draw.choice(list(GivenHow)),
            language=self.draw.choice(["sv", "ar", "so"]),
            ends_on=terms.pop("ends_on", self.draw.day(self.today, 0, 90)),
            recorded_by=self.draw.choice(self.workers[need.board_id]).id,
            recorded_at=self.draw.moment(self.at, 200),
            **terms,
        )
        self.rows.append(row)
        return row

    def behind(self, story: Story) -> None:
        """Put a household behind a card: everything of it that the card does not tell is drawn."""
        case = self.case(story.agreement.board_id)
        written = story.moves[0][3].date()
        need = self.need(case, **self._told(story, written))
        terms: dict[str, Any] = {"groups": list(story.groups)}
        if story.outcome == "revoked":
            terms["revoked_at"] = self.draw.moment(self.at, 20)
        if story.outcome == "ended":
            terms["ends_on"] = self.draw.day(self.today, 5, -1)
        consent = self.consent(need, self.world.company.id, **terms)
        groups = frozenset(FieldGroup(group) for group in story.groups)
        content = card_content(card_facts(need, written), groups, contact=story.contact)
        if self.draw.maybe(0.4):  # the need has changed since; what was told has not
            for name, fact in self._facts().items():
                setattr(need, name, fact)
        gone = story.outcome in {"refused", "revoked", "moved_in"}
        card = Card(
            id=story.card_id,
            code=story.code,
            company_id=self.world.company.id,
            consent_id=consent.id,
            content=content,
            written_at=story.moves[0][3],
            withdrawn_at=story.shared["stage_since"] if gone else None,
        )
        self.rows.append(card)
        self._placement(story, need)

    def _told(self, story: Story, written: date) -> dict[str, Any]:
        """Give the facts that a card tells, each as it may have been written down: an age anywhere in its band."""
        says, groups, draw = story.says, story.groups, self.draw
        told: dict[str, Any] = {}
        if "size" in groups:
            years = [draw.randint(*band) for band in says.bands]
            back = draw.randint(0, min(years, default=0))
            asked_on = date(written.year - back, 1, 1)
            told |= {"adults": says.adults, "couples": 0, "child_ages": [year - back for year in years]}
            told |= {"ages_true_on": asked_on}
        if "home" in groups:
            told |= {"rooms_min": says.rooms, "rent_max": says.rent_max, "contracts": list(says.contracts)}
            told |= {"move_in_from": says.move_in_from}
        told |= {"must": self._musts(story)}
        return told

    def _musts(self, story: Story) -> list[str]:
        """Give the demands that the card tells, and others where it tells of none."""
        step_free = Feature.STEP_FREE.value
        told = [one for one in story.says.must if one != step_free]
        drawn = [one.value for one in self.draw.some(STATED, 4) if one is not Feature.STEP_FREE]
        musts = told if "safety" in story.groups else drawn
        needed = step_free in story.says.must if "access" in story.groups else self.draw.maybe()
        return self.draw.sample(musts, len(musts)) + [step_free] * needed

    def _placement(self, story: Story, need: Need) -> None:
        stage = Stage(story.outcome) if story.outcome in set(Stage) else Stage.RELEASED
        because = {"refused": Closed.NO_CONTRACT, "revoked": Closed.CONSENT_ENDED}.get(story.outcome)
        told_at = story.moves[0][3]
        shared = dict(story.shared)
        if because:
            stage, shared["deadline"] = Stage.CLOSED, None
        row = Placement(
            id=story.placement_id,
            need_id=need.id,
            home_id=story.home.id,
            board_id=need.board_id,
            company_id=self.world.company.id,
            stage=stage,
            card_id=story.card_id,
            closed_because=because,
            **shared,
            **self.how_it_came(need.board_id, told_at),
        )
        self.rows += [row, *self._events(story, row)]

    def how_it_came(self, board_id: UUID, before: datetime) -> dict[str, Any]:
        """Draw how a placement came to be: by which run, when, how well it fits, on which facts."""
        by_hand = self.draw.maybe(0.3)
        proposed = self.draw.moment(before, 200)
        return {
            "proposed_at": proposed,
            "put_at": proposed + timedelta(minutes=self.draw.randint(0, 1)) if self.draw.maybe() else before,
            "run_id": None if by_hand else self.runs[board_id].id,
            **({"by_hand_because": self.draw.word("Därför ")} if by_hand else {}),
            "misfit": {"rent": self.draw.randint(0, 90)},
            "facts": {},
        }

    def _events(self, story: Story, row: Placement) -> Iterator[PlacementEvent]:
        for event_id, move, stage, at in story.moves:
            social = self.draw.choice(self.workers[row.board_id]).id
            by = social if move is Move.RELEASE else self.world.staff.id
            yield PlacementEvent(id=event_id, placement_id=row.id, at=at, by_id=by, move=move, stage=stage)
        if row.put_at and self.draw.maybe():
            yield PlacementEvent(
                id=self.draw.id(),
                placement_id=row.id,
                at=row.put_at,
                by_id=self.draw.choice(self.workers[row.board_id]).id,
                move=Move.PUT,
                stage=Stage.PROPOSED,
            )
