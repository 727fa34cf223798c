"""A made-up country for bench/exposure.py: people by age, waters beside them, communes; one seed.

Settlement is clumped and waters stand beside homes, which is the hard case: most circles overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from geomath.grid import Grid

SEED = 20260101
NATION = Grid(102.1, 23.4, 1 / 1200, 1 / 1200, 17_880, 8_880)  # 3 arc-seconds, 159 M cells
NATION_SETTLED = 6_000_000
NATION_HAZARDS = 1_000_000
NATION_COMMUNES = 3_321
OPEN_SHARE = 0.65  # of the waters: sign or barrier missing, or nobody has looked
CLUMP = 80  # settled cells of a hamlet, before those that fall together
AGES = (0, 1, 5, 10)  # first year of each band
WEIGHT = (0.06, 0.25, 0.33, 0.36)  # part of the children under 15 in each
WATER_OFF_DEG = 0.0014  # about 150 m from a home
BORDER_CORNERS = 40  # of each side of a commune
TILE = 512
NODATA = -99999.0


@dataclass(frozen=True)
class Country:
    """``cells`` are flat numbers of the settled cells, sorted; ``children`` are counted in each."""

    grid: Grid
    cells: NDArray[np.int64]
    children: NDArray[np.float32]
    waters: NDArray[np.float64]  # lon, lat
    is_open: NDArray[np.bool_]
    communes: list[shapely.Polygon]

    @property
    def settled(self) -> NDArray[np.bool_]:
        found = np.zeros(self.grid.size, dtype=np.bool_)
        found[self.cells] = True
        return found.reshape(self.grid.shape)

    @property
    def dense(self) -> NDArray[np.float64]:
        full = np.zeros(self.grid.size)
        full[self.cells] = self.children
        return full.reshape(self.grid.shape)


def make_country(parts: int) -> Country:
    """Make one of ``parts`` equal strips of the country, from the north."""
    grid = Grid(
        NATION.west_deg, NATION.north_deg, NATION.dlon_deg, NATION.dlat_deg, NATION.rows // parts,
        NATION.cols,
    )  # fmt: skip
    rng = np.random.default_rng(SEED)
    cells = _settled_cells(grid, NATION_SETTLED // parts, rng)
    count = NATION_HAZARDS // parts
    return Country(
        grid=grid,
        cells=cells,
        children=rng.gamma(0.7, 6.0, cells.size).astype(np.float32),
        waters=_waters(cells, grid, count, rng),
        is_open=rng.permutation(np.arange(count) < OPEN_SHARE * count),
        communes=_communes(grid, max(1, NATION_COMMUNES // parts), rng),
    )


def _settled_cells(grid: Grid, wanted: int, rng: np.random.Generator) -> NDArray[np.int64]:
    settled = np.zeros(grid.shape, dtype=np.bool_)
    while (have := int(settled.sum())) < wanted:
        clumps = max(1, (wanted - have) // CLUMP)
        row = rng.integers(0, grid.rows, clumps)[:, None] + rng.normal(0, 6, (clumps, CLUMP))
        col = rng.integers(0, grid.cols, clumps)[:, None] + rng.normal(0, 6, (clumps, CLUMP))
        row, col = row.astype(int).clip(0, grid.rows - 1), col.astype(int).clip(0, grid.cols - 1)
        settled[row, col] = True
    return np.flatnonzero(settled)


def _waters(
    cells: NDArray[np.int64], grid: Grid, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    row, col = np.divmod(rng.choice(cells, count), grid.cols)
    lon = grid.west_deg + (col + 0.5) * grid.dlon_deg + rng.normal(0, WATER_OFF_DEG, count)
    lat = grid.north_deg - (row + 0.5) * grid.dlat_deg + rng.normal(0, WATER_OFF_DEG, count)
    return np.column_stack([lon, lat])


def _communes(grid: Grid, wanted: int, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Cover the grid with about ``wanted`` units; neighbours share the corners of their borders."""
    west, south, east, north = grid.bounds
    down = max(1, round((wanted * (north - south) / (east - west)) ** 0.5))
    across = max(1, round(wanted / down))
    lon, lat = np.linspace(west, east, across + 1), np.linspace(north, south, down + 1)
    wide, high = (east - west) / across, (north - south) / down

    def side(a: NDArray[Any], b: NDArray[Any], sway: NDArray[Any]) -> NDArray[np.float64]:
        along = np.linspace(0, 1, BORDER_CORNERS)[:, None]
        bend = 0.3 * along * (1 - along) * rng.uniform(-1, 1, along.shape)  # sides never cross
        return np.asarray(a + along * (b - a) + bend * sway)

    corner = np.stack(np.meshgrid(lon, lat), axis=2)
    flat = [
        [side(corner[r, c], corner[r, c + 1], np.array([0, high * (0 < r < down)]))
         for c in range(across)] for r in range(down + 1)
    ]  # fmt: skip
    upright = [
        [side(corner[r, c], corner[r + 1, c], np.array([wide * (0 < c < across), 0]))
         for c in range(across + 1)] for r in range(down)
    ]  # fmt: skip
    return [
        shapely.Polygon(np.concatenate([
            flat[r][c][:-1], upright[r][c + 1][:-1], flat[r + 1][c][::-1][:-1], upright[r][c][::-1]
        ]))
        for r in range(down) for c in range(across)
    ]  # fmt: skip


def write_rasters(country: Country, folder: Path) -> list[str]:
    """Write one tiled, deflated GeoTIFF for each band of ages; returns the file names."""
    grid = country.grid
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "height": grid.rows, "width": grid.cols,
        "crs": "EPSG:4326", "nodata": NODATA, "tiled": True, "blockxsize": TILE,
        "blockysize": TILE, "compress": "deflate", "predictor": 3, "BIGTIFF": "IF_SAFER",
        "transform": rasterio.Affine(
            grid.dlon_deg, 0, grid.west_deg, 0, -grid.dlat_deg, grid.north_deg
        ),
    }  # fmt: skip
    names = [f"children_t_{age}.tif" for age in AGES]
    for name, weight in zip(names, WEIGHT, strict=True):
        with rasterio.open(folder / name, "w", **profile) as target:
            for first in range(0, grid.rows, TILE):
                rows = min(TILE, grid.rows - first)
                begin, end = np.searchsorted(
                    country.cells, [first * grid.cols, (first + rows) * grid.cols]
                )
                strip = np.full(rows * grid.cols, NODATA, dtype=np.float32)
                strip[country.cells[begin:end] - first * grid.cols] = (
                    country.children[begin:end] * weight
                )
                target.write(
                    strip.reshape(rows, grid.cols), 1, window=Window(0, first, grid.cols, rows)
                )
    return names
