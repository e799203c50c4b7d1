"""Other ways to find the same plan, each in the fastest, vectorised way that its documentation has.

Each takes an arena and returns by place the home, or -1. Any weights that fall strictly along the order find who is
housed, so `needs - place` does; where only one sum can be minimised, one step of it is above all misfit together.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from bostad.bench.arena import Arena, blockers
from bostad.bench.greedy import home_by_home, household_by_household

Ints = NDArray[np.int64]
Peer = Callable[[Arena], Ints]


def flow_levels(arena: Arena) -> Ints:
    """Run OR-Tools min-cost flow twice: who, by weights, then which, by misfit."""
    who = _flow(arena, np.arange(arena.needs), arena.needs - np.arange(arena.needs))
    return _flow(arena, np.flatnonzero(who >= 0), None)


def _flow(arena: Arena, places: Ints, regret: Ints | None) -> Ints:
    """Route every place to a home, at its cost, or past all of them at the cost of its regret, if there is one."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    chosen = np.repeat(np.isin(np.arange(arena.needs), places), np.diff(arena.start))
    tail, head = arena.place[chosen], arena.needs + arena.home[chosen].astype(np.int64)
    sink = arena.needs + len(arena.above)
    cost = np.zeros(len(tail), dtype=np.int64) if regret is not None else arena.cost[chosen] - int(arena.cost.min())
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones_like(tail), cost)
    nodes = np.arange(len(arena.above))
    flow.add_arcs_with_capacity_and_unit_cost(
        arena.needs + nodes, arena.needs + arena.above, np.minimum(arena.cap, len(places)), np.zeros_like(nodes)
    )
    if regret is not None:
        flow.add_arcs_with_capacity_and_unit_cost(places, np.full_like(places, sink), np.ones_like(places), regret)
    flow.set_nodes_supplies(np.append(places, sink), np.append(np.ones_like(places), -len(places)))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow was not solved")
    carried = np.asarray(flow.flows(arcs)) == 1
    return _home_of(arena, tail[carried], head[carried] - arena.needs)


def scipy_sparse(arena: Arena) -> Ints:
    """Run scipy's sparse full matching of homes, each of which may also stay empty."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    row, column, weight, columns = _one_sum(arena)
    matrix = csr_array((weight, (row, column)), shape=(arena.homes, columns))
    homes, taken = min_weight_full_bipartite_matching(matrix)
    return _home_of(arena, taken[taken < arena.needs], homes[taken < arena.needs])


def scipy_dense(arena: Arena) -> Ints:
    """Run scipy's dense assignment on the same table written out."""
    from scipy.optimize import linear_sum_assignment

    row, column, weight, columns = _one_sum(arena)
    table = np.full((arena.homes, columns), np.inf)
    table[row, column] = weight
    homes, taken = linear_sum_assignment(table)
    return _home_of(arena, taken[taken < arena.needs], homes[taken < arena.needs])


def _one_sum(arena: Arena) -> tuple[Ints, Ints, NDArray[np.float64], int]:
    """Return homes down, needs, blockers and empty places across, and one weight for each pair, all above zero."""
    row_of, blocked = blockers(arena)
    extra = int(row_of.max(initial=-1)) + 1
    step = int(arena.cost.max(initial=0)) * arena.homes + 1
    hers = -(arena.needs - arena.place) * step + arena.cost
    must = np.full(len(blocked), -2 * arena.needs * step)
    empty = np.arange(arena.homes)
    weight = np.concatenate([hers, must, np.zeros(arena.homes, dtype=np.int64)]) + 2 * arena.needs * step + 1
    row = np.concatenate([arena.home.astype(np.int64), blocked, empty])
    column = np.concatenate([arena.place, arena.needs + row_of, arena.needs + extra + empty])
    return row, column, weight.astype(np.float64), arena.needs + extra + arena.homes


def highs(arena: Arena) -> Ints:
    """Run the HiGHS LP twice: who, then which; the corners of both are whole."""
    who = _linear(arena, np.arange(len(arena.home)), -(arena.needs - arena.place), lowest=0)
    among = np.flatnonzero(np.repeat(who >= 0, np.diff(arena.start)))
    return _linear(arena, among, arena.cost[among].astype(np.int64), lowest=1)


def _linear(arena: Arena, pairs: Ints, cost: Ints, *, lowest: int) -> Ints:
    import highspy

    place, node = arena.place[pairs], arena.home[pairs].astype(np.int64)
    rows, columns = [place], [np.arange(len(pairs))]
    position = np.arange(len(pairs))
    while len(node):
        rows.append(arena.needs + node)
        columns.append(position)
        node = arena.above[node]
        position, node = position[node < len(arena.above)], node[node < len(arena.above)]
    row, column = np.concatenate(rows), np.concatenate(columns)
    in_turn = np.argsort(column, kind="stable")
    housed = np.zeros(arena.needs)
    housed[np.unique(place)] = lowest
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(pairs), arena.needs + len(arena.above)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost.astype(float), np.zeros(len(pairs)), np.ones(len(pairs))
    lp.row_lower_ = np.append(housed, np.zeros(len(arena.above)))
    lp.row_upper_ = np.append(np.ones(arena.needs), np.minimum(arena.cap, arena.homes))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(column[in_turn], np.arange(len(pairs) + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row[in_turn], np.ones(len(row))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    solver.run()
    taken = np.flatnonzero(np.asarray(solver.getSolution().col_value) > 0.5)  # noqa: PLR2004 - more than half is one
    return _home_of(arena, place[taken], arena.home[pairs][taken].astype(np.int64))


def cp_sat(arena: Arena) -> Ints:
    """Run CP-SAT on the whole twice: who, then which."""
    who = _booleans(arena, np.arange(len(arena.home)), arena.needs - arena.place, exactly=False)
    among = np.flatnonzero(np.repeat(who >= 0, np.diff(arena.start)))
    return _booleans(arena, among, -arena.cost[among].astype(np.int64), exactly=True)


def _booleans(arena: Arena, pairs: Ints, worth: Ints, *, exactly: bool) -> Ints:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in pairs]
    place, node, position = arena.place[pairs], arena.home[pairs].astype(np.int64), np.arange(len(pairs))
    for rows in np.split(position, np.flatnonzero(np.diff(place)) + 1):
        one_of = [chosen[row] for row in rows.tolist()]
        model.add_exactly_one(one_of) if exactly else model.add_at_most_one(one_of)
    under: dict[int, list[int]] = {}
    while len(node):
        for at, row in zip(node.tolist(), position.tolist(), strict=True):
            under.setdefault(at, []).append(row)
        node = arena.above[node]
        position, node = position[node < len(arena.above)], node[node < len(arena.above)]
    for at, below in under.items():
        if len(below) > arena.cap[at]:
            some = [chosen[row] for row in below]
            model.add_at_most_one(some) if arena.cap[at] == 1 else model.add(sum(some) <= int(arena.cap[at]))
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, worth.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # all of it: the corners are whole, and without this it is lost at M
    if solver.solve(model) != cp_model.OPTIMAL:
        raise RuntimeError("not proven")
    taken = np.flatnonzero([solver.boolean_value(variable) for variable in chosen])
    return _home_of(arena, place[taken], arena.home[pairs][taken].astype(np.int64))


def networkx(arena: Arena) -> Ints:
    """Run networkx's cheapest largest flow: the best set is also a largest one."""
    import networkx as nx

    graph = nx.DiGraph()
    step = int(arena.cost.max(initial=0)) * arena.homes + 1
    place = arena.place
    for row in range(len(place)):
        at, home = int(place[row]), int(arena.home[row])
        graph.add_edge("in", ("need", at), capacity=1, weight=0)
        graph.add_edge(("need", at), home, capacity=1, weight=int(arena.cost[row]) - (arena.needs - at) * step)
    for node, above in enumerate(arena.above.tolist()):
        graph.add_edge(node, above, capacity=int(arena.cap[node]), weight=0)
    flow = nx.max_flow_min_cost(graph, "in", len(arena.above))
    needs = {at[1]: homes for at, homes in flow.items() if isinstance(at, tuple)}
    pairs = [(place, home) for place, homes in needs.items() for home, one in homes.items() if one]
    places, homes = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return _home_of(arena, places, homes)


def floor(arena: Arena) -> Ints:
    """Read every pair once and find a largest matching, with no order, misfit or quotas: the least there is to do."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    matrix = csr_array((np.ones(len(arena.home), dtype=np.int8), arena.home, arena.start), (arena.needs, arena.homes))
    return np.asarray(maximum_bipartite_matching(matrix, perm_type="column"), dtype=np.int64)


def _home_of(arena: Arena, places: Ints, homes: Ints) -> Ints:
    home_of = np.full(arena.needs, -1, dtype=np.int64)
    home_of[places] = homes
    return home_of


PEERS: Mapping[str, Peer] = {
    "flow-levels": flow_levels,
    "scipy-sparse": scipy_sparse,
    "scipy-dense": scipy_dense,
    "highs": highs,
    "cp-sat": cp_sat,
    "networkx": networkx,
    "greedy-home": home_by_home,
    "greedy-household": household_by_household,
    "floor": floor,
}
