"""The whole run of bench/exposure.py: the code of ``run_exposure`` without its database."""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from bench.exposure_data import AGES, Country

DISTANCES_M = (200, 500, 1000)
NEAR_EACH_M = 200


def whole_run(country: Country, folder: Path) -> dict[str, Any]:
    """Read four bands, work every strip out at three distances, add up by commune and by water."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("SECRET_KEY", "bench")
    os.environ.setdefault("DATABASE_URL", "postgis:///unused")
    import django

    django.setup()
    from django.core.files.storage import FileSystemStorage

    from maps import rasters
    from maps.models import PopulationDataset, PopulationRaster
    from maps.services.cell_counts import CellCounts
    from maps.services.exposure_blocks import NO_UNIT, BlockPlan, Water, work_out

    rasters.store = lambda: FileSystemStorage(location=folder)
    grid = country.grid
    counts = CellCounts(
        PopulationDataset(name="bench", measures=PopulationDataset.Measures.BANDS),
        [
            PopulationRaster(
                stored_name=f"children_t_{age}.tif", age_from=age, rows=grid.rows, cols=grid.cols,
                west_deg=grid.west_deg, north_deg=grid.north_deg, cell_width_deg=grid.dlon_deg,
                cell_height_deg=grid.dlat_deg,
            )
            for age in AGES
        ],
    )  # fmt: skip
    spots = shapely.points(country.waters)
    stands_in = np.full(len(spots), NO_UNIT)
    commune, spot = shapely.STRtree(spots).query(country.communes, predicate="contains")
    stands_in[spot] = commune
    plan = BlockPlan(
        unit_ids=range(len(country.communes)),
        polygons=country.communes,
        waters=[
            Water(number, spot, ("gap",) if is_open else (), int(unit))
            for number, (spot, is_open, unit) in enumerate(
                zip(spots, country.is_open, stands_in, strict=True)
            )
        ],
        groups=("gap",),
        distances_m=DISTANCES_M,
        near_each_m=NEAR_EACH_M,
    )
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    begun, cpu = time.perf_counter(), time.process_time()

    def progress(strips: Any) -> Any:
        for number, strip in enumerate(strips):
            if number % 20 == 0:
                print(f"strip {number} of {len(strips)}", file=sys.stderr, flush=True)
            yield strip

    sums = work_out(plan, counts, progress)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    begun = time.perf_counter()
    work_out(_in_groups(plan), counts, progress)
    return {
        "whole_run_s": round(took, 2),
        "whole_run_cpu_s": round(cpu, 2),
        "whole_run_groups_s": round(time.perf_counter() - begun, 2),
        "peak_mb": peak_mb,
        "before_mb": before_mb,
        "children": float(sums.children.sum()),
        "near_500_m": float(sums.exposed["any", 500].sum()),
    }


def _in_groups(plan: Any) -> Any:
    """Put every open water into one of four verdicts and into some of four kinds of gap."""
    rng = np.random.default_rng(6)
    verdicts = ("gap", "not_surveyed", "expired", "depth_unknown")
    kinds = ("no_sign", "no_barrier", "damaged", "no_body")
    verdict = rng.choice(4, len(plan.waters), p=[0.35, 0.5, 0.1, 0.05])
    lacks = rng.random((len(plan.waters), 4)) < np.array([0.3, 0.35, 0.1, 0.3])
    waters = [
        replace(
            water,
            groups=(verdicts[v], *(kind for kind, has in zip(kinds, row, strict=True) if has))
            if water.groups
            else (),
        )
        for water, v, row in zip(plan.waters, verdict, lacks, strict=True)
    ]
    return replace(plan, waters=waters, groups=(*verdicts, *kinds))
