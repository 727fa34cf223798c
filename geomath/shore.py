"""How much of a shore is closed by fences, and where it is open. Degrees in, metres out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

from geomath.distance import FloatArray, length_m, metres_per_degree_lat, metres_per_degree_lon

NEAR_M = 15.0  # a fence so near to the bank is taken to close it


@dataclass(frozen=True)
class ClosedShore:
    """``shore_m`` and ``open_m`` are geodesic; ``open_parts`` lines in EPSG:4326, perhaps none."""

    shore_m: float
    open_m: float
    open_parts: MultiLineString

    @property
    def closed_share(self) -> float:
        """0 to 1; 0 where there is no shore at all."""
        return max(0.0, 1 - self.open_m / self.shore_m) if self.shore_m else 0.0


def shore_of(shape: BaseGeometry) -> MultiLineString:
    """Return the outer rings of an area, or the lines of a line, in the units of ``shape``."""
    return MultiLineString(list(_lines(shape)))


def closed_shore(
    shape: BaseGeometry, fences: Iterable[BaseGeometry], *, near_m: float = NEAR_M
) -> ClosedShore:
    """Return what of the shore of ``shape`` (an area, or a stretch of shore as a line) is open.

    A piece of shore is closed where a fence runs along it: at most ``near_m`` metres away, and
    within 45 degrees of its direction. A fence reaches no further than its ends, so nothing is
    closed that no fence stands before. Only outer rings count: nobody walks up to islands.
    """
    lines = shore_of(shape)
    if lines.is_empty:
        return ClosedShore(0.0, 0.0, lines)
    flat = _Flat(lines)
    shore = _pieces(flat.to_metres(lines), near_m)
    fence = _pieces(
        MultiLineString([one for given in fences for one in _lines(given)]), near_m, flat
    )
    rest = shapely.line_merge(shapely.union_all(_open_pieces(shore, fence, near_m)))
    open_parts = MultiLineString(list(_lines(flat.to_degrees(rest))))
    return ClosedShore(length_m(lines), length_m(open_parts), open_parts)


def _open_pieces(shore: _Pieces, fence: _Pieces, near_m: float) -> list[BaseGeometry]:
    """Cut from each piece of shore what the fence along it closes."""
    left = list(shore.lines)
    if not len(fence.lines):
        return left
    near, beside = STRtree(fence.lines).query(shore.lines, "dwithin", near_m)
    along = np.abs((shore.headings[near] * fence.headings[beside]).sum(axis=1))
    near, beside = near[along >= np.cos(np.pi / 4)], beside[along >= np.cos(np.pi / 4)]
    for place in np.unique(near):
        runs = _runs(fence, np.sort(beside[near == place]))
        strips = shapely.buffer(runs, near_m, cap_style="flat", join_style="round")
        left[place] = shapely.difference(left[place], shapely.union_all(strips))
    return left


def _runs(fence: _Pieces, chosen: NDArray[np.int64]) -> list[BaseGeometry]:
    """Join chosen pieces that follow each other on one fence, each fence for itself."""
    breaks = np.flatnonzero((np.diff(chosen) != 1) | (np.diff(fence.line_of[chosen]) != 0)) + 1
    return [
        shapely.linestrings(shapely.get_coordinates(fence.lines[run]))
        for run in np.split(chosen, breaks)
    ]


@dataclass(frozen=True)
class _Pieces:
    """Short straight pieces in metres, the line each is of, and unit vectors (n, 2) of its way."""

    lines: NDArray[np.object_]
    headings: FloatArray
    line_of: NDArray[np.int64]


def _pieces(shape: BaseGeometry, near_m: float, flat: _Flat | None = None) -> _Pieces:
    """Cut lines into pieces of ``near_m`` / 3; headings are those over ``near_m`` to both sides."""
    pieces: list[Any] = []
    headings: list[FloatArray] = []
    counts: list[int] = []
    for line in _lines(flat.to_metres(shape) if flat else shape):
        corners = shapely.get_coordinates(shapely.segmentize(line, near_m / 3))
        ends = np.stack([corners[:-1], corners[1:]], axis=1)
        steps = np.hypot(*(corners[1:] - corners[:-1]).T)
        middle = np.cumsum(steps) - steps / 2
        back, on = middle - near_m, middle + near_m
        total = steps.sum()
        if np.array_equal(corners[0], corners[-1]):
            back, on = back % total, on % total
        behind = shapely.line_interpolate_point(line, np.clip(back, 0, total))
        ahead = shapely.line_interpolate_point(line, np.clip(on, 0, total))
        way = shapely.get_coordinates(ahead) - shapely.get_coordinates(behind)
        size = np.maximum(np.hypot(*way.T), 1e-9)[:, None]
        pieces.extend(shapely.linestrings(ends))
        headings.append(way / size)
        counts.append(len(ends))
    lines = np.empty(len(pieces), dtype=object)
    lines[:] = pieces
    line_of = np.repeat(np.arange(len(counts)), counts)
    return _Pieces(lines, np.concatenate(headings) if headings else np.empty((0, 2)), line_of)


def _lines(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the outer rings and lines of a shape; points have none."""
    if shape.is_empty or (shape.length == 0 and not hasattr(shape, "geoms")):
        return
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _lines(part)
    elif shape.geom_type == "Polygon":
        yield shapely.linestrings(shape.exterior.coords)
    elif shape.geom_type in {"LineString", "LinearRing"}:
        yield shapely.linestrings(shape.coords)


class _Flat:
    """Metres east and north of the middle of a shape: true to 1e-4 over a few kilometres."""

    def __init__(self, shape: BaseGeometry) -> None:
        west, south, east, north = shape.bounds
        self.origin = np.array([(west + east) / 2, (south + north) / 2])
        lat = self.origin[1]
        self.scale = np.array(
            [float(metres_per_degree_lon(lat)), float(metres_per_degree_lat(lat))]
        )

    def to_metres(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda at: (at - self.origin) * self.scale)

    def to_degrees(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda at: at / self.scale + self.origin)
