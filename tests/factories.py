"""Rows for tests: whole, legal and never random. A test names only what it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from sqlmodel import Session

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.sealing import seal
from bostad.accounts.tables import Authenticator, Credential, Organisation, Unit, User
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, JointMatching, LineMonth, QuotaLine
from bostad.homes.tables import Home
from bostad.needs.consent import GivenHow
from bostad.needs.household import Risk
from bostad.needs.states import NeedState, Section
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Case, Consent, Need
from tests.people import APP_SECRET, SECRET
from tests.rows import Rows, session_in_use

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
MONTH = date(2026, 11, 1)


@contextmanager
def writing_with(session: Session) -> Iterator[None]:
    """Let the factories write through this session; they flush and commit."""
    token = session_in_use.set(session)
    try:
        yield
    finally:
        session_in_use.reset(token)


class BoardFactory(Rows):
    class Meta:
        model = Organisation

    code = Sequence(lambda n: f"board-{n}")
    name = Sequence(lambda n: f"Socialnämnden {n}")
    kind = OrganisationKind.SOCIAL_BOARD
    municipality = "9901"


class CompanyFactory(BoardFactory):
    code = Sequence(lambda n: f"company-{n}")
    name = Sequence(lambda n: f"Provbostäder {n}")
    kind = OrganisationKind.HOUSING_COMPANY


class UnitFactory(Rows):
    class Meta:
        model = Unit
        exclude = ("board",)

    board = SubFactory(BoardFactory)
    organisation_id = SelfAttribute("board.id")
    name = Sequence(lambda n: f"Enhet {n}")


class UserFactory(Rows):
    """A user without a password: tests that sign in give a `password_hash`, and an authenticator app comes with it."""

    class Meta:
        model = User
        exclude = ("organisation", "unit")

    organisation = SubFactory(BoardFactory)
    unit = None
    organisation_id = SelfAttribute("organisation.id")
    unit_id = LazyAttribute(lambda user: user.unit.id if user.unit else None)
    username = Sequence(lambda n: f"user{n}")
    name = Sequence(lambda n: f"Provperson {n}")
    role = Role.SOCIAL_WORKER

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, password_hash: str | None = None, **kwargs: Any) -> Any:
        user, session = super()._create(model_class, *args, **kwargs), session_in_use.get()
        if password_hash is not None:
            sealed = seal(APP_SECRET, SECRET, f"authenticator {user.id}")
            session.add(Credential(user_id=user.id, password_hash=password_hash))
            session.add(Authenticator(user_id=user.id, sealed=sealed, added_at=NOON))
            session.commit()
        return user


class CaseFactory(Rows):
    class Meta:
        model = Case
        exclude = ("unit", "worker")

    unit = SubFactory(UnitFactory)
    worker = SubFactory(UserFactory)
    board_id = SelfAttribute("unit.organisation_id")
    unit_id = SelfAttribute("unit.id")
    worker_id = SelfAttribute("worker.id")
    case_number = Sequence(lambda n: f"9901-2026-{n:04d}")
    opened_at = NOON


class NeedFactory(Rows):
    """An open need of one adult who accepts most homes."""

    class Meta:
        model = Need
        exclude = ("case",)

    case = SubFactory(CaseFactory)
    case_id = SelfAttribute("case.id")
    board_id = SelfAttribute("case.board_id")
    state = NeedState.OPEN
    opted_in = True
    started_at = NOON
    opened_at = NOON
    sections_done = LazyFunction(lambda: [section.value for section in Section])
    risk = Risk.HIGH
    waiting_since = date(2026, 9, 1)
    adults = 1
    ages_true_on = TODAY
    rent_max = 9_000
    municipalities = LazyFunction(lambda: ["9901"])


class AvoidAreaFactory(Rows):
    class Meta:
        model = AvoidArea
        exclude = ("need",)

    need = SubFactory(NeedFactory)
    need_id = SelfAttribute("need.id")
    kind = AvoidKind.DISTRICT
    municipality = "9901"
    name = "Provdalen"


class AgreementFactory(Rows):
    class Meta:
        model = Agreement
        exclude = ("board", "company")

    board = SubFactory(BoardFactory)
    company = SubFactory(CompanyFactory)
    board_id = SelfAttribute("board.id")
    company_id = SelfAttribute("company.id")
    reference = Sequence(lambda n: f"SN 2026/{n}")
    name = "Provavtalet"
    state = AgreementState.IN_FORCE
    signed_on = date(2025, 12, 1)
    valid_from = date(2026, 1, 1)


class LineFactory(Rows):
    class Meta:
        model = QuotaLine
        exclude = ("agreement",)

    agreement = SubFactory(AgreementFactory)
    agreement_id = SelfAttribute("agreement.id")
    code = Sequence(lambda n: f"line-{n}")
    name = "En i månaden"
    groups = LazyFunction(lambda: ["violence"])
    per_month = 1


class LineMonthFactory(Rows):
    class Meta:
        model = LineMonth
        exclude = ("line",)

    line = SubFactory(LineFactory)
    line_id = SelfAttribute("line.id")
    month = MONTH
    agreed = 1


class JointMatchingFactory(Rows):
    """A board's decision to match its cases jointly."""

    class Meta:
        model = JointMatching
        exclude = ("board",)

    board = SubFactory(BoardFactory)
    board_id = SelfAttribute("board.id")
    is_on = True
    decided_on = date(2026, 1, 1)
    reference = "SN 2026/1"
    changed_at = NOON


class HomeFactory(Rows):
    """A published, approved home of two rooms on the second floor."""

    class Meta:
        model = Home
        exclude = ("line", "company")

    line = SubFactory(LineFactory)
    company = SubFactory(CompanyFactory)
    company_id = SelfAttribute("company.id")
    line_id = SelfAttribute("line.id")
    month = MONTH
    published_at = NOON
    object_number = Sequence(lambda n: f"5001-{n:04d}")
    address = Sequence(lambda n: f"Provgatan {n}")
    apartment_number = "1201"
    municipality = "9901"
    district = "Provdalen"
    building = "Provhuset"
    lat = 62.0
    lon = 18.5
    rooms = 2
    rent = 7_500
    floor = 2
    available_from = date(2026, 12, 1)
    approved = True


class ConsentFactory(Rows):
    """A consent that holds at NOON and today: services are told the moment, pages go by the database's clock."""

    class Meta:
        model = Consent
        exclude = ("need", "company", "by")

    need = SubFactory(NeedFactory)
    company = SubFactory(CompanyFactory)
    by = SubFactory(UserFactory)
    need_id = SelfAttribute("need.id")
    company_id = SelfAttribute("company.id")
    field_groups = LazyFunction(lambda: ["size", "home", "safety", "access"])
    given_on = LazyFunction(lambda: max(NOON, datetime.now(UTC) - timedelta(days=40)).date() - timedelta(days=20))
    given_how = GivenHow.WRITTEN
    ends_on = LazyAttribute(lambda consent: consent.given_on + timedelta(days=90))
    recorded_by = SelfAttribute("by.id")
    recorded_at = NOON


def actor(user: User, organisation: Organisation | None = None) -> Actor:
    """Give the actor that a user becomes when she has signed in."""
    name = organisation.name if organisation else "Organisationen"
    return Actor(user.id, user.name, user.role, user.organisation_id, name, user.unit_id)
