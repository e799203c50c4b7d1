"""Whom a need without a home would have to put out: everybody who holds what she could have, directly or in chains."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bostad.matching.compiled import compiled
from bostad.matching.exchange import Classes, successor
from bostad.matching.housing import Chains
from bostad.matching.network import Network
from bostad.matching.relation import Ints

Bits = NDArray[np.uint64]
WORD = 64
MOST_BYTES = 2**28


@dataclass(frozen=True)
class Reach:
    """For each need asked about: how many needs she comes to, and which full nodes above the homes."""

    needs: Ints
    full: list[tuple[int, ...]]


def reach_of(network: Network, chains: Chains, classes: Classes, places: Ints) -> Reach:
    """Find what exchanges from these places come to; sets are bits, joined class by class, each class once."""
    nodes = np.argsort(classes.number, kind="stable")
    held = np.flatnonzero(network.holder >= 0)
    full = network.homes + np.flatnonzero(network.left[network.homes :] <= 0)
    count = np.zeros(len(places), dtype=np.int64)
    portion = max(WORD, MOST_BYTES // (int(classes.number.max()) + 1 + len(places)) * 8 // WORD * WORD)
    for first in range(0, len(held), portion):
        count += np.bitwise_count(_come_to(chains, classes, nodes, held[first : first + portion], places)).sum(
            axis=1, dtype=np.int64
        )
    return Reach(count, _named(_come_to(chains, classes, nodes, full, places), full))


def _named(bits: Bits, full: Ints) -> list[tuple[int, ...]]:
    """Read the bits of each row; rows with the same bits share their answer."""
    distinct, which = np.unique(bits, axis=0, return_inverse=True)
    lists = [
        tuple(full[np.flatnonzero(np.unpackbits(row.view(np.uint8), bitorder="little")[: len(full)])].tolist())
        for row in distinct
    ]
    return [lists[number] for number in which.reshape(-1).tolist()]


def _come_to(chains: Chains, classes: Classes, nodes: Ints, wanted: Ints, places: Ints) -> Bits:
    """Return a row of bits for each place: which of the wanted nodes exchanges from it come to."""
    bit = np.full(len(chains.above) + 1, -1, dtype=np.int64)
    bit[wanted] = np.arange(len(wanted))
    words = max(1, -(-len(wanted) // WORD))
    of_class = np.zeros((int(classes.number.max()) + 1, words), dtype=np.uint64)
    _join_classes(chains, classes.number, nodes, bit, of_class)
    of_place = np.zeros((len(places), words), dtype=np.uint64)
    _join_places(chains, classes.number, places, of_class, of_place)
    return of_place


@compiled
def _join_classes(chains: Chains, number: Ints, nodes: Ints, bit: Ints, of_class: Bits) -> None:
    """Join what each class leads to; classes come in the order of their numbers, so that those are complete already."""
    joined = np.full(len(of_class), -1, dtype=np.int64)
    for node in nodes:
        mine = number[node]
        if bit[node] >= 0:
            of_class[mine, bit[node] // WORD] |= np.uint64(1) << np.uint64(bit[node] % WORD)
        nth = -1
        while node < len(chains.above):
            nth += 1
            step = successor(node, nth, chains)
            if step == -1:
                break
            if step >= 0 and number[step] != mine and joined[number[step]] != mine:
                joined[number[step]] = mine
                of_class[mine] |= of_class[number[step]]


@compiled
def _join_places(chains: Chains, number: Ints, places: Ints, of_class: Bits, of_place: Bits) -> None:
    joined = np.full(len(of_class), -1, dtype=np.int64)
    for position in range(len(places)):
        place = places[position]
        for at in range(chains.start[place], chains.start[place + 1]):
            into = number[chains.homes[at]]
            if joined[into] != position:
                joined[into] = position
                of_place[position] |= of_class[into]
