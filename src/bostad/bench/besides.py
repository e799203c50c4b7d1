"""What else is asked of the engine at a size: all counterfactuals, a decline planned anew, and side rules."""

from dataclasses import dataclass
from statistics import mean, median
from time import process_time

import numpy as np

from bostad.bench.instances import instance
from bostad.matching.candidates import open_pairs
from bostad.matching.plan import KEPT_BONUS, Plan
from bostad.matching.priority import order
from bostad.matching.problem import Problem

DECLINES = 40
"""How many placements are declined, each by itself, chosen with a seed."""


@dataclass(frozen=True)
class Besides:
    """CPU seconds of one size; `declines` one for each decline."""

    size: str
    whole_run: float
    reasons: float
    declines: tuple[float, ...]
    with_rules: float
    checking_rules: float
    said_of_rules: str


def besides(size: str) -> Besides:
    """Measure one size; a first round on a small one makes the compiled code ready."""
    _measured("S")
    return _measured(size)


def table(rows: list[Besides]) -> str:
    """Return what was measured as Markdown."""
    lines = [
        "| size | whole run | all reasons | a decline: median | mean | longest | with side rules | checking that |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.size} | {row.whole_run:.2f} | {row.reasons:.3f} | {median(row.declines):.4f} "
        f"| {mean(row.declines):.4f} | {max(row.declines):.4f} | {row.with_rules:.2f} | {row.checking_rules:.2f} |"
        for row in rows
    ]
    return "\n".join([*lines, "", *(f"{row.size}, side rules: {row.said_of_rules}" for row in rows)])


def _measured(size: str) -> Besides:
    from bostad.matching.check import faults
    from bostad.matching.explain import unplaced
    from bostad.matching.solve import best_plan

    problem = instance(size)
    start = process_time()
    plan = best_plan(problem, open_pairs(problem))
    whole_run = process_time() - start
    start = process_time()
    unplaced(problem, plan)
    reasons = process_time() - start
    bound = instance(size, side_rules=True)
    start = process_time()
    under_rules = best_plan(bound)
    with_rules = process_time() - start
    start = process_time()
    wrong = faults(bound, under_rules)
    checking_rules = process_time() - start
    said = f"{_said(bound, under_rules)}, {len(wrong)} faults"
    return Besides(size, whole_run, reasons, _declines(problem, plan), with_rules, checking_rules, said)


def _declines(problem: Problem, plan: Plan) -> tuple[float, ...]:
    """Decline some of the placements, each by itself; every plan comes with its proof."""
    from bostad.matching.standing import after_decline, standing

    now = standing(problem, plan)
    if now is None:
        raise RuntimeError("an instance without side rules has a plan that stands")
    dice = np.random.default_rng(1)
    chosen = dice.choice(len(plan.placements), min(DECLINES, len(plan.placements)), replace=False)
    seconds = []
    for at in chosen.tolist():
        placement = plan.placements[at]
        start = process_time()
        after_decline(now, placement.need, placement.home)
        seconds.append(process_time() - start)
    return tuple(seconds)


def _said(problem: Problem, plan: Plan) -> str:
    """Say how much of the order is proven, and by what."""
    places = {problem.needs[row].need: place for place, row in enumerate(order(problem.needs))}
    upto = len(places) if plan.unproven_from is None else places[plan.unproven_from]
    housed = sum(places[placement.need] < upto for placement in plan.placements)
    said = f"who is housed is proven up to place {upto:,} of {len(places):,} ({housed:,} of {len(plan.placements):,})"
    proof = plan.side_proof
    if proof is None:
        return f"{said}; no rule bites"
    costs = plan.misfit - KEPT_BONUS * plan.kept
    least = "no bound" if proof.least is None else f"{proof.least:,} by prices"
    return f"{said}, {len(proof.by_search)} by search alone; misfit {costs:,}, at least {least}"
