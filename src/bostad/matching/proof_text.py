"""What proves a plan, as text and back: numbers alone, without the list of pairs that fit, which the problem gives."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bostad.matching.candidates import Candidates, open_pairs
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints
from bostad.matching.side_proof import Shared, SideProof, Tariff, Unbounded


def proof_as_text(problem: Problem, plan: Plan) -> str:
    """Write down what proves a plan. Needs stand there by their place in the order, never by name."""
    side = plan.side_proof
    listed = plan.proof or side
    place_of = (
        {problem.needs[row].need: place for place, row in enumerate(listed.candidates.needs.tolist())} if listed else {}
    )
    said = {
        "proof": _numbers(plan.proof, "threshold", "number", "price") if plan.proof else None,
        "side": _side(side) if side else None,
        "unproven_from": place_of.get(plan.unproven_from) if plan.unproven_from else None,
    }
    return json.dumps(said, sort_keys=True)


def with_proof(problem: Problem, plan: Plan, text: str) -> Plan:
    """Give a plan the proof that was written down with it."""
    said, candidates = json.loads(text), open_pairs(problem)
    unproven = said["unproven_from"]
    return replace(
        plan,
        proof=_proof_from(said["proof"], candidates) if said["proof"] else None,
        side_proof=_side_from(said["side"], candidates) if said["side"] else None,
        unproven_from=None if unproven is None else problem.needs[int(candidates.needs[unproven])].need,
    )


def _numbers(of: Proof | Unbounded, *names: str) -> dict[str, Any]:
    return {"names": of.names, **{name: getattr(of, name).tolist() for name in names}}


def _side(proof: SideProof) -> dict[str, Any]:
    return {
        "names": proof.names,
        "relaxations": [_numbers(one, "home_of", "threshold") for one in proof.relaxations],
        "tariffs": [_tariff(one) for one in proof.tariffs],
        "by_search": proof.by_search,
        "misfit": _tariff(proof.misfit) if proof.misfit else None,
        "least": proof.least,
        "misfit_by_search": proof.misfit_by_search,
    }


def _tariff(tariff: Tariff) -> dict[str, Any]:
    shared = [[one.one, one.homes, one.other, one.other_homes, one.price] for one in tariff.shared]
    return {"unit": tariff.unit, "node": tariff.node.tolist(), "building": tariff.building, "shared": shared}


def _proof_from(said: Mapping[str, Any], candidates: Candidates) -> Proof:
    numbers = (_ints(said[name]) for name in ("threshold", "number", "price"))
    return Proof(candidates, _named(said["names"]), *numbers)


def _side_from(said: Mapping[str, Any], candidates: Candidates) -> SideProof:
    return SideProof(
        candidates=candidates,
        names=_named(said["names"]),
        relaxations=tuple(
            Unbounded(_named(one["names"]), _ints(one["home_of"]), _ints(one["threshold"]))
            for one in said["relaxations"]
        ),
        tariffs=tuple(_tariff_from(one) for one in said["tariffs"]),
        by_search=tuple(said["by_search"]),
        misfit=_tariff_from(said["misfit"]) if said["misfit"] else None,
        least=said["least"],
        misfit_by_search=said["misfit_by_search"],
    )


def _tariff_from(said: Mapping[str, Any]) -> Tariff:
    return Tariff(
        unit=said["unit"],
        node=_ints(said["node"]),
        building=tuple((name, price) for name, price in said["building"]),
        shared=tuple(
            Shared(one, tuple(homes), other, tuple(other_homes), price)
            for one, homes, other, other_homes, price in said["shared"]
        ),
    )


def _named(said: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, name) for kind, name in said)


def _ints(said: list[int]) -> Ints:
    return np.array(said, dtype=np.int64)
