"""How likely a candidate is a water that the register should hold, 0 to 1, with its parts.

The score only orders the queue; nobody is judged by it. Weights add up to 1.
"""

from __future__ import annotations

import math

WEIGHTS = {"size": 0.5, "permanence": 0.3, "name": 0.2}
SMALL_M2, LARGE_M2 = 50.0, 20_000.0  # a garden pond: 0; from two hectares on: 1
NOT_KNOWN = 0.5  # a size or a permanence that nobody has said


def score_parts(*, area_m2: float | None, permanence: float | None, name: str) -> dict[str, float]:
    """Return the parts, each 0 to 1.

    >>> score_parts(area_m2=1000.0, permanence=0.9, name="Ao Sen")
    {'size': 0.5, 'permanence': 0.9, 'name': 1.0}
    """
    size = NOT_KNOWN
    if area_m2 is not None:
        reach = math.log(LARGE_M2 / SMALL_M2)
        size = math.log(max(area_m2, SMALL_M2) / SMALL_M2) / reach
    parts = {
        "size": min(size, 1.0),
        "permanence": NOT_KNOWN if permanence is None else min(max(permanence, 0.0), 1.0),
        "name": 1.0 if name else 0.0,
    }
    return {part: round(value, 3) for part, value in parts.items()}


def score(parts: dict[str, float]) -> float:
    """Return the weighted mean of the parts, 0 to 1."""
    return round(sum(WEIGHTS[part] * value for part, value in parts.items()), 4)
