"""Waters in the JRC layer "occurrence": cells that are wet often enough, joined to outlines.

A strip of rows is labelled at a time, and waters that reach over its lower edge are carried on into
the next, so that a water is one outline wherever the strips happen to end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from scipy import ndimage

from candidates.errors import OtherGridError, WaterRasterError
from candidates.loading.found import Found
from geomath.distance import area_m2
from hazards.importing.kinds import LAKE_FROM_M2
from hazards.taxonomy import HazardKind
from maps.water_rasters import STRIP_ROWS, WaterGrid, water_grid, water_strips

NO_DATA = 255


@dataclass(frozen=True)
class JrcOptions:
    """From which percent of the time under water a cell counts; cells of the smallest water.

    Waters wet for fewer months a year are left out as paddy, where that layer is given.
    """

    min_occurrence_pct: int = 25
    min_cells: int = 2
    min_months: int = 4


@dataclass
class _Water:
    """A water being put together: runs of cells (row, first column, last), and sums over them."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)
    occurrence: float = 0.0
    months: float = 0.0

    @property
    def cells(self) -> int:
        return sum(last - first + 1 for _row, first, last in self.runs)


def read_jrc(
    path: Path, skipped: Counter[str], options: JrcOptions, *, seasonality: Path | None = None
) -> Iterator[Found]:
    """Yield the waters of the file, in EPSG:4326; raises a DomainError when it is no such layer."""
    grid = _checked(path)
    if seasonality is not None:
        _same_grid(path, grid, seasonality)
    for water in _waters(path, seasonality, options):
        if water.cells < options.min_cells:
            skipped[_("too small")] += 1
        elif seasonality is not None and water.months / water.cells < options.min_months:
            skipped[_("wet for too few months")] += 1
        else:
            yield _found(water, grid)


def _checked(path: Path) -> WaterGrid:
    grid = water_grid(path)
    if grid.crs.upper() not in ("EPSG:4326", "OGC:CRS84"):
        raise WaterRasterError(name=path.name, reason=grid.crs or "no coordinate system")
    if grid.dtype != "uint8":
        raise WaterRasterError(name=path.name, reason=grid.dtype)
    for _row, values in water_strips(path):
        odd = (values > 100) & (values != NO_DATA)
        if odd.any():
            raise WaterRasterError(name=path.name, reason=f"{int(values[odd][0])} %")
    return grid


def _same_grid(path: Path, grid: WaterGrid, other: Path) -> None:
    second = water_grid(other)
    names = ("west", "north", "cell_x", "cell_y", "height", "width")
    for name, mine, theirs in zip(names, grid.place, second.place, strict=True):
        if abs(mine - theirs) > 1e-9:
            what = f"{name} {theirs:g} ≠ {mine:g}"
            raise OtherGridError(name=other.name, first=path.name, what=what)


def _waters(path: Path, seasonality: Path | None, options: JrcOptions) -> Iterator[_Water]:
    """Yield each water once it is whole."""
    open_waters: dict[int, _Water] = {}  # by the label in the last row of the strip before
    last_row: NDArray[np.int64] | None = None
    months = water_strips(seasonality) if seasonality is not None else None
    for first, values in water_strips(path):
        wet = (values >= options.min_occurrence_pct) & (values != NO_DATA)
        season = next(months)[1] if months is not None else np.zeros_like(values)
        labels, count = ndimage.label(wet)
        waters = _of_strip(labels, count, first, values, season)
        owner = _joined(labels[0], last_row, waters, open_waters)
        bottom = np.where(labels[-1] > 0, labels[-1], 0)
        going_on = {owner[label] for label in np.unique(bottom) if label}
        for label, water in waters.items():
            if owner[label] == label and label not in going_on:
                yield water
        yield from (water for water in open_waters.values() if water.runs)
        open_waters = {label: waters[label] for label in going_on}
        last_row = np.array([owner.get(int(label), 0) for label in bottom], dtype=np.int64)
    yield from (water for water in open_waters.values() if water.runs)


def _of_strip(
    labels: NDArray[Any], count: int, first: int, values: NDArray[Any], season: NDArray[Any]
) -> dict[int, _Water]:
    waters = {label: _Water() for label in range(1, count + 1)}
    if not count:
        return waters
    index = np.arange(1, count + 1)
    occurrence = ndimage.sum_labels(values, labels, index)
    months = ndimage.sum_labels(np.where(season == NO_DATA, 0, season), labels, index)
    for label, water in waters.items():
        water.occurrence, water.months = float(occurrence[label - 1]), float(months[label - 1])
    edges = np.diff(np.pad(labels, ((0, 0), (1, 1))), axis=1) != 0
    for row in np.flatnonzero(labels.any(axis=1)):
        cuts = np.flatnonzero(edges[row])
        for start, end in pairwise(cuts):
            label = int(labels[row, start])
            if label:
                waters[label].runs.append((first + int(row), int(start), int(end) - 1))
    return waters


def _joined(
    top: NDArray[Any],
    last_row: NDArray[np.int64] | None,
    waters: dict[int, _Water],
    open_waters: dict[int, _Water],
) -> dict[int, int]:
    """Join waters of the strip with those that came over its upper edge; return label -> owner.

    A water taken up empties the one it came from.
    """
    parent = {label: label for label in waters}

    def root(label: int) -> int:
        while parent[label] != label:
            label = parent[label]
        return label

    holder: dict[int, int] = {}  # open water -> label that took it up
    if last_row is not None:
        for before, label in set(zip(last_row.tolist(), top.tolist(), strict=True)):
            if not before or not label:
                continue
            mine = root(int(label))
            if before in holder:
                other = root(holder[before])
                if other != mine:
                    _take(waters[mine], waters[other])
                    parent[other] = mine
            else:
                _take(waters[mine], open_waters[before])
                holder[before] = mine
    return {label: root(label) for label in waters}


def _take(into: _Water, source: _Water) -> None:
    into.runs += source.runs
    into.occurrence += source.occurrence
    into.months += source.months
    source.runs = []


def _found(water: _Water, grid: WaterGrid) -> Found:
    runs = np.array(sorted(water.runs), dtype=np.float64)
    west = grid.west + runs[:, 1] * grid.cell_x
    east = grid.west + (runs[:, 2] + 1) * grid.cell_x
    north = grid.north - runs[:, 0] * grid.cell_y
    south = grid.north - (runs[:, 0] + 1) * grid.cell_y  # to the bit the next row's north
    outline = shapely.union_all(shapely.box(west, south, east, north))
    size_m2 = area_m2(outline)
    row, column = sorted(water.runs)[0][:2]
    lon, lat = grid.west + (column + 0.5) * grid.cell_x, grid.north - (row + 0.5) * grid.cell_y
    return Found(
        source_id=f"cell/{lon:.5f},{lat:.5f}",
        kind=HazardKind.LAKE if size_m2 >= LAKE_FROM_M2 else HazardKind.POND,
        name="",
        shape=outline,
        area_m2=size_m2,
        permanence=water.occurrence / water.cells / 100,
    )


__all__ = ["STRIP_ROWS", "JrcOptions", "read_jrc"]
