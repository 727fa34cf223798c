"""The one place that opens raster files: checks them, copies them tiled, reads windows of counts.

A population raster here is one band of people per cell (a count, never a density), EPSG:4326,
north up. Statistics read the full resolution only; overviews are never made or used.
"""

import hashlib
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import rasterio
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geomath.grid import Grid
from maps import errors
from maps.pictures import block_sums

FloatArray = NDArray[np.float64]

BLOCK: Final = 512  # pixels a side of a tile of our copies
STRIP_CELLS: Final = 4_000_000  # cells read at once while checking: 32 MB of float64
M2_PER_KM2: Final = 1e6
# Denser than any city district over a whole raster's settled cells: then it is no count per cell.
DENSE_PEOPLE_PER_KM2: Final = 40_000.0
DENSE_MIN_CELLS: Final = 1_000


@dataclass(frozen=True)
class RasterFacts:
    """What one checked raster holds.

    nodata_declared  False where the file says nothing and no value is below zero, or where the
                     caller gave the value
    people           sum over all cells, people
    settled_cells    cells with more than 0 people
    looks_like_density  the settled cells together would be denser than any city
    """

    grid: Grid
    nodata: float | None
    nodata_declared: bool
    dtype: str
    people: float
    settled_cells: int
    missing_cells: int
    most_in_a_cell: float
    looks_like_density: bool
    sha256: str
    size_bytes: int


def inspect(path: Path, *, filename: str, nodata: float | None = None) -> RasterFacts:
    """Read every cell of a raster and check it; raises one of the Raster...Error of maps.errors.

    nodata  the value to take where the file declares none
    """
    size = path.stat().st_size
    if size == 0:
        raise errors.RasterEmptyFileError(filename=filename)
    with opened(path, filename) as source:
        grid = _checked_grid(source, filename)
        declared = source.nodata
        used = declared if declared is not None else nodata
        tally = _tally(source, grid, used, filename)
        dtype, is_masked = source.dtypes[0], _is_masked(source)
    _check_values(tally, filename, used, declared=declared is not None or is_masked)
    return RasterFacts(
        grid=grid,
        nodata=used,
        nodata_declared=declared is not None or is_masked,
        dtype=dtype,
        people=tally.people,
        settled_cells=tally.settled,
        missing_cells=tally.missing,
        most_in_a_cell=tally.most,
        looks_like_density=(
            tally.settled >= DENSE_MIN_CELLS
            and tally.people / max(tally.settled_km2, 1e-9) > DENSE_PEOPLE_PER_KM2
        ),
        sha256=file_sha256(path),
        size_bytes=size,
    )


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def opened(path: Path, filename: str) -> Iterator[Any]:
    try:
        with rasterio.open(path) as source:
            yield source
    except RasterioError as problem:
        reason = str(problem).replace(str(path), filename)
        raise errors.RasterUnreadableError(filename=filename, reason=reason) from problem


def _checked_grid(source: Any, filename: str) -> Grid:
    if source.count != 1:
        raise errors.RasterBandsError(filename=filename, bands=source.count)
    if source.crs is None:
        raise errors.RasterWithoutCrsError(filename=filename)
    if source.crs.to_epsg() != 4326:
        known = source.crs.to_authority()
        crs = ":".join(known) if known else source.crs.to_wkt()[:60]
        raise errors.RasterCrsError(filename=filename, crs=crs)
    try:
        return Grid.from_transform(source.transform[:6], source.height, source.width)
    except ValueError as problem:
        transform = ", ".join(f"{number:.10g}" for number in source.transform[:6])
        raise errors.RasterNotNorthUpError(filename=filename, transform=transform) from problem


@dataclass
class _Tally:
    people: float = 0.0
    settled: int = 0
    settled_km2: float = 0.0
    missing: int = 0
    most: float = 0.0
    negative: int = 0
    least: float = 0.0
    not_finite: int = 0
    cells: int = 0


def _tally(source: Any, grid: Grid, nodata: float | None, filename: str) -> _Tally:
    """Count through all cells, strip by strip; a strip that cannot be read means a cut-off file."""
    tally = _Tally(cells=grid.size)
    sums = []
    for rows in row_strips(grid):
        try:
            raw, missing = _read_raw(source, rows, slice(0, grid.cols), nodata)
        except RasterioError as problem:
            raise errors.RasterTruncatedError(
                filename=filename, first_row=rows.start + 1, last_row=rows.stop, rows=grid.rows
            ) from problem
        broken = ~np.isfinite(raw) & ~missing
        negative = (raw < 0) & ~missing & ~broken
        raw[missing | broken] = 0.0
        settled = raw > 0
        tally.not_finite += int(broken.sum())
        tally.negative += int(negative.sum())
        tally.least = min(tally.least, float(raw.min()))
        tally.missing += int(missing.sum())
        tally.most = max(tally.most, float(raw.max()))
        tally.settled += int(settled.sum())
        tally.settled_km2 += float(settled.sum(axis=1) @ grid.cell_area_m2(rows)) / M2_PER_KM2
        sums.append(float(raw.sum()))
    tally.people = math.fsum(sums)
    return tally


def _check_values(tally: _Tally, filename: str, nodata: float | None, *, declared: bool) -> None:
    shown = "-" if nodata is None else f"{nodata:g}"
    if tally.negative and nodata is None and not declared:
        raise errors.RasterNodataError(filename=filename, cells=tally.negative, least=tally.least)
    if tally.negative:
        raise errors.RasterNegativeError(
            filename=filename, cells=tally.negative, least=tally.least, nodata=shown
        )
    if tally.not_finite:
        raise errors.RasterNotFiniteError(filename=filename, cells=tally.not_finite, nodata=shown)
    if tally.people <= 0:
        raise errors.RasterNothingError(filename=filename, cells=tally.cells)


def _is_masked(source: Any) -> bool:
    """Say whether the file carries a mask band of its own."""
    return rasterio.enums.MaskFlags.per_dataset in source.mask_flag_enums[0]


def _read_raw(
    source: Any, rows: slice, cols: slice, nodata: float | None
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return float64 values as they stand, and where no data is. Whole numbers are welcome."""
    window = Window.from_slices(rows, cols)
    stored = source.read(1, window=window)
    missing = np.zeros(stored.shape, dtype=bool)
    if nodata is not None:
        same = stored == np.asarray(nodata).astype(stored.dtype)  # -3.4e38 is rounded in float32
        missing |= np.isnan(stored) if math.isnan(nodata) else same
    if _is_masked(source):
        missing |= source.read_masks(1, window=window) == 0
    return stored.astype(np.float64), missing


def row_strips(grid: Grid, cells: int = STRIP_CELLS, step: int = 1) -> Iterator[slice]:
    """Cut a grid into strips of whole rows of about ``cells`` cells, in multiples of ``step``."""
    height = max(step, cells // grid.cols // step * step)
    for first in range(0, grid.rows, height):
        yield slice(first, min(first + height, grid.rows))


# --- our own copies -------------------------------------------------------------------------------


def store() -> Storage:
    return storages["rasters"]


def stored_name_of(sha256: str) -> str:
    """Return where the copy of a file with this checksum stands; the content names it."""
    return f"{sha256[:2]}/{sha256}.tif"


def preview_name_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}.png"


def store_tiled(path: Path, facts: RasterFacts) -> tuple[str, bool]:
    """Put a tiled, deflated copy into the storage, once. Returns its name and whether it is new."""
    name = stored_name_of(facts.sha256)
    if store().exists(name):
        return name, False
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tiled.tif"
        _write_tiled(path, copy, facts)
        with copy.open("rb") as stream:
            saved = store().save(name, File(stream, name=name))
    if saved != name:  # another process was faster: its copy is the same
        store().delete(saved)
        return name, False
    return name, True


def _write_tiled(path: Path, target: Path, facts: RasterFacts) -> None:
    with rasterio.open(path) as source:
        profile = {
            "driver": "GTiff",
            "dtype": source.dtypes[0],
            "count": 1,
            "height": facts.grid.rows,
            "width": facts.grid.cols,
            "crs": source.crs,
            "transform": source.transform,
            "nodata": facts.nodata,
            "tiled": True,
            "blockxsize": BLOCK,
            "blockysize": BLOCK,
            "compress": "deflate",
            "predictor": 3 if source.dtypes[0].startswith("float") else 2,
            "BIGTIFF": "IF_SAFER",
        }
        with rasterio.open(target, "w", **profile) as copy:
            for rows in row_strips(facts.grid, step=BLOCK):
                window = Window.from_slices(rows, slice(0, facts.grid.cols))
                values = source.read(1, window=window)
                if _is_masked(source):  # without a no-data value: nobody lives where it is masked
                    hidden = source.read_masks(1, window=window) == 0
                    values[hidden] = facts.nodata if facts.nodata is not None else 0
                copy.write(values, 1, window=window)


@cache
def _fetched(name: str) -> Path:
    """Bring a copy from a remote storage to this machine, once per process."""
    folder = Path(tempfile.mkdtemp(prefix="safeshore-rasters-"))
    target = folder / Path(name).name
    with store().open(name) as source, target.open("wb") as stream:
        for chunk in source.chunks():
            stream.write(chunk)
    return target


def local_path(name: str) -> Path:
    """Return a path of this machine that holds the stored copy ``name``."""
    try:
        return Path(store().path(name))
    except NotImplementedError:
        return _fetched(name)


def read_counts(name: str, rows: slice, cols: slice) -> FloatArray:
    """Read people per cell from a stored copy; NaN where no data is. float64, rows x cols."""
    with rasterio.open(local_path(name)) as source:
        values, missing = _read_raw(source, rows, cols, source.nodata)
    values[missing] = np.nan
    return values


def read_people(name: str, rows: slice, cols: slice) -> NDArray[Any]:
    """Read people per cell like ``read_counts``, but 0 where no data is; in the file's own type."""
    with rasterio.open(local_path(name)) as source:
        stored: NDArray[Any] = source.read(1, window=Window.from_slices(rows, cols))
        nodata = source.nodata
    somebody = stored > 0  # our copies hold no count below 0 and no mask; NaN is not above 0
    if nodata is not None and nodata > 0:
        somebody &= stored != np.asarray(nodata).astype(stored.dtype)
    stored[~somebody] = 0
    return stored


def open_preview(sha256: str) -> IO[bytes] | None:
    name = preview_name_of(sha256)
    return store().open(name) if store().exists(name) else None


def read_summed(name: str, grid: Grid, factor: int) -> FloatArray:
    """Read a whole stored copy, ``factor`` x ``factor`` cells added up into one; for pictures."""
    strips = row_strips(grid, step=factor)
    return np.concatenate(
        [block_sums(read_counts(name, rows, slice(0, grid.cols)), factor) for rows in strips]
    )
