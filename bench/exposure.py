"""Time children near water at national size beside exactextract and rasterstats, in one run.

    python bench/exposure.py            # 159 M cells, 1,000,000 waters, 3,321 communes
    python bench/exposure.py --quick    # a twentieth of it, a large province; under 50 s

Rasters are made in a folder that is deleted at the end; no database is used. The whole run goes
through the code of ``run_exposure`` in a process of its own, so that its memory can be told. The
log goes to stderr; stdout is one JSON line. Unions, single waters and communes are medians of
three. docs/exposure-method.md says what is worked out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.exposure_data import Country, make_country, write_rasters  # noqa: E402
from geomath.credit import credit_by_water  # noqa: E402
from geomath.exposure import ANY, children_exposed, exposed_share  # noqa: E402
from geomath.grid import Grid  # noqa: E402
from geomath.live import LiveUnion  # noqa: E402
from geomath.zonal import cell_shares  # noqa: E402

QUICK_PARTS = 20
DISTANCES_M = (200, 500, 1000)
EACH_M = 200  # of each water alone, as in the list of hazards
PEER_M = 500
AREA_CELLS = 600  # rows and columns of the area edited live: 55 km a side
EDITS = 200
TICKED = 50
COLD_COMMUNES = 15


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return seconds of the wall, seconds of all threads, and what ``work`` returns."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def median_of_three(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Time ``work`` three times; medians of both seconds, and what it returned last."""
    took = [timed(work) for _ in range(3)]
    wall, cpu, found = zip(*took, strict=True)
    return statistics.median(wall), statistics.median(cpu), found[-1]


def main() -> None:
    """Measure everything; or, in a process of its own, the whole run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--whole", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    country = make_country(QUICK_PARTS if options.quick else 1)
    if options.whole:
        from bench.exposure_whole import whole_run

        print(json.dumps(whole_run(country, Path(options.whole))))
        return
    log(f"{country.grid.size:,} cells, {len(country.waters):,} waters")
    with tempfile.TemporaryDirectory(prefix="bench-exposure-") as name:
        folder = Path(name)
        names = write_rasters(country, folder)
        facts = measure(country, folder, names, quick=options.quick)
    print(json.dumps(facts))


def measure(country: Country, folder: Path, names: list[str], *, quick: bool) -> dict[str, Any]:
    from bench import exposure_peers as peers

    _compile(country)
    facts: dict[str, Any] = {"decode_s": round(min(_decode(folder, names) for _ in range(2)), 2)}
    log(f"decode, four bands: {facts['decode_s']} s")
    facts |= _whole_run(folder, quick=quick)
    facts |= unions(country)
    facts |= each_water(country)
    facts |= live(country)
    facts["commune_cold_ms"] = cold_communes(country, folder, names)
    facts |= peers.compare(country, folder / names[1], facts["per_hazard_us_at_500_m"], PEER_M)
    facts |= peers.errors(country, PEER_M)
    return facts | {
        "hazards": len(country.waters),
        "open": int(country.is_open.sum()),
        "cells": country.grid.size,
        "settled": int(country.cells.size),
        "communes": len(country.communes),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
    }


def points(country: Country, chosen: Any = slice(None)) -> list[shapely.Point]:
    return list(shapely.points(country.waters[chosen]))


def _compile(country: Country) -> None:
    """Let numba compile, or load what it compiled before, outside of all timing."""
    few = points(country)[:10]
    grid = Grid(country.grid.west_deg, country.grid.north_deg, 1 / 1200, 1 / 1200, 50, 50)
    exposed_share({ANY: few}, grid, [200], np.ones(grid.shape, dtype=np.bool_))
    credit_by_water(few, grid, 200, np.ones(grid.shape))
    cell_shares([shapely.box(*grid.bounds)], grid)


def _decode(folder: Path, names: list[str]) -> float:
    """Seconds to read all bands and do nothing with them: the least that any method needs."""
    begun = time.perf_counter()
    for name in names:
        with rasterio.open(folder / name) as source:
            for first in range(0, source.height, 512):
                rows = min(512, source.height - first)
                source.read(1, window=Window(0, first, source.width, rows))
    return time.perf_counter() - begun


def _whole_run(folder: Path, *, quick: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--whole", str(folder), *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    log(f"whole run: {found}")
    return found


def unions(country: Country) -> dict[str, Any]:
    """The union of all open waters, then every commune's children in it."""
    settled, waters = country.settled, points(country, country.is_open)
    union_s: dict[str, float] = {}
    union_cpu_s: dict[str, float] = {}
    share = {}
    for metres in DISTANCES_M:
        wall, cpu, result = median_of_three(
            lambda metres=metres: exposed_share({ANY: waters}, country.grid, [metres], settled)
        )
        union_s[str(metres)], union_cpu_s[str(metres)] = round(wall, 2), round(cpu, 2)
        share[metres] = result.share[ANY, metres]
        log(f"union at {metres} m: {wall:.2f} s, {cpu:.2f} s of all threads")
    shares_s, _cpu, parts = timed(lambda: cell_shares(country.communes, country.grid, settled))
    few = parts.among(country.cells)
    communes_s, _cpu, by_commune = median_of_three(
        lambda: [
            children_exposed(country.children, share[m], few, len(country.communes))
            for m in DISTANCES_M
        ]
    )
    whole = float(country.children.astype(float) @ share[DISTANCES_M[-1]].astype(float))
    off = abs(float(by_commune[-1].sum()) / whole - 1)
    log(f"communes: {communes_s:.3f} s after {shares_s:.2f} s of shares; sum off by {off:.1e}")
    return {
        "union_s": union_s,
        "union_cpu_s": union_cpu_s,
        "shares_s": round(shares_s, 2),
        "communes_s": round(communes_s, 3),
        "communes_sum_off": off,
    }


def each_water(country: Country) -> dict[str, Any]:
    """Figures of each water alone: the open ones among themselves, the protected ones apart."""
    children = country.dense
    opened, safe = points(country, country.is_open), points(country, ~country.is_open)

    def both(metres: int) -> None:
        credit_by_water(opened, country.grid, metres, children)
        credit_by_water(safe, country.grid, metres, children)

    each: dict[str, float] = {}
    for metres in (EACH_M, PEER_M):
        wall, cpu, _none = median_of_three(lambda metres=metres: both(metres))
        each[str(metres)] = round(wall, 2)
        log(f"each of {len(country.waters):,} waters at {metres} m: {wall:.2f} s, {cpu:.2f} s cpu")
    return {
        "per_hazard_s": each[str(EACH_M)],
        "per_hazard_s_by_m": each,
        "per_hazard_us_at_500_m": each[str(PEER_M)] / len(country.waters) * 1e6,
    }


def live(country: Country) -> dict[str, Any]:
    """Edits and a what-if on an area of 55 km a side in the middle of the country."""
    grid = country.grid
    first = max(0, (grid.rows - AREA_CELLS) // 2), (grid.cols - AREA_CELLS) // 2
    last = min(grid.rows, first[0] + AREA_CELLS), first[1] + AREA_CELLS
    area = Grid(
        grid.west_deg + first[1] * grid.dlon_deg, grid.north_deg - first[0] * grid.dlat_deg,
        grid.dlon_deg, grid.dlat_deg, last[0] - first[0], AREA_CELLS,
    )  # fmt: skip
    children = country.dense[first[0] : last[0], first[1] : last[1]]
    west, south, east, north = area.bounds
    lon, lat = country.waters.T
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    union = LiveUnion(points(country, inside), country.is_open[inside], area, PEER_M, children)
    rng = np.random.default_rng(1)
    took = []
    for number in rng.integers(0, union.is_open.size, EDITS):
        change = {"is_open": not union.is_open[number]}
        took.append(timed(lambda n=number, c=change: union.set_open([n], **c))[0])
    whats = []
    for _ in range(9):
        fork = union.fork()
        ticked = rng.choice(np.flatnonzero(fork.is_open), TICKED, replace=False)
        whats.append(timed(lambda f=fork, t=ticked: f.set_open(t, is_open=False))[0])
    found = {
        "edit_ms": round(statistics.median(took) * 1e3, 2),
        "edit_p95_ms": round(float(np.quantile(took, 0.95)) * 1e3, 2),
        "what_if_ms": round(statistics.median(whats) * 1e3, 1),
        "live_waters": int(inside.sum()),
    }
    log(f"live: {found}")
    return found


def cold_communes(country: Country, folder: Path, names: list[str]) -> float:
    """Median milliseconds for one commune from nothing: read four bands, shares, union at 500 m."""
    rng = np.random.default_rng(2)
    tree = shapely.STRtree(points(country, country.is_open))
    took = []
    for number in rng.integers(0, len(country.communes), COLD_COMMUNES):
        outline = country.communes[number]
        begun = time.perf_counter()
        grid, rows, cols = country.grid.window(outline.bounds)
        children = np.zeros(grid.shape)
        for name in names:
            with rasterio.open(folder / name) as source:
                band = source.read(1, window=Window.from_slices(rows, cols))
                children += np.where(band > 0, band, 0)
        parts = cell_shares([outline], grid, children > 0)
        near = tree.geometries[tree.query(outline.buffer(0.01))]
        result = exposed_share({ANY: list(near)}, grid, [PEER_M], children > 0)
        counted = children.reshape(-1)[result.cells]
        children_exposed(counted, result.share[ANY, PEER_M], parts.among(result.cells), 1)
        took.append(time.perf_counter() - begun)
    log(f"one commune from cold: {statistics.median(took) * 1e3:.0f} ms")
    return round(statistics.median(took) * 1e3, 1)


if __name__ == "__main__":
    main()
