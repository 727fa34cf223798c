"""A list's rows for the map beside it: each one, or all of them counted in cells. Never a part."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Any

from hazards.selectors.listing import HazardPoint, HazardRows

POINTS_MAX = 2000  # single marks on a map; with more the rows come counted in cells
CELLS_ACROSS = 12  # circles of about 40 px side by side on a map of 500 px

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


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
    inside = [point for point in rows.points() if box is None or _is_in(point, box)]
    is_single = len(inside) <= POINTS_MAX
    features = [_single(point) for point in inside] if is_single else _cells(inside)
    return {
        "type": "FeatureCollection",
        "total": rows.count(),
        "inside": len(inside),
        "grouped": not is_single,
        "features": features,
    }


def _is_in(point: HazardPoint, box: Box) -> bool:
    return box[0] <= point.lon <= box[2] and box[1] <= point.lat <= box[3]


def _single(point: HazardPoint) -> dict[str, Any]:
    properties = {"code": point.code, "name": point.name, "verdict": point.verdict}
    return _feature(point.lon, point.lat, properties)


def _cells(points: list[HazardPoint]) -> list[dict[str, Any]]:
    """Count the points in square cells of degrees, each mark in the middle of its points."""
    lons, lats = [p.lon for p in points], [p.lat for p in points]
    west, south = min(lons), min(lats)
    side = max(max(lons) - west, max(lats) - south, 1e-9) / CELLS_ACROSS
    last = CELLS_ACROSS - 1  # the easternmost point belongs to the last cell, not to one more
    groups: dict[tuple[int, int], list[HazardPoint]] = defaultdict(list)
    for point in points:
        column, row = int((point.lon - west) / side), int((point.lat - south) / side)
        groups[min(column, last), min(row, last)].append(point)
    return [_cell(group) for group in groups.values()]


def _cell(group: list[HazardPoint]) -> dict[str, Any]:
    count = len(group)
    properties = {"count": count, "verdicts": dict(Counter(point.verdict for point in group))}
    return _feature(
        sum(point.lon for point in group) / count,
        sum(point.lat for point in group) / count,
        properties,
    )


def _feature(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    position = [round(lon, 6), round(lat, 6)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": position},
        "properties": properties,
    }
