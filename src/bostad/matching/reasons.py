"""What is said about each need after a run: what she got, or why she has nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bostad.matching.plan import Placement
from bostad.matching.problem import Home, Need


class Reason(StrEnum):
    """Why a need has no home in the plan, tested in this order."""

    NO_CONSENT = "no_consent"
    NO_HOME_FITS = "no_home_fits"
    KEPT_APART = "kept_apart"
    OUTRANKED = "outranked"


@dataclass(frozen=True)
class RunnerUp:
    """The home she would have had next, with what all changes it calls for would have cost together."""

    home: str
    extra_misfit: int
    exact: bool
    """False where only the least that it can cost is known"""


@dataclass(frozen=True)
class Placed:
    """One placement and the facts it rests on; `overdue` says that her last day to move in has passed."""

    placement: Placement
    need: Need
    home: Home
    wishes_unmet: tuple[str, ...]
    overdue: bool
    runner_up: RunnerUp | None = None


@dataclass(frozen=True)
class Unplaced:
    """One need without a home, and why; `detail` is plain data, fit for JSON."""

    need: Need
    reason: Reason
    overdue: bool
    detail: Mapping[str, Any] = field(default_factory=dict)
