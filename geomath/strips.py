"""From pieces of water to the table that the sweep reads: strips, scales, order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geomath import capsule_kernel as kernel
from geomath.distance import FloatArray, metres_per_degree_lat, metres_per_degree_lon
from geomath.grid import Grid
from geomath.pieces import Pieces
from geomath.sweep_kernel import MAX_COLS

STRIP_M = 6.25  # tallest strip; the error measured with it is in docs/exposure-method.md
STRIPS_PER_DISTANCE = 32  # at least so many within the smallest distance asked
MAX_STRIPS_PER_ROW = 1024
LEVEL_M = 1e-6  # a piece that climbs less is level: avoids 0/0 along it


@dataclass(frozen=True)
class Strips:
    """Every row of cells cut into ``per_row`` strips of equal height.

    lat_deg  latitudes of the strips' edges, from the north (strips + 1)
    m_lon    metres per degree of longitude at the strips' middles
    """

    grid: Grid
    per_row: int
    lat_deg: FloatArray
    m_lon: FloatArray

    @classmethod
    def of(
        cls,
        grid: Grid,
        smallest_m: float,
        tallest_m: float = STRIP_M,
        per_distance: int = STRIPS_PER_DISTANCE,
    ) -> Self:
        """Choose strips fine enough for the cells and for the smallest distance."""
        if grid.cols > MAX_COLS:
            raise ValueError(f"{grid.cols} columns; cut the grid into windows of {MAX_COLS}")
        height_m = min(tallest_m, smallest_m / per_distance)
        per_row = min(MAX_STRIPS_PER_ROW, max(1, math.ceil(grid.cell_height_m / height_m)))
        edge = np.arange(grid.rows * per_row + 1)
        lat_deg = np.asarray(grid.north_deg - edge * (grid.dlat_deg / per_row), dtype=np.float64)
        middle_deg = (lat_deg[1:] + lat_deg[:-1]) / 2
        return cls(grid, per_row, lat_deg, metres_per_degree_lon(middle_deg))

    def window(self, first_row: int, last_row: int) -> Self:
        """Rows first_row up to, not including, last_row, with the very strips of the whole."""
        begin, end = first_row * self.per_row, last_row * self.per_row
        grid, lat_deg = self.grid, self.lat_deg[begin : end + 1]
        part = Grid(
            grid.west_deg, float(lat_deg[0]), grid.dlon_deg, grid.dlat_deg, last_row - first_row,
            grid.cols,
        )  # fmt: skip
        return type(self)(part, self.per_row, lat_deg, self.m_lon[begin:end])

    @property
    def count(self) -> int:
        """Number of strips."""
        return int(self.m_lon.size)


@dataclass(frozen=True)
class Ready:
    """Pieces as ``sweep_kernel.sweep_rows`` wants them; see there."""

    table: FloatArray
    first_of_strip: NDArray[np.int64]
    last_strip: NDArray[np.int64]
    reach: int
    room: int
    work: int

    def strip_load(self, per_row: int) -> NDArray[np.int64]:
        """Pieces to look at in each row of cells."""
        looked_at = _candidates(self.first_of_strip, self.reach)
        return np.asarray(looked_at.reshape(-1, per_row).sum(axis=1), dtype=np.int64)


def prepare(groups: Sequence[Pieces], strips: Strips, distance_m: float) -> Ready:
    """Scale, sort and prune the pieces of all groups for one distance."""
    tables = [_table(pieces, strips.grid) for pieces in groups]
    table = np.concatenate(tables) if tables else np.empty((0, kernel.FIELDS))
    first, last = _strip_range(table, strips, distance_m)
    wanted = _may_matter(table, strips, distance_m) & (last >= 0) & (first < strips.count)
    table, first = table[wanted], first[wanted].clip(0)
    last = last[wanted].clip(0, strips.count - 1)
    order = _from_north_and_west(first, table[:, kernel.COL_A])
    table, first, last = table[order], first[order], last[order]
    reach = int((last - first).max(initial=0))
    first_of_strip = np.searchsorted(first, np.arange(strips.count + 1)).astype(np.int64)
    room = int(_candidates(first_of_strip, reach).max(initial=0))
    work = int((last - first + 1).sum())
    return Ready(np.ascontiguousarray(table), first_of_strip, last, reach, room, work)


def _from_north_and_west(first: NDArray[np.int64], col: FloatArray) -> NDArray[np.int64]:
    """Order by first strip, then column: as one whole number, which sorts three times as fast."""
    part = ((col + MAX_COLS) * 2**16).clip(0, 2**34 - 1).astype(np.int64)
    return np.argsort((first << 34) | part, kind="stable")


def _candidates(first_of_strip: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    strip = np.arange(first_of_strip.size - 1)
    begin = first_of_strip[np.maximum(0, strip - reach)]
    return np.asarray(first_of_strip[strip + 1] - begin, dtype=np.int64)


def _table(pieces: Pieces, grid: Grid) -> FloatArray:
    """Pieces with the southern end first, in columns of the grid and in metres."""
    down = pieces.lat0 > pieces.lat1
    lon_a, lon_b = np.where(down, (pieces.lon1, pieces.lon0), (pieces.lon0, pieces.lon1))
    lat_a, lat_b = np.where(down, (pieces.lat1, pieces.lat0), (pieces.lat0, pieces.lat1))
    middle = (lat_a + lat_b) / 2
    table = np.empty((pieces.count, kernel.FIELDS))
    table[:, kernel.COL_A] = (lon_a - grid.west_deg) / grid.dlon_deg
    table[:, kernel.COL_B] = (lon_b - grid.west_deg) / grid.dlon_deg
    table[:, kernel.LAT_A] = lat_a
    table[:, kernel.LAT_B] = lat_b
    table[:, kernel.M_LAT] = metres_per_degree_lat(middle)
    table[:, kernel.M_LON] = metres_per_degree_lon(middle)
    table[:, kernel.DX_M] = (lon_b - lon_a) * table[:, kernel.M_LON]
    climb_m = (lat_b - lat_a) * table[:, kernel.M_LAT]
    table[:, kernel.DY_M] = np.where(climb_m < LEVEL_M, 0.0, climb_m)
    table[:, kernel.OWNER] = pieces.shape
    # walking south with the water on the left, water lies to the east
    table[:, kernel.TURN] = np.where(down, pieces.turn, -pieces.turn)
    return table


def _strip_range(
    table: FloatArray, strips: Strips, distance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last strip that each piece reaches; may lie off the grid."""
    height_deg = strips.grid.dlat_deg / strips.per_row
    reach_deg = distance_m / table[:, kernel.M_LAT]
    north = (strips.grid.north_deg - table[:, kernel.LAT_B] - reach_deg) / height_deg
    south = (strips.grid.north_deg - table[:, kernel.LAT_A] + reach_deg) / height_deg
    return np.floor(north).astype(np.int64), np.floor(south).astype(np.int64)


def _may_matter(table: FloatArray, strips: Strips, distance_m: float) -> NDArray[np.bool_]:
    """Keep what comes near the grid from west or east, and every bank: it bounds the inside."""
    reach = 1.01 * distance_m / (table[:, kernel.M_LON] * strips.grid.dlon_deg) + 1
    west = np.minimum(table[:, kernel.COL_A], table[:, kernel.COL_B]) - reach
    east = np.maximum(table[:, kernel.COL_A], table[:, kernel.COL_B]) + reach
    near = (east >= 0) & (west <= strips.grid.cols)
    return np.asarray(near | (table[:, kernel.TURN] != 0), dtype=np.bool_)
