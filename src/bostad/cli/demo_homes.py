"""The demo's agreements, put in force by the unit manager, and the homes that the companies publish under them."""

from collections.abc import Sequence
from datetime import date, datetime

from bostad.accounts.access import Role
from bostad.agreements import service as agreements
from bostad.agreements.answers import AgreementAnswers, LineAnswers
from bostad.agreements.joint import Decision, switch
from bostad.agreements.quota import month_of
from bostad.agreements.states import AgreementMove
from bostad.cli.demo_cast import Cast
from bostad.cli.demo_example import Example, Row, listed
from bostad.homes.answers import HomeAnswers
from bostad.homes.service import publish
from bostad.homes.states import FeatureState
from bostad.matching.problem import Home

_DAYS = ("municipality_days", "household_days", "company_days", "reservation_days")
_HOME = ("municipality", "district", "building", "lat", "lon", "rooms", "area_m2", "rent", "floor", "max_people")


def make_agreements(cast: Cast, example: Example, *, at: datetime) -> None:
    """Let the board decide on joint matching; draft every agreement with its lines and put it in force.

    The files give each line its own time. Here an agreement has it, so two lines with different times make two.
    """
    decision = Decision(decided_on=at.date(), reference="SN 2026/14")
    switch(cast.sessions, decision, on=True, by=cast.first(Role.UNIT_MANAGER), at=at)
    parts: dict[tuple[str, date], list[Row]] = {}
    for row in example.table("agreements"):
        parts.setdefault((row["agreement"], example.line(row["line"]).valid_from), []).append(row)
    references: set[str] = set()
    for (_, valid_from), rows in parts.items():
        reference = rows[0]["reference"]
        if reference in references:
            reference = f"{reference} ({valid_from.year})"
        references.add(reference)
        _make(cast, example, rows, reference, at=at)


def _make(cast: Cast, example: Example, rows: Sequence[Row], reference: str, *, at: datetime) -> None:
    sessions, manager = cast.sessions, cast.first(Role.UNIT_MANAGER)
    draft = _agreement(cast, example, rows[0], reference)
    agreement_id = agreements.draft(sessions, draft, by=manager, at=at)
    for row in rows:
        code = row["line"]
        cast.lines[code] = agreements.add_line(sessions, agreement_id, _line(example, row), by=manager, at=at)
    agreements.move(sessions, agreement_id, AgreementMove.PUT_IN_FORCE, by=manager, at=at)


def _agreement(cast: Cast, example: Example, row: Row, reference: str) -> AgreementAnswers:
    line = example.line(row["line"])
    given = {
        "company_id": cast.organisations[row["company"]],
        "name": row["name"],
        "reference": reference,
        "signed_on": example.day(row["signed_on"]),
        "valid_from": example.first_of_month(line.valid_from),
        "valid_until": example.last_of_month(line.valid_until),
        "monthly_cap": line.agreement_cap,
    }
    return AgreementAnswers.model_validate(given | {name: row[name] for name in _DAYS})


def _line(example: Example, row: Row) -> LineAnswers:
    line = example.line(row["line"])
    terms = next(one for one in example.table("terms") if one["line"] == line.line)
    return LineAnswers.model_validate(
        {
            "code": line.line,
            "name": row["line_name"],
            "groups": sorted(line.groups),
            "contracts": sorted(line.contracts),
            "per_month": line.quota,
            "carry_over": row["carry_over"],
            "required": listed(terms["required"]),
            "school_m_max": terms["school_m_max"],
            "districts_excluded": listed(terms["districts_excluded"]),
            "rent_max": terms["rent_max"],
        }
    )


def publish_home(cast: Cast, example: Example, home: Home, *, at: datetime) -> None:
    """Publish a home for this month, or for the month that its line begins in."""
    address = next(row for row in example.table("addresses") if row["home"] == home.home)
    given = {name: getattr(home, name) for name in _HOME}
    given |= {
        "line_id": cast.lines[home.line],
        "month": max(month_of(example.today), example.first_of_month(example.line(home.line).valid_from)),
        "object_number": address["object_number"],
        "address": address["street_address"],
        "apartment_number": address["apartment_number"],
        "available_from": example.day(home.available_from),
        "offer_until": example.day_or_none(home.offer_until),
    }
    features = dict.fromkeys(home.has, FeatureState.MET) | dict.fromkeys(home.lacks, FeatureState.NOT_MET)
    answers = HomeAnswers.model_validate(given | features)
    by = cast.first(Role.HOUSING_STAFF, home.company)
    cast.homes[home.home] = publish(cast.sessions, answers, by=by, at=at)
