"""What comes with a plan so that anybody can see that it is the best one, without solving anything again."""

from dataclasses import dataclass

from bostad.matching.candidates import Candidates
from bostad.matching.relation import Ints

FREE = 2**40
NO_WAY = -1


@dataclass(frozen=True)
class Proof:
    """The pairs that were considered, and three numbers for each node of the network above the homes.

    Nodes are the homes in the order of the problem, then those in `names`, then the way out.
    """

    candidates: Candidates
    names: tuple[tuple[str, str], ...]
    """what each node above the homes is (building, line, agreement) and its name"""
    threshold: Ints
    """the place of who would be put out if a newcomer took the node; FREE, or NO_WAY where she cannot"""
    number: Ints
    """the class of exchanges; they lead to the same number or a lower one"""
    price: Ints
    """what makes each exchange inside a class cost at least nothing"""
