"""A plan as plain text for a terminal: who gets what, who does not, and why."""

import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence

from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.reasons import Placed, Reason, Unplaced

NARROWEST, GAP = 30, "  "

RULES_IN_WORDS = {
    "line": "the dates of the quota line",
    "group": "the target group of the quota line",
    "municipality": "the municipality",
    "company": "a blocked company",
    "contract": "the kind of contract",
    "district": "an avoided or unknown district",
    "building": "an avoided or unknown building",
    "near": "a place to keep away from",
    "rooms": "the number of rooms",
    "people": "the landlord's limit on people",
    "rent": "the rent",
    "school": "the way to school",
    "dates": "the dates",
}


def plan_text(problem: Problem, plan: Plan, placed: Sequence[Placed], unplaced: Sequence[Unplaced]) -> str:
    """Return the whole plan, fitted to the width of the terminal."""
    got = [
        (row.need.need, row.need.risk, row.placement.home, row.placement.line, _points(row), _placed_because(row))
        for row in placed
    ]
    without = [(row.need.need, row.need.risk, _WORDS[row.reason](row) + _overdue(row.overdue)) for row in unplaced]
    parts = [textwrap.fill(summary(problem, plan), _terminal_width())]
    if got:
        parts += ["PLACED", _table(("need", "risk", "home", "line", "misfit", "how it fits"), got)]
    if without:
        parts += ["WITHOUT A HOME", _table(("need", "risk", "why"), without)]
    if problem.lines:
        parts += ["QUOTA LINES", _table(("line", "agreement", "quota", "cap", "in the plan"), _lines(problem, plan))]
    return "\n\n".join(parts)


def summary(problem: Problem, plan: Plan) -> str:
    """Return the plan in a sentence or two."""
    locked = len(problem.locked)
    promised = f", {locked} of them promised before" if locked else ""
    kept = f" {plan.kept} of {_count(len(problem.current), 'earlier proposal')} kept." if problem.current else ""
    return (
        f"Plan for {problem.run_date}: {len(plan.placements)} of {_count(len(problem.needs), 'need')} placed"
        f"{promised}, {_count(len(problem.homes), 'home')} in all. Misfit {plan.misfit}.{kept}{_not_proven(plan)}"
    )


def _not_proven(plan: Plan) -> str:
    if plan.proven:
        return ""
    if plan.unproven_from is None:
        return " Who is placed is proven to be best, the sum of misfit is not."
    return f" Not proven to be best from need {plan.unproven_from} on, in the order of needs."


def _lines(problem: Problem, plan: Plan) -> list[tuple[str, ...]]:
    under = [placement.line for placement in plan.placements]
    return [
        (
            line.line,
            line.agreement,
            str(line.quota),
            "-" if line.agreement_cap is None else str(line.agreement_cap),
            str(under.count(line.line)),
        )
        for line in problem.lines
    ]


def _points(row: Placed) -> str:
    return "-" if row.placement.misfit is None else str(row.placement.misfit.total)


def _placed_because(row: Placed) -> str:
    misfit = row.placement.misfit
    if misfit is None:
        return "promised before" + _overdue(row.overdue)
    said = [f"rent {row.home.rent} of at most {row.need.rent_max} (+{misfit.rent})"]
    if misfit.rooms:
        said.append(f"{row.home.rooms} rooms, more than needed (+{misfit.rooms})")
    if misfit.wishes:
        said.append(f"wishes not met: {', '.join(row.wishes_unmet)} (+{misfit.wishes})")
    if misfit.school:
        metres = "unknown" if row.home.school_m is None else f"{row.home.school_m} m"
        said.append(f"way to school {metres} (+{misfit.school})")
    if misfit.days:
        said.append(f"free only on {row.home.available_from} (+{misfit.days})")
    if row.runner_up is not None:
        at_least = "" if row.runner_up.exact else " at least"
        said.append(f"next best {row.runner_up.home} ({row.runner_up.extra_misfit:+} in all{at_least})")
    return "; ".join(said) + _overdue(row.overdue)


def _no_consent(_: Unplaced) -> str:
    return "no live consent for any company with a home in the run"


def _no_home_fits(row: Unplaced) -> str:
    alone = [
        f"{_rule(rule)} ({_count(counts['homes'], 'home')}, of which {counts['gets'] or 'none'} would then be hers)"
        for rule, counts in row.detail["if_waived"].items()
        if counts["homes"]
    ]
    if not alone:
        return "no home fits, and no single rule is the reason"
    return f"no home fits; what alone stands in the way: {'; '.join(alone)}"


def _outranked(row: Unplaced) -> str:
    detail = row.detail
    said = [f"{_count(detail['homes_fit'], 'home')} would fit"]
    if detail["held_by"]:
        before = _count(detail["held_by"], "need")
        said.append(f"{before} before this one in the order hold what could be had, directly or through exchanges")
    full = [f"quota {line}" for line in detail["full_quotas"]] + [f"cap {name}" for name in detail["full_caps"]]
    if full:
        said.append(f"full: {', '.join(full)}")
    return "; ".join(said)


def _kept_apart(row: Unplaced) -> str:
    scopes = [rule.removeprefix("apart:") for rule in row.detail["rules"] if rule.startswith("apart:")]
    said = [f"she is to be kept apart from somebody who has one ({', '.join(scopes)})"] if scopes else []
    if "building_cap" in row.detail["rules"]:
        said.append("the limit of a building stands in the way")
    return f"homes would fit, but {' or '.join(said) or 'others are kept apart'}"


_WORDS: Mapping[Reason, Callable[[Unplaced], str]] = {
    Reason.NO_CONSENT: _no_consent,
    Reason.NO_HOME_FITS: _no_home_fits,
    Reason.KEPT_APART: _kept_apart,
    Reason.OUTRANKED: _outranked,
}


def _rule(rule: str) -> str:
    return RULES_IN_WORDS.get(rule) or rule.removeprefix("must:").replace("_", " ")


def _overdue(overdue: bool) -> str:  # noqa: FBT001 - a fact to put into words
    return "; the last day to move in has passed" if overdue else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align the columns, numbers to the right; the last one takes the rest of the terminal's width and wraps."""
    rows = [[_printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    used = sum(widths[:-1]) + len(GAP) * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(NARROWEST, _terminal_width() - used))
    numbers = {column for column in range(len(header)) if all(_is_number(row[column]) for row in rows)}
    lines = [line for row in [header, ["-" * width for width in widths], *rows] for line in _row(row, widths, numbers)]
    return "\n".join(lines)


def _terminal_width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _row(cells: Sequence[str], widths: Sequence[int], numbers: set[int]) -> Iterator[str]:
    wrapped = textwrap.wrap(cells[-1], widths[-1]) or [""]
    first = [*cells[:-1], wrapped[0]]
    aligned = [
        cell.rjust(width) if column in numbers else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(first, widths, strict=True))
    ]
    yield GAP.join(aligned).rstrip()
    indent = " " * (sum(widths[:-1]) + len(GAP) * (len(widths) - 1))
    yield from (indent + rest for rest in wrapped[1:])


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.isdigit()


def _printable(cell: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in cell)
