"""The ids of the rows read so far, in sixteen bytes each, so that a file may be read in parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_PARTS_MAX = 8


class SeenIds:
    """Finds ids that stood in an earlier part, and in which row.

    Ids are kept as 64-bit hashes: two of a million fall together once in some 40 million files.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def repeats(self, rows: NDArray[np.int64], ids: Sequence[str]) -> list[tuple[int, int, str]]:
        """Return (row, earlier row, id) of the ids seen before, and remember all; "" is no id."""
        hashes = np.fromiter((hash(one) for one in ids), dtype=np.int64, count=len(ids))
        given = np.fromiter((bool(one) for one in ids), dtype=bool, count=len(ids))
        earlier = np.full(len(ids), -1, dtype=np.int64)
        for known, known_rows in self._parts:
            place = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            hit = given & (known[place] == hashes)
            earlier[hit] = known_rows[place[hit]]
        self._remember(hashes[given], rows[given])
        again = np.flatnonzero(earlier >= 0).tolist()
        return [(int(rows[i]), int(earlier[i]), ids[i]) for i in again]

    def _remember(self, hashes: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self._parts.append((hashes, rows))
        if len(self._parts) > _PARTS_MAX:
            hashes = np.concatenate([part for part, _ in self._parts])
            rows = np.concatenate([part for _, part in self._parts])
            self._parts = [(hashes, rows)]
        hashes, rows = self._parts.pop()
        if len(hashes):
            first = np.unique(hashes, return_index=True)[1]
            self._parts.append((hashes[first], rows[first]))
