"""Classes for a choropleth whose printed limits are true: equal values, equal colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NO_VALUE = -2  # nothing known or nobody there: hatched, "-"
ZERO = -1  # a true zero, its own colour


@dataclass(frozen=True)
class Classes:
    """Where values fall.

    limits  (lowest, highest) value really met in each class, both included; print these
    index   class of each value given: 0, 1, ...; ZERO or NO_VALUE
    counts  how many values each class holds
    """

    limits: tuple[tuple[float, float], ...]
    index: tuple[int, ...]
    counts: tuple[int, ...]
    zero_count: int
    no_value_count: int


def quantile_classes(values: Sequence[float | None], k: int = 5) -> Classes:
    """Split positive values into at most ``k`` classes of about equal number.

    None, NaN and infinite values are "no value", never 0; zero has a class of its own; negative
    values are a ValueError (counts and shares are meant). Equal values are never split, so ties
    make classes uneven, and fewer distinct values than ``k`` make fewer classes.

    >>> quantile_classes([0, 1, 2, 2, 9, None], k=2).limits
    ((1.0, 1.0), (2.0, 9.0))
    """
    if k < 1:
        raise ValueError(f"at least one class is needed, got {k}")
    numbers = [math.nan if value is None else float(value) for value in values]
    lowest = min((number for number in numbers if math.isfinite(number)), default=0.0)
    if lowest < 0:
        raise ValueError(f"values must be zero or more, got {lowest}")
    positive = np.array(sorted(number for number in numbers if 0 < number < math.inf))
    starts = _class_starts(positive, k)
    groups = np.split(positive, starts[1:]) if starts else []
    limits = tuple((float(group[0]), float(group[-1])) for group in groups)
    index = tuple(_class_of(number, limits) for number in numbers)
    return Classes(
        limits,
        index,
        tuple(len(group) for group in groups),
        index.count(ZERO),
        index.count(NO_VALUE),
    )


def _class_starts(ordered: np.ndarray[tuple[int], np.dtype[np.float64]], k: int) -> list[int]:
    """Places where classes begin: the even cut, moved to the nearer end of a run of equals."""
    if ordered.size == 0:
        return []
    distinct = np.flatnonzero(np.diff(ordered, prepend=-1.0))  # where each distinct value begins
    if distinct.size <= k:
        return [int(place) for place in distinct]
    cuts = ordered.size * np.arange(1, k) / k
    nearest = {int(distinct[np.abs(distinct - cut).argmin()]) for cut in cuts}
    return sorted(nearest | {0})


def _class_of(number: float, limits: tuple[tuple[float, float], ...]) -> int:
    if not math.isfinite(number):
        return NO_VALUE
    if number == 0:
        return ZERO
    return next(place for place, (_, high) in enumerate(limits) if number <= high)
