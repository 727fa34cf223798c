"""A regular north-up grid in degrees: where each cell of a raster lies on the ground."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geomath.distance import (
    FloatArray,
    band_area_m2_per_degree,
    metres_per_degree_lat,
    metres_per_degree_lon,
)

Bounds = tuple[float, float, float, float]
ALIGNMENT_TOLERANCE_CELLS = 1e-3  # files write the same 3 arc-seconds with 8 to 16 digits


@dataclass(frozen=True)
class Grid:
    """Cells in EPSG:4326, row 0 at the north edge, column 0 at the west edge.

    west_deg, north_deg  outer corner of the first cell
    dlon_deg, dlat_deg   size of a cell, both positive
    """

    west_deg: float
    north_deg: float
    dlon_deg: float
    dlat_deg: float
    rows: int
    cols: int

    def __post_init__(self) -> None:
        numbers = (self.west_deg, self.north_deg, self.dlon_deg, self.dlat_deg)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(f"grid corner and cell size must be finite numbers, got {numbers}")
        if self.dlon_deg <= 0 or self.dlat_deg <= 0:
            raise ValueError(f"cell size must be positive, got {self.dlon_deg} x {self.dlat_deg}")
        if self.rows < 1 or self.cols < 1:
            raise ValueError(f"a grid needs cells, got {self.rows} rows x {self.cols} columns")
        tolerance_deg = ALIGNMENT_TOLERANCE_CELLS * max(self.dlon_deg, self.dlat_deg)
        if max(-self.south_deg, self.north_deg) > 90 + tolerance_deg:
            raise ValueError(
                f"latitudes {self.south_deg} to {self.north_deg} are not degrees: "
                "the grid must be in EPSG:4326"
            )
        if self.west_deg < -180 - tolerance_deg or self.east_deg > 360 + tolerance_deg:
            raise ValueError(
                f"longitudes {self.west_deg} to {self.east_deg} are not degrees: "
                "the grid must be in EPSG:4326"
            )

    @classmethod
    def from_transform(cls, transform6: Sequence[float], rows: int, cols: int) -> Self:
        """Read the affine coefficients (a, b, c, d, e, f) in rasterio's order.

        x = a col + b row + c and y = d col + e row + f. A rotated or south-up raster is refused.
        """
        a, b, c, d, e, f = (float(number) for number in tuple(transform6)[:6])
        if b != 0 or d != 0:
            raise ValueError(f"the raster is rotated (b={b}, d={d}); warp it to north-up first")
        if e >= 0 or a <= 0:
            raise ValueError(f"the raster is not north-up (a={a}, e={e}); warp it first")
        return cls(c, f, a, -e, rows, cols)

    @property
    def east_deg(self) -> float:
        """Longitude of the east edge."""
        return self.west_deg + self.cols * self.dlon_deg

    @property
    def south_deg(self) -> float:
        """Latitude of the south edge."""
        return self.north_deg - self.rows * self.dlat_deg

    @property
    def bounds(self) -> Bounds:
        """(west, south, east, north) in degrees."""
        return (self.west_deg, self.south_deg, self.east_deg, self.north_deg)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols), as numpy has it."""
        return (self.rows, self.cols)

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.cols

    @property
    def transform6(self) -> tuple[float, float, float, float, float, float]:
        """Affine coefficients (a, b, c, d, e, f) in rasterio's order."""
        return (self.dlon_deg, 0.0, self.west_deg, 0.0, -self.dlat_deg, self.north_deg)

    @property
    def cell_height_m(self) -> float:
        """Height of a cell over the ground in the middle of the grid, in metres."""
        middle_deg = (self.north_deg + self.south_deg) / 2
        return float(metres_per_degree_lat(middle_deg)) * self.dlat_deg

    def window(self, bounds: Bounds, margin_m: float = 0.0) -> tuple["Grid", slice, slice]:
        """Cut out the whole cells that meet ``bounds`` widened by ``margin_m`` on every side.

        Returns the smaller grid and the row and column slices of its cells in this one.
        Bounds beyond the grid are cut at its edge; bounds that miss it are a ValueError.
        """
        west, south, east, north = self.widened(bounds, margin_m)
        first_col = max(0, math.floor((west - self.west_deg) / self.dlon_deg))
        last_col = min(self.cols, math.ceil((east - self.west_deg) / self.dlon_deg))
        first_row = max(0, math.floor((self.north_deg - north) / self.dlat_deg))
        last_row = min(self.rows, math.ceil((self.north_deg - south) / self.dlat_deg))
        if first_col >= last_col or first_row >= last_row:
            raise ValueError(f"bounds {tuple(bounds)} lie outside the grid {self.bounds}")
        return (
            self._part(first_row, last_row, first_col, last_col),
            slice(first_row, last_row),
            slice(first_col, last_col),
        )

    def _part(self, first_row: int, last_row: int, first_col: int, last_col: int) -> "Grid":
        return Grid(
            self.west_deg + first_col * self.dlon_deg,
            self.north_deg - first_row * self.dlat_deg,
            self.dlon_deg,
            self.dlat_deg,
            last_row - first_row,
            last_col - first_col,
        )

    @staticmethod
    def widened(bounds: Bounds, margin_m: float) -> Bounds:
        """Bounds in degrees grown by ``margin_m`` metres on every side, at least."""
        west, south, east, north = (float(number) for number in bounds)
        if not (west <= east and south <= north):  # also catches NaN
            raise ValueError(f"bounds must be (west, south, east, north), got {tuple(bounds)}")
        if not 0 <= margin_m < math.inf:
            raise ValueError(f"margin must be zero or more metres, got {margin_m}")
        lat_margin = margin_m / float(np.min(metres_per_degree_lat([south, north, 0.0])))
        farthest = min(89.0, max(abs(south), abs(north)) + lat_margin)
        lon_margin = margin_m / float(metres_per_degree_lon(farthest))
        return (west - lon_margin, south - lat_margin, east + lon_margin, north + lat_margin)

    def cell_area_m2(
        self, rows: NDArray[np.int64] | Sequence[int] | slice | None = None
    ) -> FloatArray:
        """Area of one cell in each of ``rows`` (all rows by default), in m2 on the ellipsoid."""
        chosen = np.arange(self.rows)
        if rows is not None:
            chosen = chosen[rows] if isinstance(rows, slice) else np.asarray(rows)
        north = self.north_deg - chosen * self.dlat_deg
        return band_area_m2_per_degree(north - self.dlat_deg, north) * self.dlon_deg

    def same_as(self, other: "Grid") -> bool:
        """Say whether both grids have their cells on the same ground, to a thousandth of one."""
        if self.shape != other.shape:
            return False
        lon_off = max(abs(self.west_deg - other.west_deg), abs(self.east_deg - other.east_deg))
        lat_off = max(abs(self.north_deg - other.north_deg), abs(self.south_deg - other.south_deg))
        return (
            lon_off <= ALIGNMENT_TOLERANCE_CELLS * self.dlon_deg
            and lat_off <= ALIGNMENT_TOLERANCE_CELLS * self.dlat_deg
        )

    def cell_of(self, lon_deg: float, lat_deg: float) -> tuple[int, int] | None:
        """Row and column of the cell that holds a position, or None off the grid.

        A position on a line between cells belongs to the cell south and east of it.
        """
        col = math.floor((lon_deg - self.west_deg) / self.dlon_deg)
        row = math.floor((self.north_deg - lat_deg) / self.dlat_deg)
        inside = 0 <= row < self.rows and 0 <= col < self.cols
        return (row, col) if inside else None

    def flat_index(self, row: int, col: int) -> int:
        """Number of a cell, counted row by row from the north-west."""
        if not (0 <= row < self.rows and 0 <= col < self.cols):
            raise ValueError(f"cell ({row}, {col}) is not on a grid of {self.rows} x {self.cols}")
        return row * self.cols + col

    def centre_of(self, row: int, col: int) -> tuple[float, float]:
        """Longitude and latitude of a cell's centre."""
        return (
            self.west_deg + (col + 0.5) * self.dlon_deg,
            self.north_deg - (row + 0.5) * self.dlat_deg,
        )
