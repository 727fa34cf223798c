"""A small drawing to scale of shapes that lie close together, without any map behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.distance import metres_per_degree_lat, metres_per_degree_lon

SIDE: Final = 200.0  # units of the square that is drawn in
MARGIN: Final = 0.12  # of the side, on each side
LEAST_M: Final = 30.0  # two points at one place are not blown up further than this
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True)
class Outline:
    """One shape: ``path`` as of SVG, and the middles of points, both in units of the drawing."""

    path: str
    points: list[tuple[float, float]]
    is_area: bool


@dataclass(frozen=True)
class Sketch:
    """Shapes in a square of SIDE units, north up, with a bar of ``scale_m`` round metres."""

    outlines: list[Outline]
    scale_m: int
    scale_units: float


def sketch(shapes: Sequence[BaseGeometry]) -> Sketch:
    """Draw shapes (degrees of EPSG:4326, not empty) around each other, all of them in view.

    Flat around their common middle, so for shapes within some kilometres. Lines are thinned to
    what can be seen: a thousandth of the side.
    """
    west, south, east, north = shapely.total_bounds(np.asarray(shapes, dtype=object))
    middle = ((west + east) / 2, (south + north) / 2)
    per_degree = np.array(
        [float(metres_per_degree_lon(middle[1])), float(metres_per_degree_lat(middle[1]))]
    )
    across_m = max(*(np.array([east - west, north - south]) * per_degree), LEAST_M)
    units_per_m = SIDE * (1 - 2 * MARGIN) / across_m

    def placed(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        away = (degrees - middle) * per_degree * units_per_m
        return np.asarray(away * (1, -1) + SIDE / 2)

    flat = [shapely.transform(shapely.force_2d(shape), placed) for shape in shapes]
    scale_m = _round_metres(across_m / 3)
    outlines = [_outline(shapely.simplify(one, SIDE / 1000)) for one in flat]
    return Sketch(outlines, scale_m, round(scale_m * units_per_m, 1))


def _outline(shape: BaseGeometry) -> Outline:
    paths, points, is_area = [], [], False
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            points.append((round(part.x, 1), round(part.y, 1)))
        elif part.geom_type == "Polygon":
            is_area = True
            paths += [_path(ring) + "Z" for ring in (part.exterior, *part.interiors)]
        else:
            paths.append(_path(part))
    return Outline("".join(paths), points, is_area)


def _path(line: BaseGeometry) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))


def _round_metres(metres: float) -> int:
    """Return the longest of 1, 2, 5, 10, 20, ... that is not longer."""
    ten = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(ten * max(step for step in _STEPS if step * ten <= max(metres, 1)))
