"""What a figure rests on: written into every run, so that it can be explained and repeated."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings

from hazards.models import ComplianceRule
from maps.selectors.waters import JudgedHazard
from maps.services.cell_counts import CellCounts
from maps.services.exposure_blocks import BlockPlan, BlockSums

if TYPE_CHECKING:
    from maps.services.scene import Scene


def facts_of_run(
    scene: Scene,
    plan: BlockPlan,
    sums: BlockSums,
    counts: CellCounts,
    hazards: Sequence[JudgedHazard],
    seconds: float,
) -> dict[str, Any]:
    return {
        "rasters": {raster.filename: raster.sha256 for raster in counts.rasters},
        "child_shares": scene.dataset.facts.get("shares"),
        "default_child_share": scene.dataset.default_child_share,
        "boundary_set": scene.boundary_set.name,
        "levels": dict(Counter(unit.level for unit in scene.finest)),
        "rules": _rules_on(scene),
        "hazards": dict(Counter(hazard.verdict for hazard in hazards)),
        "code_version": code_version(),
        "seconds": round(seconds, 2),
        "cells_read": sums.cells_read,
        "strips_worked_out": sums.worked,
        "checks": _checks(scene, plan, sums, counts),
    }


def _rules_on(scene: Scene) -> list[str]:
    rules = ComplianceRule.objects.filter(valid_from__lte=scene.as_of)
    in_force = [r for r in rules if r.valid_to is None or r.valid_to > scene.as_of]
    return [f"{rule.rule_code} ({rule.valid_from})" for rule in in_force]


def _checks(scene: Scene, plan: BlockPlan, sums: BlockSums, counts: CellCounts) -> dict[str, Any]:
    raster = shapely.box(*counts.grid.bounds)
    off_grid = [
        water for water in plan.waters if water.groups and not water.shape.intersects(raster)
    ]
    beyond = [
        unit.code or unit.full_name
        for unit, polygon in zip(scene.finest, plan.polygons, strict=True)
        if not shapely.covers(raster, shapely.box(*polygon.bounds))
    ]
    return {
        "people_in_overlaps": sums.people_in_overlaps,
        "people_on_water": sums.people_on_water,
        "water_policy": scene.dataset.water_policy,
        "people_with_nearest_share": sums.people_by_nearest,
        "cells_with_nearest_share": sums.cells_by_nearest,
        "hazards_off_the_raster": len(off_grid),
        "units_beyond_the_raster": beyond[:50],
    }


@cache
def code_version() -> str:
    """Return the commit the code stands at, or "unknown" outside a checkout."""
    try:
        answer = subprocess.run(  # noqa: S603
            ["git", "-C", str(settings.BASE_DIR), "describe", "--always", "--dirty"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return answer.stdout.strip()
