"""A core with halves and thirds allowed, as a linear programme (OR-Tools' GLOP, through MathOpt).

Quotas and homes alone would make every corner of it whole, and building caps and keep-apart pairs spoil few corners:
what it gives is nearly always a choice of pairs, and what it charges for room proves that no better one is to be had.

MathOpt's own Python objects cost more than solving does: the programme is handed over as the message they would write.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2, solution_pb2
from ortools.math_opt.core.python import solver

from bostad.matching.cores import Budget
from bostad.matching.limits import Core, Limits
from bostad.matching.relation import Ints, Table

OF_A_PAIR, OF_A_STEP = 1e-6, 3e-5
"""Effort, in deterministic seconds: what a pair takes to be handed over, and a step of the simplex method."""
NEAR = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Relaxed:
    """How much of each pair is chosen, 0 to 1, and what each limit charges for its room."""

    share: Floats
    charge: Floats

    @property
    def broken(self) -> Table:
        """Which pairs are chosen in part."""
        parts: Table = (self.share > NEAR) & (self.share < 1 - NEAR)
        return parts


def relax(core: Core, limits: Limits, cost: Floats, budget: Budget, *, wanted: Ints, start: Table) -> Relaxed | None:
    """House every need of a core at the least cost, those wanted only if that pays; None if the effort ends before.

    `start` is True for the pairs of an assignment that houses all but those wanted with every limit kept.
    """
    first = core.first
    lower = np.append(1.0 - np.isin(core.place[first], wanted), np.full(len(limits), -np.inf))
    upper = np.append(np.ones(len(first)), limits.most.astype(np.float64))
    of = np.append(np.repeat(np.arange(len(first)), core.sizes), len(first) + limits.number)
    model = _model(of, np.append(np.arange(len(core.place)), limits.row), lower, upper, cost)
    solution = _best_corner(model, budget, _basis(start, lower, upper)) or _best_corner(model, budget, None)
    if solution is None:
        return None
    share = _written_out(solution.primal_solution.variable_values, len(core.place))
    dual = _written_out(solution.dual_solution.dual_values, len(lower))
    return Relaxed(share, np.maximum(0.0, -dual[len(first) :]))


def _best_corner(model: Any, budget: Budget, start: Any) -> Any:
    """Solve a programme from a corner, or from nothing; None if the effort ends or rounding led the solver astray."""
    pairs = len(model.variables.ids)
    steps = int((budget.left - OF_A_PAIR * pairs) / OF_A_STEP)
    if steps <= 0:
        return None
    options = parameters_pb2.SolveParametersProto(iteration_limit=steps, threads=1)
    if start is not None:
        options.presolve = parameters_pb2.EMPHASIS_OFF
        options.lp_algorithm = parameters_pb2.LP_ALGORITHM_PRIMAL_SIMPLEX
    found = solver.solve(
        model,
        parameters_pb2.SOLVER_TYPE_GLOP,
        parameters_pb2.SolverInitializerProto(),
        options,
        model_parameters_pb2.ModelSolveParametersProto(initial_basis=start),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    budget.left -= OF_A_PAIR * pairs + OF_A_STEP * found.solve_stats.simplex_iterations
    return found.solutions[0] if found.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL else None


def _model(row: Ints, column: Ints, lower: Floats, upper: Floats, cost: Floats) -> Any:
    """Write the programme down: a variable for each pair, a row for each need and each limit, and which stand where."""
    pairs = len(cost)
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(pairs))
    model.variables.lower_bounds.extend([0.0] * pairs)
    model.variables.upper_bounds.extend([1.0] * pairs)
    model.variables.integers.extend([False] * pairs)
    model.linear_constraints.ids.extend(range(len(lower)))
    model.linear_constraints.lower_bounds.extend(lower.tolist())
    model.linear_constraints.upper_bounds.extend(upper.tolist())
    in_turn = np.lexsort([column, row])
    model.linear_constraint_matrix.row_ids.extend(row[in_turn].tolist())
    model.linear_constraint_matrix.column_ids.extend(column[in_turn].tolist())
    model.linear_constraint_matrix.coefficients.extend([1.0] * len(row))
    paid = np.flatnonzero(cost)
    model.objective.linear_coefficients.ids.extend(paid.tolist())
    model.objective.linear_coefficients.values.extend(cost[paid].tolist())
    return model


def _basis(start: Table, lower: Floats, upper: Floats) -> Any:
    """Begin at an assignment: its pairs carry the rows of their needs; every other row carries what is left of it."""
    basic, at_lower, fixed = (
        solution_pb2.BASIS_STATUS_BASIC,
        solution_pb2.BASIS_STATUS_AT_LOWER_BOUND,
        solution_pb2.BASIS_STATUS_FIXED_VALUE,
    )
    basis = solution_pb2.BasisProto(basic_dual_feasibility=solution_pb2.SOLUTION_STATUS_UNSPECIFIED)
    basis.variable_status.ids.extend(range(len(start)))
    basis.variable_status.values.extend(np.where(start, basic, at_lower).tolist())
    basis.constraint_status.ids.extend(range(len(lower)))
    basis.constraint_status.values.extend(np.where(lower == upper, fixed, basic).tolist())
    return basis


def _written_out(sparse: Any, length: int) -> Floats:
    values = np.zeros(length)
    values[np.array(sparse.ids, dtype=np.int64)] = sparse.values
    return values
