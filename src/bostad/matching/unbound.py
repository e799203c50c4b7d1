"""A network without side rules, in which chains alone decide: those for whom it has no room, no plan has room for."""

from dataclasses import dataclass

from bostad.matching.candidates import Candidates
from bostad.matching.housing import CLOSED, Chains, Search, a_search, chains_of, find_way_out, move_along
from bostad.matching.network import Network
from bostad.matching.relation import Table


@dataclass
class Unbound:
    """The network, and what searches in it have seen."""

    network: Network
    chains: Chains
    search: Search
    stamp: int = 0

    @classmethod
    def of(cls, network: Network, candidates: Candidates) -> "Unbound":
        """Begin with nobody housed."""
        chains = chains_of(network, candidates)
        return cls(network, chains, a_search(chains))

    def way_for(self, place: int) -> int:
        """Return the length of a chain that houses one more; what a search saw in vain is closed for good."""
        self.stamp += 1
        length, visits = find_way_out(place, self.stamp, self.chains, self.search)
        if not length:
            self.search.seen[self.search.visited[:visits]] = CLOSED
        return length

    def go(self, place: int, length: int) -> None:
        """House her along the chain that was found last."""
        move_along(place, length, self.chains, self.search.path)

    @property
    def open_homes(self) -> Table:
        """Which homes no search has seen in vain."""
        seen: Table = self.search.seen[: self.network.homes] < CLOSED
        return seen
