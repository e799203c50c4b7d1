"""What a matching run answers: who gets which home, and what each pair costs in misfit."""

from dataclasses import dataclass, field

from bostad.matching.proof import Proof
from bostad.matching.side_proof import SideProof


@dataclass(frozen=True)
class Misfit:
    """The five parts of how badly a home fits a need, in whole points; lower is better."""

    rooms: int
    rent: int
    wishes: int
    school: int
    days: int

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return self.rooms + self.rent + self.wishes + self.school + self.days


@dataclass(frozen=True)
class Placement:
    """One need in one home under one line; a locked one was promised before and has no misfit."""

    need: str
    home: str
    line: str
    locked: bool
    misfit: Misfit | None


@dataclass(frozen=True)
class Plan:
    """The placements in the order of needs, locked ones among them.

    `misfit` is the sum over those that are not locked, before the bonus; `kept` counts the pairs among them that
    stood in an earlier proposal, each worth `KEPT_BONUS` off the sum that is minimised. Where a plan is not proven to
    be the best, `unproven_from` is the first need in the order from whom on it might be bettered; None means that who
    is housed is proven. `proof` shows it where building caps and keep-apart pairs had no say, `side_proof` where they
    did.
    """

    placements: tuple[Placement, ...]
    proven: bool
    misfit: int
    kept: int
    unproven_from: str | None = None
    proof: Proof | None = field(default=None, compare=False, repr=False)
    side_proof: SideProof | None = field(default=None, compare=False, repr=False)


KEPT_BONUS = 5
