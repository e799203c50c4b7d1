"""The facts that a proposal was made on: kept with it, so that a later change in them shows."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bostad.matching.problem import Home, Need
from bostad.sealing.keyring import Keyring
from bostad.words import Sentence, say

# Kept as a keyed fingerprint alone: it shows that they changed, and without the keys nobody can guess what they were.
SECRET = frozenset({"avoid_districts", "avoid_buildings", "avoid_near", "blocked_companies"})
LEFT_OUT = frozenset({"need", "home", "line", "company", "consents", "group", "waiting_since", "risk"})

LABELS: Mapping[str, Sentence] = {
    "adults": say("the number of adults"),
    "couples": say("how the adults live together"),
    "child_ages": say("the children's ages"),
    "rooms_min": say("the rooms needed"),
    "rent_max": say("the rent ceiling"),
    "municipalities": say("the municipalities"),
    "avoid_districts": say("what to avoid"),
    "avoid_buildings": say("what to avoid"),
    "avoid_near": say("what to avoid"),
    "blocked_companies": say("what to avoid"),
    "must": say("what the home must have"),
    "wish": say("the wishes"),
    "school_m_max": say("the distance to school"),
    "move_in_from": say("the earliest date"),
    "move_in_by": say("the latest date"),
    "contracts": say("the contract form"),
    "municipality": say("the home's municipality"),
    "district": say("the home's district"),
    "building": say("the home's building"),
    "lat": say("the home's place"),
    "lon": say("the home's place"),
    "rooms": say("the home's rooms"),
    "area_m2": say("the home's area"),
    "rent": say("the rent"),
    "floor": say("the floor"),
    "max_people": say("how many the home is let to"),
    "has": say("what the home has"),
    "lacks": say("what the home has"),
    "school_m": say("the home's distance to school"),
    "available_from": say("the day the home is free"),
    "offer_until": say("the last day to accept"),
}


def facts_of(need: Need, home: Home, keyring: Keyring) -> dict[str, Any]:
    """Give the facts of a pair as JSON keeps them, secrets as fingerprints of this household's own."""
    facts = {f"need.{name}": _plain(value) for name, value in asdict(need).items() if name not in LEFT_OUT}
    for name in SECRET:
        about, text = f"{need.need} {name}", json.dumps(facts[f"need.{name}"], sort_keys=True)
        facts[f"need.{name}"] = keyring.fingerprint(about, text)
    return facts | {f"home.{name}": _plain(value) for name, value in asdict(home).items() if name not in LEFT_OUT}


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """Name what differs between the facts of then and now, each thing once, in the order of the list above."""
    changed = {name.split(".", 1)[1] for name in then.keys() & now.keys() if then[name] != now[name]}
    sentences = [sentence for name, sentence in LABELS.items() if name in changed]
    return tuple({sentence.msgid: sentence for sentence in sentences}.values())


def _plain(value: object) -> Any:
    return json.loads(json.dumps(sorted(value, key=str) if isinstance(value, frozenset | set) else value, default=str))
