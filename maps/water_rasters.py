"""Rasters of surface water (JRC): how often each cell was under water, read in strips of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from maps.rasters import opened

STRIP_ROWS = 1024


@dataclass(frozen=True)
class WaterGrid:
    """Corner in degrees (EPSG:4326), size of a cell in degrees, rows and columns of cells."""

    west: float
    north: float
    cell_x: float
    cell_y: float
    height: int
    width: int
    crs: str
    dtype: str
    nodata: float | None

    @property
    def place(self) -> tuple[float, ...]:
        return (self.west, self.north, self.cell_x, self.cell_y, self.height, self.width)


def water_grid(path: Path) -> WaterGrid:
    """Return how the cells of a file lie; raises RasterUnreadableError."""
    with opened(path, path.name) as source:
        t = source.transform
        crs = source.crs.to_string() if source.crs else ""
        return WaterGrid(
            west=t.c, north=t.f, cell_x=t.a, cell_y=-t.e, height=source.height,
            width=source.width, crs=crs, dtype=source.dtypes[0], nodata=source.nodata,
        )  # fmt: skip


def water_strips(path: Path, rows: int = STRIP_ROWS) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield (first row, values) strip by strip, from north to south."""
    with opened(path, path.name) as source:
        for first in range(0, source.height, rows):
            window = Window(0, first, source.width, min(rows, source.height - first))
            yield first, np.asarray(source.read(1, window=window))
