"""Forms as a person may send them: every field that a door asks for, with something that may hold."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from litestar import Litestar

from tests.proofs.contract import FORM, described
from tests.proofs.doors import doors
from tests.proofs.wire import Fields

PLAUSIBLE: Mapping[str, str] = {
    "because": "unsafe",
    "contract": "first_hand",
    "viewing_time": "14:30",
    "name": "Någonting Nytt",
    "username": "nykomling",
    "role": "social_worker",
    "case_number": "SN 2026/4711",
    "adults": "2",
    "rent_max": "9000",
    "rent": "7600",
    "rooms": "2",
    "floor": "2",
    "address": "Provgatan 9",
    "object_number": "9-9",
    "municipality": "9901",
    "anyway": "yes",
    "version": "1",
    "language": "en",
}
"""What makes some of the forms hold; days and lines are put in for each world."""


def asked_by_forms(app: Litestar) -> Mapping[str, frozenset[str]]:
    """Give, by the address of a door that takes a change, what its form asks for."""
    paths = described(app, {})["paths"]
    forms = {path: door["post"]["requestBody"]["content"][FORM] for path, door in paths.items() if "post" in door}
    asked = {path: frozenset(form["schema"]["properties"]) for path, form in forms.items()}
    found = ((door.path, re.sub(r":[a-z]+\}", "}", door.path)) for door in doors(app) if door.method == "POST")
    return {path: asked[plain] for path, plain in found if plain in asked}


def filled(asks: Collection[str], today: date, line_id: str) -> Fields:
    """Fill a form in: what is known by name, and today for every day."""
    known = {**PLAUSIBLE, "month": today.replace(day=1).isoformat(), "line_id": line_id}
    days = {name for name in asks if name.endswith("_on") or name in {"contract_from", "available_from"}}
    return tuple((name, known.get(name, today.isoformat())) for name in sorted(asks) if name in known or name in days)
