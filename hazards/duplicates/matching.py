"""Are two records one water? Evidence for and against, added up as log-likelihood ratios.

Every part answers: how much likelier is this if both are one water than if they are two neighbours?
Natural logarithms; 0 says nothing, 3 is about twenty to one. Pure: no database.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

SAME_FROM = 3.0  # about 20 : 1
PERHAPS_FROM = -1.0  # about 1 : 3; below, nobody is asked
SAME, PERHAPS, DIFFERENT = "same", "perhaps", "different"

LEAST_SIGMA_M = 5.0  # no position is better than this, whatever a phone says
LEAST_DENSITY_PER_M2 = 1e-7  # waters; where the register is nearly empty
# Metres of uncertainty (one sigma) where nobody has said any.
SIGMA_OF_METHOD_M = {"gps": 15.0, "photo": 20.0, "map": 25.0, "import": 25.0}
SIGMA_UNKNOWN_M = 30.0

# Words that tell the kind of a water and not which one it is; without marks.
_GENERIC_TEXT = """
    ao ho dap kenh muong gieng bau dam suoi song ben be hoc moong tuoi nuoi ca chua thuy loi dien
    nuoc cong trinh nha ong ba anh chi so thon ap xom khu xa phuong cua lang tran vuc bai tam
"""
GENERIC = frozenset(_GENERIC_TEXT.split())
_WORDS = re.compile(r"[^\W_]+")
_ALIKE = (
    {"pond", "farm_tank", "lake", "reservoir_irr", "borrow_pit", "fire_basin"},
    {"lake", "reservoir_irr", "reservoir_hydro", "quarry"},
    {"dam", "weir", "sluice", "reservoir_irr", "reservoir_hydro"},
    {"canal", "ditch", "pump_sump"},
    {"well", "tank", "septic_lime"},
    {"construction", "borrow_pit", "quarry", "pond"},
    {"river_spot", "ferry_bridge", "flood_area"},
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is known of one record. ``name_plain`` without marks, in lower case; sigma in metres."""

    kind: str
    name_plain: str = ""
    sigma_m: float = SIGMA_UNKNOWN_M
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """``distance_m`` between the shapes, 0 where they touch; ``overlap`` is the area in common of
    the area of both together, None where one is no outline; ``density_per_m2`` of waters around.
    """

    distance_m: float
    overlap: float | None = None
    density_per_m2: float = 1e-5


@dataclass(frozen=True)
class Match:
    """``parts`` by name, in the order of their weight; ``score`` is their sum."""

    score: float
    parts: dict[str, float]

    @property
    def verdict(self) -> str:
        if self.score >= SAME_FROM:
            return SAME
        return PERHAPS if self.score >= PERHAPS_FROM else DIFFERENT


def match(one: Record, other: Record, geometry: Geometry) -> Match:
    """Weigh two records; it does not matter which comes first."""
    parts = {
        "position": _position(one, other, geometry),
        "name": _name(one.name_plain, other.name_plain),
        "kind": _kind(one.kind, other.kind),
        "source": -3.0 if one.source and one.source == other.source else 0.0,
    }
    ordered = dict(sorted(parts.items(), key=lambda item: -abs(item[1])))
    return Match(round(sum(parts.values()), 4), {k: round(v, 3) for k, v in ordered.items()})


def sigma_of(method: str, accuracy_m: float | None) -> float:
    """Return one sigma of a position in metres, from what was said of it or from its method."""
    if accuracy_m is not None:
        return max(accuracy_m, LEAST_SIGMA_M)
    return SIGMA_OF_METHOD_M.get(method, SIGMA_UNKNOWN_M)


def _position(one: Record, other: Record, geometry: Geometry) -> float:
    """Readings of one place lie apart by their errors, neighbours as waters are dense."""
    if geometry.overlap is not None and geometry.overlap > 0:
        return 6 * min(geometry.overlap / 0.5, 1.0) - 1.0
    variance = max(one.sigma_m**2 + other.sigma_m**2, LEAST_SIGMA_M**2)
    density = max(geometry.density_per_m2, LEAST_DENSITY_PER_M2)
    ratio = -(geometry.distance_m**2) / (2 * variance) - math.log(2 * math.pi * variance * density)
    return max(min(ratio, 5.0), -12.0)


def _name(one: str, other: str) -> float:
    first, second = set(_WORDS.findall(one)), set(_WORDS.findall(other))
    if not first or not second:
        return 0.0
    numbers = {w for w in first if w.isdigit()}, {w for w in second if w.isdigit()}
    if numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        return -8.0
    proper = first - GENERIC - numbers[0], second - GENERIC - numbers[1]
    if not proper[0] or not proper[1]:
        return 2.0 if first == second else 0.0
    if numbers[0] != numbers[1] and proper[0] == proper[1]:
        return 0.5  # "Hồ Sen" and "Hồ Sen 2"
    shared = len(proper[0] & proper[1]) / len(proper[0] | proper[1])
    if shared == 1:
        return 3.5
    return 1.5 if shared >= 0.5 else -2.5 if shared == 0 else -0.5


def _kind(one: str, other: str) -> float:
    if one == other:
        return 0.8
    alike = any(one in group and other in group for group in _ALIKE)
    return -0.3 if alike else -6.0
