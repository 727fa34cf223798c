"""A list's rows for the map beside it: each one, or all of them counted in cells. Never a part."""

from __future__ import annotations

import math
from typing import Any

from hazards.selectors.listing import HazardPoint, HazardRows
from hazards.selectors.map_cells import Box, Cell, cells_of, cells_of_rows, inside, rows_inside

POINTS_MAX = 2000  # single marks on a map; with more the rows come counted in cells


def read_box(text: str) -> Box | None:
    """Read "west,south,east,north"; None when absent or unreadable."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    box = (west, south, east, north)
    return box if all(math.isfinite(side) for side in box) else None


def map_points(rows: HazardRows, box: Box | None = None) -> dict[str, Any]:
    """Return a FeatureCollection of the rows (inside ``box``), single or as counts per cell.

    ``total`` is the count of the whole list and ``inside`` that of the box, whatever is drawn.
    """
    points, cells = _found(rows, box)
    shown = len(points) + sum(cell.count for cell in cells)
    if box is not None:
        rows.exact_counts()  # a page may have counted no farther than it needs
    return {
        "type": "FeatureCollection",
        "total": shown if box is None else rows.count(),
        "inside": shown,
        "grouped": bool(cells),
        "features": [_single(point) for point in points] + [_counted(cell) for cell in cells],
    }


def _found(rows: HazardRows, box: Box | None) -> tuple[list[HazardPoint], list[Cell]]:
    """Return the points in the box, or, where they are many, none and their cells."""
    placed = rows.placed()
    if placed is None:
        points = list(inside(rows.points(), box))
        return (points, []) if len(points) <= POINTS_MAX else ([], cells_of(points))
    near = rows_inside(placed, box)
    columns = ("code", "name", "lon", "lat", "verdict")
    some = list(near.order_by().values_list(*columns)[: POINTS_MAX + 1])
    if len(some) > POINTS_MAX:
        return [], cells_of_rows(near)
    return [HazardPoint(*values) for values in sorted(some)], []


def _single(point: HazardPoint) -> dict[str, Any]:
    properties = {"code": point.code, "name": point.name, "verdict": point.verdict}
    return _feature(point.lon, point.lat, properties)


def _counted(cell: Cell) -> dict[str, Any]:
    return _feature(*cell.middle, {"count": cell.count, "verdicts": dict(cell.verdicts)})


def _feature(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    position = [round(lon, 6), round(lat, 6)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": position},
        "properties": properties,
    }
