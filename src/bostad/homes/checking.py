"""Holding homes against the terms of their quota line, and the ledger against the homes."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bostad.agreements.ledger import count
from bostad.agreements.states import Counter
from bostad.agreements.tables import QuotaLine
from bostad.agreements.terms import HomeFacts, Shortfall, Terms, shortfalls
from bostad.homes.features import Feature
from bostad.homes.states import FeatureState, HomeState
from bostad.homes.tables import Home, HomeFeature

LIVE = (HomeState.PUBLISHED, HomeState.PAUSED)

States = Mapping[Feature, FeatureState]


def terms_of(line: QuotaLine) -> Terms:
    """Give what a home must meet to count under a line."""
    return Terms(
        required=line.required,
        school_m_max=line.school_m_max,
        districts_excluded=line.districts_excluded,
        rent_max=line.rent_max,
    )


def facts_of(home: Home, states: States) -> HomeFacts:
    """Give what the terms ask about."""
    return HomeFacts(rent=home.rent, floor=home.floor, school_m=home.school_m, district=home.district, features=states)


def check(db: Session, home: Home, line: QuotaLine, states: States) -> tuple[Shortfall, ...]:
    """Note whether a home counts under its line, and count it as approved or not any more."""
    short = shortfalls(terms_of(line), facts_of(home, states))
    before, home.approved = home.approved, not short
    home.shortfalls = [shortfall.code for shortfall in short]
    if home.approved != before:
        count(db, line.id, home.month, Counter.APPROVED, 1 if home.approved else -1)
    return short


def recheck_line(db: Session, line: QuotaLine) -> None:
    """Hold the live homes of a line against its terms anew; the caller has locked them."""
    homes = db.exec(_live_of(line.id)).all()
    states = states_of(db, [home.id for home in homes])
    for home in homes:
        check(db, home, line, states.get(home.id, {}))


def states_of(db: Session, home_ids: Collection[UUID]) -> dict[UUID, dict[Feature, FeatureState]]:
    """Give what is known of the features of several homes, in one query."""
    known: dict[UUID, dict[Feature, FeatureState]] = {}
    for row in db.exec(select(HomeFeature).where(col(HomeFeature.home_id).in_(home_ids))):
        known.setdefault(row.home_id, {})[row.feature] = row.state
    return known


def lock_live(db: Session, line_id: UUID) -> Sequence[Home]:
    """Lock the homes of a line that are not let or withdrawn, before the agreement and the quota are."""
    return db.exec(_live_of(line_id).with_for_update()).all()


def _live_of(line_id: UUID) -> SelectOfScalar[Home]:
    return select(Home).where(Home.line_id == line_id, col(Home.state).in_(LIVE)).order_by(col(Home.id))
