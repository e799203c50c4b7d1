"""Writing a home's columns and features, its distance to school, and its place in the ledger."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.agreements.ledger import count
from bostad.agreements.states import Counter
from bostad.agreements.tables import QuotaLine
from bostad.homes.answers import HomeAnswers
from bostad.homes.checking import check, states_of
from bostad.homes.distance import Place, nearest_m
from bostad.homes.features import Feature
from bostad.homes.states import FeatureSource, FeatureState
from bostad.homes.tables import Home, HomeFeature, School


def add_home(db: Session, line: QuotaLine, answers: HomeAnswers, *, company_id: UUID, at: datetime) -> Home:
    """Add a home with its features, count it as delivered, and as approved when it meets the terms."""
    home = Home(company_id=company_id, published_at=at, **answers.columns())
    home.school_m = nearest_m(place_of(home), active_schools(db))
    db.add(home)
    db.flush()
    _write_features(db, home, answers, on=at.date())
    count(db, line.id, home.month, Counter.DELIVERED, 1)
    check(db, home, line, answers.states)
    return home


def change_home(
    db: Session, home: Home, line: QuotaLine, answers: HomeAnswers, *, at: datetime, partly: bool = False
) -> list[str]:
    """Write what differs, check anew, and give the names of what was changed; nothing changed is no new version.

    `partly`: what the answers leave out stays as it was. A list without a column says nothing about it.
    """
    given = {name: value for name, value in answers.columns().items() if not partly or _is_given(answers, name)}
    changed = [name for name, value in given.items() if getattr(home, name) != value]
    for name in changed:
        setattr(home, name, given[name])
    if {"lat", "lon"} & set(changed):
        home.school_m = nearest_m(place_of(home), active_schools(db))
    changed += [feature.value for feature in _write_features(db, home, answers, on=at.date())]
    if changed:
        home.version += 1
        check(db, home, line, states_of(db, [home.id]).get(home.id, {}))
    return changed


def count_home(db: Session, home: Home, change: int) -> None:
    """Count a home in, or out again: approved before delivered, so that the two never disagree."""
    if home.approved:
        count(db, home.line_id, home.month, Counter.APPROVED, change)
    count(db, home.line_id, home.month, Counter.DELIVERED, change)


def place_of(home: Home) -> Place | None:
    """Give a home's place, where it is known."""
    return None if home.lat is None or home.lon is None else (home.lat, home.lon)


def active_schools(db: Session) -> list[Place]:
    """Give the places of all active schools."""
    return [(lat, lon) for lat, lon in db.exec(select(School.lat, School.lon).where(col(School.active)))]


def _is_given(answers: HomeAnswers, name: str) -> bool:
    return name in answers.model_fields_set or (name == "floor" and answers.floor_known is not None)


def _write_features(db: Session, home: Home, answers: HomeAnswers, *, on: date) -> list[Feature]:
    """Write the features whose state differs, with their source and day, and give them."""
    rows = {row.feature: row for row in db.exec(select(HomeFeature).where(HomeFeature.home_id == home.id))}
    changed = [feature for feature, state in answers.states.items() if _state(rows, feature) is not state]
    for feature in changed:
        row = rows.get(feature) or HomeFeature(
            home_id=home.id, feature=feature, state=FeatureState.UNKNOWN, source=FeatureSource.STAFF, on=on
        )
        row.state, row.source, row.on = answers.states[feature], answers.source, on
        db.add(row)
    db.flush()
    return changed


def _state(rows: dict[Feature, HomeFeature], feature: Feature) -> FeatureState:
    return rows[feature].state if feature in rows else FeatureState.UNKNOWN
