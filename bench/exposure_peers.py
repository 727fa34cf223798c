"""The same buffers by exactextract and rasterstats, and how far our figures are from the former."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from rasterstats import zonal_stats

from bench.exposure_data import Country
from geomath.credit import credit_by_water
from geomath.exposure import union_mask
from geomath.grid import Grid
from tests.unit.geomath_oracles import extract_sum, geodesic_circle

EXTRACT_BUFFERS = 3_000
STATS_BUFFERS = 300
WINDOWS = 20
WINDOW_CELLS = 120


def compare(country: Country, raster: Path, ours_us: float, metres: int) -> dict[str, Any]:
    """Microseconds per buffer of both peers, from the file and from memory, and the ratios.

    The ratios named in the result are those from the file, which is how both are used; ours has its
    cells in memory, so the ratios from memory stand beside them.
    """
    rng = np.random.default_rng(3)
    chosen = rng.choice(len(country.waters), EXTRACT_BUFFERS, replace=False)
    circles = [geodesic_circle(lon, lat, metres) for lon, lat in country.waters[chosen]]
    grid, children = country.grid, country.dense.astype(np.float32)
    west, south, east, north = grid.bounds
    source = NumPyRasterSource(children, xmin=west, ymin=south, xmax=east, ymax=north)
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(circle), "properties": {}}
        for circle in circles
    ]
    affine = rasterio.Affine(grid.dlon_deg, 0, west, 0, -grid.dlat_deg, north)
    few, stats = circles[:STATS_BUFFERS], {"stats": "sum"}
    took_us = {
        "exactextract_us": _us_each(lambda: exact_extract(str(raster), features, "sum"), features),
        "exactextract_memory_us": _us_each(
            lambda: exact_extract(source, features, "sum"), features
        ),
        "rasterstats_us": _us_each(lambda: zonal_stats(few, str(raster), **stats), few),
        "rasterstats_memory_us": _us_each(
            lambda: zonal_stats(few, children, affine=affine, nodata=-1, **stats), few
        ),
    }
    ratios = {
        f"ratio_{name.removesuffix('_us')}": round(us / ours_us, 1) for name, us in took_us.items()
    }
    found = {"ours_us": round(ours_us, 2), **took_us, **ratios}
    print(f"per buffer at {metres} m: {found}", file=sys.stderr, flush=True)
    return found


def _us_each(work: Callable[[], Any], buffers: Sequence[Any]) -> float:
    begun = time.perf_counter()
    work()
    return round((time.perf_counter() - begun) / len(buffers) * 1e6, 1)


def errors(country: Country, metres: int) -> dict[str, Any]:
    """Largest relative differences from exactextract on geodesic circles, over some windows."""
    rng = np.random.default_rng(4)
    union_off: list[float] = []
    each_off: list[float] = []
    for _ in range(WINDOWS):
        row, col = divmod(int(rng.choice(country.cells)), country.grid.cols)
        row = min(max(0, row - WINDOW_CELLS // 2), country.grid.rows - WINDOW_CELLS)
        col = min(max(0, col - WINDOW_CELLS // 2), country.grid.cols - WINDOW_CELLS)
        union, each = _window_errors(country, row, col, metres)
        union_off.append(union)
        each_off.extend(each)
    found = {
        "max_rel_error": max(union_off),
        "per_hazard_median_rel_error": float(np.median(each_off)),
        "per_hazard_p99_rel_error": float(np.quantile(each_off, 0.99)),
        "per_hazard_max_rel_error": max(each_off),
        "per_hazard_compared": len(each_off),
    }
    print(f"off exactextract, {WINDOWS} windows: {found}", file=sys.stderr, flush=True)
    return found


def _window_errors(country: Country, row: int, col: int, metres: int) -> tuple[float, list[float]]:
    whole = country.grid
    grid = Grid(
        whole.west_deg + col * whole.dlon_deg, whole.north_deg - row * whole.dlat_deg,
        whole.dlon_deg, whole.dlat_deg, WINDOW_CELLS, WINDOW_CELLS,
    )  # fmt: skip
    children = _part(country, row, col)
    west, south, east, north = grid.bounds
    inner = shapely.box(west, south, east, north)
    lon, lat = country.waters[country.is_open].T
    margin = 0.008
    near = (lon > west - margin) & (lon < east + margin) & (lat > south - margin)
    near &= lat < north + margin
    waters = list(shapely.points(lon[near], lat[near]))
    if not waters or not children.any():
        return 0.0, []
    circles = [geodesic_circle(water.x, water.y, metres) for water in waters]
    exact = extract_sum(children, grid, shapely.union_all(circles).intersection(inner))
    ours = float((union_mask(waters, grid, metres) * children).sum())
    credit = credit_by_water(waters, grid, metres, children)
    whole_circles = [n for n, circle in enumerate(circles) if inner.contains(circle)]
    alone = np.array([extract_sum(children, grid, circles[n]) for n in whole_circles])
    reach = credit.reach[whole_circles]
    return abs(ours / exact - 1), (np.abs(reach - alone) / np.maximum(alone, 1.0)).tolist()


def _part(country: Country, row: int, col: int) -> Any:
    part = np.zeros((WINDOW_CELLS, WINDOW_CELLS))
    for offset in range(WINDOW_CELLS):
        first = (row + offset) * country.grid.cols + col
        begin, end = np.searchsorted(country.cells, [first, first + WINDOW_CELLS])
        part[offset, country.cells[begin:end] - first] = country.children[begin:end]
    return part
