"""Points of a list in a box of the map, counted in cells: by the database where it knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Floor, Least

from hazards.models import WaterHazard
from hazards.selectors.listing import HazardPoint

CELLS_ACROSS = 12  # circles of about 40 px side by side on a map of 500 px

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass
class Cell:
    """Points that lie together; its mark stands in their middle."""

    lon_sum: float = 0.0
    lat_sum: float = 0.0
    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, verdict: str, count: int, lon_sum: float, lat_sum: float) -> None:
        self.verdicts[verdict] += count
        self.lon_sum += lon_sum
        self.lat_sum += lat_sum

    @property
    def count(self) -> int:
        return sum(self.verdicts.values())

    @property
    def middle(self) -> tuple[float, float]:
        return self.lon_sum / self.count, self.lat_sum / self.count


def inside(points: Iterable[HazardPoint], box: Box | None) -> Iterator[HazardPoint]:
    west, south, east, north = box or (-180, -90, 180, 90)
    for point in points:
        if west <= point.lon <= east and south <= point.lat <= north:
            yield point


def cells_of(points: list[HazardPoint]) -> list[Cell]:
    """Count points in square cells of degrees."""
    lons, lats = [p.lon for p in points], [p.lat for p in points]
    west, south = min(lons), min(lats)
    side = _side(west, south, max(lons), max(lats))
    last = CELLS_ACROSS - 1  # the easternmost point belongs to the last cell, not to one more
    cells: dict[tuple[int, int], Cell] = defaultdict(Cell)
    for point in points:
        column, row = int((point.lon - west) / side), int((point.lat - south) / side)
        cells[min(column, last), min(row, last)].add(point.verdict, 1, point.lon, point.lat)
    return list(cells.values())


def rows_inside(placed: QuerySet[WaterHazard], box: Box | None) -> QuerySet[WaterHazard]:
    """Keep the rows whose position lies in the box; ``placed`` has lon and lat."""
    if box is None:
        return placed
    west, south, east, north = box
    near = placed.filter(geometry__bboverlaps=Polygon.from_bbox(box))  # by the index of outlines
    sides = Q(("lon__gte", west), ("lon__lte", east), ("lat__gte", south), ("lat__lte", north))
    return near.filter(sides)


def cells_of_rows(placed: QuerySet[WaterHazard]) -> list[Cell]:
    """Count rows in the same cells without reading them: a million of them in seconds."""
    ends: dict[str, Any] = placed.order_by().aggregate(
        west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat")
    )
    if ends["west"] is None:
        return []
    side = _side(**ends)
    grouped = (
        placed.order_by()
        .annotate(column=_place("lon", ends["west"], side), row=_place("lat", ends["south"], side))
        .values("column", "row", "verdict")
        .annotate(n=Count("pk"), lon_sum=Sum("lon"), lat_sum=Sum("lat"))
    )
    cells: dict[tuple[int, int], Cell] = defaultdict(Cell)
    for found in grouped:
        cell = cells[found["column"], found["row"]]
        cell.add(found["verdict"], found["n"], found["lon_sum"], found["lat_sum"])
    return list(cells.values())


def _side(west: float, south: float, east: float, north: float) -> float:
    return max(east - west, north - south, 1e-9) / CELLS_ACROSS


def _place(name: str, start: float, side: float) -> Least:
    steps = Cast(Floor((F(name) - Value(start)) / Value(side)), IntegerField())
    return Least(steps, Value(CELLS_ACROSS - 1))
