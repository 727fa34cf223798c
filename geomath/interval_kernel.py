"""Intervals along a row, kept as start << 32 | end in whole units: sort, merge, add up.

Whole numbers make the union exact: neither order nor repeats can change a bit of it.
"""

import numpy as np
from numpy.typing import NDArray

from geomath._jit import compiled
from geomath.capsule_kernel import UNITS

LOW_HALF = (1 << 32) - 1
BUCKETS, CROWD, FEW = 512, 48, 48  # of the sort inside a strip


@compiled
def add_insides(events: NDArray[np.int64], count: int, packed: NDArray[np.int64], n: int) -> int:
    """Turn bank crossings (position * 2 + 1 where water ends) into intervals of water."""
    events[:count].sort()
    depth, start = 0, 0
    for i in range(count):
        place = events[i] >> 1
        if events[i] & 1:
            depth -= 1
            if depth == 0 and place > start:
                packed[n] = (start << 32) | place
                n += 1
        else:
            if depth == 0:
                start = place
            depth += 1
    return n


@compiled
def deposit(start: int, end: int, weight: int, diff: NDArray[np.int64]) -> None:
    """Add the interval [start, end) to a row of cells, as differences along the row."""
    col, rest = start // UNITS, start % UNITS
    diff[col] += weight * (UNITS - rest)
    diff[col + 1] += weight * rest
    col, rest = end // UNITS, end % UNITS
    diff[col] -= weight * (UNITS - rest)
    diff[col + 1] -= weight * rest


@compiled
def sort_spread(packed: NDArray[np.int64], n: int, spare: NDArray[np.int64]) -> None:
    """Sort the first ``n`` intervals in place: into buckets by position, then by insertion.

    Waters spread over a row give about one interval a bucket, which makes this linear; where one
    bucket holds many (a cluster), the ordinary sort takes over.
    """
    low, high = packed[0], packed[0]
    for i in range(1, n):
        low, high = min(low, packed[i]), max(high, packed[i])
    shift = 0
    while (high - low) >> shift >= BUCKETS:
        shift += 1
    place = np.zeros(BUCKETS + 1, dtype=np.int64)
    for i in range(n):
        place[((packed[i] - low) >> shift) + 1] += 1
    if place.max() > CROWD:
        packed[:n].sort()
        return
    for bucket in range(BUCKETS):
        place[bucket + 1] += place[bucket]
    for i in range(n):
        bucket = (packed[i] - low) >> shift
        spare[place[bucket]] = packed[i]
        place[bucket] += 1
    for i in range(n):
        value = spare[i]
        j = i
        while j > 0 and packed[j - 1] > value:
            packed[j] = packed[j - 1]
            j -= 1
        packed[j] = value


@compiled
def merge(packed: NDArray[np.int64], n: int, spare: NDArray[np.int64]) -> int:
    """Sort the intervals (start << 32 | end) and merge what overlaps, in place; say how many."""
    if n == 0:
        return 0
    if n < FEW:
        packed[:n].sort()
    else:
        sort_spread(packed, n, spare)
    last = 0
    for i in range(1, n):
        end = packed[last] & LOW_HALF
        if packed[i] >> 32 > end:
            last += 1
            packed[last] = packed[i]
        elif packed[i] & LOW_HALF > end:
            packed[last] += (packed[i] & LOW_HALF) - end
    return last + 1


@compiled
def deposit_rest(
    start: int, end: int, merged: NDArray[np.int64], n: int, diff: NDArray[np.int64]
) -> None:
    """Add, once, the parts of [start, end) that no merged interval covers."""
    low, high = 0, n
    while low < high:
        half = (low + high) // 2
        if merged[half] & LOW_HALF <= start:
            low = half + 1
        else:
            high = half
    while low < n and merged[low] >> 32 < end:
        if merged[low] >> 32 > start:
            deposit(start, merged[low] >> 32, 1, diff)
        start = max(start, merged[low] & LOW_HALF)
        low += 1
    if start < end:
        deposit(start, end, 1, diff)
