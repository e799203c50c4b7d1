"""Judge what is said to prove a plan the best where building caps and keep-apart pairs bite, without any solver.

Every need without a home must be kept out: by a relaxation, in which exchanges lead only to those before her, or by a
tariff, by which she and those housed before her would pay more than there is to take. And where a tariff is said to
prove the misfit, those housed must pay no more than what there is to take and their misfit come to.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bostad.matching.check_misfit import Costs
from bostad.matching.check_proof import Pairs, homes_by_place, steps_of
from bostad.matching.check_side_rules import together
from bostad.matching.check_tree import Tree, building_limits, building_name, tree_of
from bostad.matching.plan import KEPT_BONUS, Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import FREE
from bostad.matching.relation import Ints, Table
from bostad.matching.side_proof import Shared, SideProof, Tariff, Unbounded

_HIGHEST = 2**32
"""No price is above it, so that sums of them cannot overflow."""
_NO_HOME = 2**60


class _Case(NamedTuple):
    """A plan and its proof, with the pairs that fit and no promise forbids, sorted by place."""

    problem: Problem
    plan: Plan
    proof: SideProof
    place: Ints
    home: Ints
    home_of: Ints


def side_proof_faults(problem: Problem, plan: Plan, proof: SideProof) -> Iterator[str]:
    """Say what is wrong with the proof of a plan; the plan must have been found to keep every rule."""
    home_of = homes_by_place(problem, plan, proof.candidates.needs)
    case = _Case(problem, plan, proof, *_pairs(problem, proof), home_of)
    tree = tree_of(problem, (), proof.names)
    tariffs = [*proof.tariffs, *([proof.misfit] if proof.misfit else [])]
    if tree is None or not all(_is_one(tariff, tree, case) for tariff in tariffs):
        yield "the proof is not about this problem"
        return
    if (home_of[case.place] == case.home).sum() != (home_of >= 0).sum():
        yield "the proof does not know every pair that is in the plan"
        return
    yield from _who(case, tree)
    yield from _which(case, tree)


def _who(case: _Case, tree: Tree) -> Iterator[str]:
    out = np.zeros(len(case.home_of), dtype=np.bool_)
    for relaxed in case.proof.relaxations:
        kept_out = _kept_out_by_chains(case, relaxed)
        if kept_out is None:
            yield "the proof of who is housed fails: a relaxation does not hold"
            return
        out |= kept_out
    for tariff in case.proof.tariffs:
        out |= _kept_out_by_prices(case, tariff, tree)
    out[list(case.proof.by_search)] = True
    could = np.bincount(case.place, minlength=len(out)) > 0
    last = len(out) if case.plan.unproven_from is None else _place_of(case)[case.plan.unproven_from]
    for place in np.flatnonzero(could & ~out & (case.home_of < 0))[:1].tolist():
        if place < last:
            yield f"nothing shows that need {_need(case, place)} could not have a home"


def _which(case: _Case, tree: Tree) -> Iterator[str]:
    tariff, least = case.proof.misfit, case.proof.least
    if tariff is None or least is None:
        return
    housed = np.flatnonzero(case.home_of >= 0)
    need = case.proof.candidates.needs[case.place]
    cost = Costs(case.problem, need).of(need, case.home)
    pays = _least(case, _charged(case, tariff, tree) + tariff.unit * cost)[housed]
    if sum(pays.tolist()) - _to_take(case, tariff, tree) <= tariff.unit * (least - 1):
        yield f"the prices do not show that every plan costs {least} or more"
    costs = case.plan.misfit - KEPT_BONUS * case.plan.kept
    if costs < least:
        yield f"every plan is said to cost {least} or more, and this one costs less"
    if costs > least and case.plan.proven and not case.proof.misfit_by_search:
        yield f"the plan costs {costs}, and it is not shown that every plan costs more than {least}"


def _pairs(problem: Problem, proof: SideProof) -> tuple[Ints, Ints]:
    """Return the pairs of the proof but those that a promise to somebody else forbids."""
    listed = proof.candidates
    place = np.repeat(np.arange(len(listed.needs)), np.diff(listed.start))
    home = listed.homes.astype(np.int64)
    place_of = {problem.needs[row].need: place for place, row in enumerate(listed.needs.tolist())}
    homes, promised = {one.home: one for one in problem.homes}, dict(problem.locked)
    stay = np.ones(len(place), dtype=np.bool_)
    for rule in problem.apart:
        for mine, other in ((rule.need_a, rule.need_b), (rule.need_b, rule.need_a)):
            if other in promised and mine not in promised:
                for row in np.flatnonzero(place == place_of[mine]).tolist():
                    stay[row] &= not together(rule.scope, problem.homes[home[row]], homes[promised[other]])
    return place[stay], home[stay]


def _kept_out_by_chains(case: _Case, relaxed: Unbounded) -> Table | None:
    """Return whom a relaxation keeps out, by place; None if it does not hold."""
    home_of, threshold = relaxed.home_of, relaxed.threshold
    housed = np.flatnonzero(home_of >= 0)
    tree = tree_of(case.problem, home_of[housed].tolist(), relaxed.names)
    if tree is None or len(threshold) != len(tree.above) + 1 or len(home_of) != len(case.home_of):
        return None
    pairs = Pairs(case.place, case.home, home_of[case.place])
    steps = steps_of(pairs, tree)
    holds = [
        (case.home_of[housed] >= 0).all(),
        (pairs.held == pairs.home).sum() == len(housed),
        (tree.used <= tree.cap).all(),
        threshold[-1] == FREE,
        (threshold[steps.before] >= threshold[steps.after]).all(),
        (threshold[home_of[housed]] >= housed).all(),
    ]
    if not all(holds):
        return None
    open_to = threshold[case.home] >= case.place
    kept_out: Table = np.bincount(case.place[open_to], minlength=len(home_of)) == 0
    return kept_out


def _kept_out_by_prices(case: _Case, tariff: Tariff, tree: Tree) -> Table:
    """Return who would have to pay, with all housed before her, more than there is to take."""
    pays = _least(case, _charged(case, tariff, tree))
    housed = case.home_of >= 0
    before = np.cumsum(np.where(housed, pays, 0)) - np.where(housed, pays, 0)
    out: Table = before + pays > _to_take(case, tariff, tree)
    return out


def _least(case: _Case, pays: Ints) -> Ints:
    least = np.full(len(case.home_of), _NO_HOME, dtype=np.int64)
    np.minimum.at(least, case.place, pays)
    return least


def _charged(case: _Case, tariff: Tariff, tree: Tree) -> Ints:
    """Return what each pair is charged: its home, all that it stands under, its building, and the areas it lies in."""
    price, homes = dict(tariff.building), case.problem.homes
    by_home = np.array([price.get(building_name(home), 0) if home.building else 0 for home in homes], dtype=np.int64)
    above, node = np.append(tree.above, len(tree.above)), np.arange(len(homes))
    while (node < len(tree.above)).any():
        by_home = by_home + np.where(node < len(tree.above), tariff.node[node], 0)
        node = above[node]
    charged = by_home[case.home]
    for area in tariff.shared:
        for place, some in ((area.one, area.homes), (area.other, area.other_homes)):
            span = slice(*np.searchsorted(case.place, [place, place + 1]))
            charged[span] += area.price * np.isin(case.home[span], some)
    return charged


def _to_take(case: _Case, tariff: Tariff, tree: Tree) -> int:
    """Add up each price times its room."""
    nodes: int = sum(
        price * room for price, room in zip(tariff.node[:-1].tolist(), tree.cap.tolist(), strict=True) if price
    )
    limits, homes = building_limits(case.problem), {home.home: home for home in case.problem.homes}
    promised = [building_name(homes[home]) for _, home in case.problem.locked if homes[home].building]
    buildings = sum(price * max(0, limits[name] - promised.count(name)) for name, price in tariff.building)
    return nodes + buildings + sum(area.price for area in tariff.shared)


def _is_one(tariff: Tariff, tree: Tree, case: _Case) -> bool:
    """Say whether a tariff charges only for what has a limit, and nothing below zero."""
    prices = [*tariff.node.tolist(), *(price for _, price in tariff.building), *(area.price for area in tariff.shared)]
    limits = building_limits(case.problem)
    return (
        len(tariff.node) == len(tree.above) + 1
        and 0 < tariff.unit <= _HIGHEST
        and all(0 <= price <= _HIGHEST for price in prices)
        and all(name in limits for name, _ in tariff.building)
        and len(dict(tariff.building)) == len(tariff.building)
        and all(_is_shared(area, case) for area in tariff.shared)
    )


def _is_shared(area: Shared, case: _Case) -> bool:
    """Say whether two needs are kept apart in such a way that every home of one side excludes each of the other."""
    homes, two = case.problem.homes, {_need(case, area.one), _need(case, area.other)}
    scopes = [rule.scope for rule in case.problem.apart if {rule.need_a, rule.need_b} == two]
    return any(
        all(together(scope, homes[one], homes[other]) for one in area.homes for other in area.other_homes)
        for scope in scopes
    )


def _place_of(case: _Case) -> dict[str, int]:
    return {_need(case, place): place for place in range(len(case.home_of))}


def _need(case: _Case, place: int) -> str:
    return case.problem.needs[int(case.proof.candidates.needs[place])].need
