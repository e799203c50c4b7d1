"""Facts that hold for few of many combinations, kept as sorted keys: memory grows with what is said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Table = NDArray[np.bool_]


@dataclass(frozen=True)
class Relation:
    """Which rows stand in relation to which codes, as the sorted numbers row x width + code."""

    keys: Ints
    width: int

    @classmethod
    def of(cls, sets: Sequence[Collection[str]], codes: Mapping[str, int], *, unknown: bool = False) -> Self:
        """Relate each row to the codes of its names; names without a code are left out.

        With `unknown` there is one code more, for what is not known, and a row with any name at all is related to it.
        """
        width = len(codes) + unknown
        keys = [row * width + codes[name] for row, names in enumerate(sets) for name in names if name in codes]
        keys += [row * width + width - 1 for row, names in enumerate(sets) if names] if unknown else []
        return cls.from_keys(keys, width)

    @classmethod
    def from_keys(cls, keys: Iterable[int], width: int) -> Self:
        """Take the keys in any order."""
        return cls(np.sort(np.fromiter(keys, dtype=np.int64)), max(1, width))

    def holds(self, rows: Ints, codes: Ints) -> Table:
        """Return True where the row is related to the code; the arrays broadcast."""
        wanted = rows * self.width + codes
        if not len(self.keys):
            return np.zeros(wanted.shape, dtype=np.bool_)
        found: Table = self.keys[np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)] == wanted
        return found

    def codes_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return each given row, as its position in `rows`, beside each code that it is related to."""
        first, last = np.searchsorted(self.keys, rows * self.width), np.searchsorted(self.keys, (rows + 1) * self.width)
        position, at = ranges(first, last - first)
        return position, self.keys[at] % self.width


def ranges(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Write out ranges of whole numbers, one after another: which range each entry is of, and the entry itself."""
    of = np.repeat(np.arange(len(starts)), counts)
    before = np.cumsum(counts) - counts
    return of, np.arange(len(of)) - (before - starts)[of]
