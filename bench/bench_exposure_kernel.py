"""Time the exposure kernel at national size: made-up waters, made-up settlement, fixed seed.

    python bench/bench_exposure_kernel.py            # 159 M cells, 6 M settled, 650,000 waters
    python bench/bench_exposure_kernel.py --quick    # one twentieth of it

Ends with one JSON line. Nothing is read from disk: what is timed is geomath alone.
"""

import argparse
import json
import resource
import time

import numpy as np
import shapely
from numpy.typing import NDArray

from geomath.exposure import ANY, exposed_share
from geomath.grid import Grid

SEED = 20260101
NATION = Grid(102.1, 23.4, 1 / 1200, 1 / 1200, 17_880, 8_880)


def settled_cells(grid: Grid, wanted: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Scatter settlements: clumps of cells, denser in the middle of each clump."""
    settled = np.zeros(grid.shape, dtype=np.bool_)
    while (have := int(settled.sum())) < wanted:
        clumps = max(1, (wanted - have) // 80)
        row = rng.integers(0, grid.rows, clumps)[:, None] + rng.normal(0, 6, (clumps, 80))
        col = rng.integers(0, grid.cols, clumps)[:, None] + rng.normal(0, 6, (clumps, 80))
        row, col = row.astype(int).clip(0, grid.rows - 1), col.astype(int).clip(0, grid.cols - 1)
        settled[row, col] = True
    return settled


def waters_near(
    settled: NDArray[np.bool_], grid: Grid, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Positions 150 m or so from settled cells; clumped, which is the hard case for unions."""
    cells = rng.choice(np.flatnonzero(settled), count)
    row, col = np.divmod(cells, grid.cols)
    lon = grid.west_deg + (col + 0.5) * grid.dlon_deg + rng.normal(0, 0.0014, count)
    lat = grid.north_deg - (row + 0.5) * grid.dlat_deg + rng.normal(0, 0.0014, count)
    return np.column_stack([lon, lat])


def main() -> None:
    """Measure union exposure at 200, 500 and 1000 m."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args()
    share = 20 if options.quick else 1
    grid = Grid(NATION.west_deg, NATION.north_deg, NATION.dlon_deg, NATION.dlat_deg,
                NATION.rows // share, NATION.cols)  # fmt: skip
    rng = np.random.default_rng(SEED)
    settled = settled_cells(grid, 6_000_000 // share, rng)
    points = list(shapely.points(waters_near(settled, grid, 650_000 // share, rng)))
    exposed_share({ANY: points[:10]}, grid, [200], settled)  # compile
    facts: dict[str, object] = {
        "hazards": len(points), "cells": grid.size, "settled": int(settled.sum()), "union_s": {}
    }  # fmt: skip
    union_s: dict[str, float] = {}
    cpu_s: dict[str, float] = {}  # of all threads: what counts on a busy machine
    for within_m in (200, 500, 1000):
        start, cpu = time.perf_counter(), time.process_time()
        result = exposed_share({ANY: points}, grid, [within_m], settled, options.threads)
        union_s[str(within_m)] = round(time.perf_counter() - start, 2)
        cpu_s[str(within_m)] = round(time.process_time() - cpu, 2)
        covered = float(result.share[ANY, within_m].sum(dtype=np.float64))
        print(f"{within_m} m: {union_s[str(within_m)]} s, {covered:.1f} settled cells in reach")
    facts |= {"union_s": union_s, "cpu_s": cpu_s}
    facts["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
