"""What comes with a plan where building caps and keep-apart pairs bite: prices that no other plan could pay.

A tariff charges for homes, for room in lines, agreements and buildings, and for areas that two must not share. Let some
needs all be housed: together they pay at least what the cheapest home costs each of them, and take in no more than each
price times its room. So where they would pay more than there is to take, they cannot all be housed; and where misfit is
counted in, the difference is a misfit that no plan for them is below. Whoever can add can see that.
"""

from dataclasses import dataclass

from bostad.matching.candidates import Candidates
from bostad.matching.relation import Ints


@dataclass(frozen=True)
class Shared:
    """Homes for one need and homes for another, all of which lie together: of both sides one home at most is given.

    Needs are places in the order, homes rows of the problem; the price is paid for any of them.
    """

    one: int
    homes: tuple[int, ...]
    other: int
    other_homes: tuple[int, ...]
    price: int


@dataclass(frozen=True)
class Tariff:
    """Whole prices, none below zero; `unit` of them weigh as much as one point of misfit."""

    unit: int
    node: Ints
    """by node of the network without side rules, as in Proof"""
    building: tuple[tuple[str, int], ...]
    """by municipality and name of a building whose cap is a side rule"""
    shared: tuple[Shared, ...]


@dataclass(frozen=True)
class Unbounded:
    """The same needs housed by chains where some side rules are left out, and by node whom that leaves nothing.

    `names` are the nodes above the homes; a building among them with homes in several lines stands under their one
    agreement, or under none. `home_of` is by place; `threshold` is as in Proof.
    """

    names: tuple[tuple[str, str], ...]
    home_of: Ints
    threshold: Ints


@dataclass(frozen=True)
class SideProof:
    """Who can be housed together, and at what misfit. Places are places in the order of needs.

    Whoever has no home is kept out by one of the relaxations or by one of the tariffs; for those in `by_search` there
    is only the word of a solver that searched in vain.
    """

    candidates: Candidates
    names: tuple[tuple[str, str], ...]
    relaxations: tuple[Unbounded, ...]
    tariffs: tuple[Tariff, ...]
    by_search: tuple[int, ...]
    misfit: Tariff | None
    least: int | None
    """what by its tariff no plan that houses the same needs costs less than, kept proposals taken off"""
    misfit_by_search: bool
    """whether there is only the word of a solver that the plan costs the least, above what its tariff proves"""
