"""Working out, and keeping, children near unprotected water."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from geomath.exposure import ANY
from hazards.services.exposure_figures import ChildrenFigures, store_children_near
from hazards.taxonomy import GapKind, Verdict
from maps.models import ExposureFlow, ExposureRun, UnitExposure
from maps.selectors.registry import registry_revision
from maps.selectors.waters import (
    GROUPS,
    JudgedHazard,
    basins_from,
    hazards_on,
    verdicts_by_unit,
)
from maps.services.cell_counts import CellCounts, grid_of_dataset
from maps.services.cluster import on_cluster
from maps.services.exposure_blocks import (
    NO_UNIT,
    BlockPlan,
    BlockSums,
    FloatArray,
    Water,
    side_by_side,
    work_out,
)
from maps.services.kept_blocks import KeptBlocks
from maps.services.official_counts import Rescaling, rescaling
from maps.services.provenance import facts_of_run
from maps.services.scene import RunRequest, Scene, set_scene
from maps.services.shapes import shape_of
from places.models import AdminUnit

LIST_DISTANCE_M: Final = 200  # "children near" in the list of hazards; each water alone

Progress = Callable[[Sequence[slice]], Iterable[slice]]


@dataclass(frozen=True)
class UnitFigures:
    """One unit's figures; people is None where the dataset lacks adults."""

    unit: AdminUnit
    people: float | None
    children: float
    exposed: dict[tuple[str, int], float]  # (group or "any", metres) -> children
    hazards: Counter[str]
    children_official: float | None = None
    adjusted: dict[int, float] = field(default_factory=dict)  # metres -> children, rescaled


def run_exposure(
    *,
    request: RunRequest,
    actor_id: int | None = None,
    progress: Progress = lambda strips: strips,
    cluster: str = "",
) -> tuple[ExposureRun, list[UnitFigures]]:
    """Work out children near unprotected water and keep the figures with what they rest on.

    cluster  address of a Dask scheduler that works the blocks out; empty: this process does
    A run that is cut off leaves its finished blocks; the next one like it goes on from there.
    """
    scene = set_scene(request)
    revision = registry_revision()  # before reading: a change during the run makes it out of date
    run = ExposureRun.objects.create(
        dataset=scene.dataset,
        boundary_set=scene.boundary_set,
        unit=scene.top,
        as_of=scene.as_of,
        registry_revision=revision,
        distances_m=list(request.distances_m),
        state=ExposureRun.State.RUNNING,
        started_by_id=actor_id,
    )
    try:
        figures = _work_out_and_store(run, scene, progress, cluster)
    except Exception as problem:
        run.state, run.problem = ExposureRun.State.FAILED, str(problem)
        run.finished_at = timezone.now()
        run.save()
        raise
    return run, figures


def _work_out_and_store(
    run: ExposureRun, scene: Scene, progress: Progress, cluster: str
) -> list[UnitFigures]:
    began = time.monotonic()
    counts = CellCounts(scene.dataset)
    hazards = hazards_on(scene.as_of)
    plan = _plan(scene, hazards)
    kept = KeptBlocks()
    blocks = on_cluster(cluster) if cluster else side_by_side
    sums = work_out(plan, counts, lambda strips: _noted(run, progress, strips), blocks, kept)
    scaled = rescaling(scene.finest, sums.children, scene.as_of)
    figures = figures_of(
        scene, sums, hazards, plan, knows_people=counts.knows_people, scaled=scaled
    )
    run.facts = facts_of_run(scene, plan, sums, counts, hazards, time.monotonic() - began)
    run.facts["official_counts"] = scaled.facts if scaled else None
    run.state, run.finished_at = ExposureRun.State.DONE, timezone.now()
    with transaction.atomic():
        run.save()
        UnitExposure.objects.bulk_create(_rows(run, figures), batch_size=2000)
        ExposureFlow.objects.bulk_create(_flows(run, sums), batch_size=5000)
        if plan.near_each_m:
            told = near_each_figures(plan, sums)
            store_children_near(figures=told, within_m=plan.near_each_m)
    kept.forget_old()
    return figures


def _noted(run: ExposureRun, progress: Progress, strips: Sequence[slice]) -> Iterable[slice]:
    """Write down how far the run has come, for the page that shows it."""
    for done, strip in enumerate(progress(strips)):
        progressed = {"strips_done": done, "strips": len(strips)}
        ExposureRun.objects.filter(pk=run.pk).update(facts=progressed)
        yield strip


def unit_ids(
    scene: Scene, hazards: Sequence[JudgedHazard], polygons: Sequence[BaseGeometry]
) -> list[int]:
    """Return the id of the finest unit that each hazard stands in; -1 for none of them."""
    if not scene.boundary_set.is_current:  # hazards carry units of the current set only
        tree = shapely.STRtree(polygons)
        spots = [hazard.shape.representative_point() for hazard in hazards]
        held = [tree.query(spot, predicate="intersects") for spot in spots]
        return [scene.finest[found.min()].pk if found.size else NO_UNIT for found in held]
    lefts = [unit.tree_left for unit in scene.finest]
    numbers = []
    for hazard in hazards:
        before = bisect_right(lefts, hazard.unit_left) - 1
        inside = before >= 0 and hazard.unit_left <= scene.finest[before].tree_right
        numbers.append(scene.finest[before].pk if inside else NO_UNIT)
    return numbers


def near_each_figures(plan: BlockPlan, sums: BlockSums) -> dict[int, ChildrenFigures | None]:
    """Turn the sums of single waters into what is kept beside each verdict."""
    return {
        water.hazard_id: _figures_of_one(sums.near_each[water.hazard_id], bool(water.groups))
        for water in plan.waters
    }


def _figures_of_one(credit: FloatArray, is_open: bool) -> ChildrenFigures:
    reach, only_here, equal_share, with_others, nearest = (float(part) for part in credit)
    if not is_open:
        return ChildrenFigures(reach)
    others = with_others / reach if reach else 0.0
    return ChildrenFigures(reach, only_here, equal_share, others, nearest)


def _plan(scene: Scene, hazards: Sequence[JudgedHazard]) -> BlockPlan:
    polygons = [shape_of(unit.geometry) for unit in scene.finest if unit.geometry]
    is_live = (
        scene.top is None
        and scene.dataset.is_current
        and scene.boundary_set.is_current
        and scene.as_of == timezone.localdate()
    )
    units = unit_ids(scene, hazards, polygons)
    waters = [
        Water(hazard.hazard_id, hazard.shape, hazard.groups, unit)
        for hazard, unit in zip(hazards, units, strict=True)
    ]
    half_a_cell_m2 = grid_of_dataset(scene.dataset).cell_area_m2(slice(0, 1))[0] / 2
    return BlockPlan(
        unit_ids=[unit.pk for unit in scene.finest],
        polygons=polygons,
        waters=waters,
        groups=GROUPS,
        distances_m=sorted(set(scene.request.distances_m)),
        near_each_m=LIST_DISTANCE_M if is_live else None,
        basins=basins_from(float(half_a_cell_m2), scene.as_of),
    )


def figures_of(
    scene: Scene,
    sums: BlockSums,
    hazards: Sequence[JudgedHazard],
    plan: BlockPlan,
    *,
    knows_people: bool,
    scaled: Rescaling | None = None,
) -> list[UnitFigures]:
    """Give each unit the sum of the finest units in it, so that parts always make up the whole."""
    shapes = dict(zip((unit.pk for unit in scene.finest), plan.polygons, strict=True))
    verdicts = verdicts_by_unit(hazards, scene.units, shapes)
    lefts = [unit.tree_left for unit in scene.finest]
    figures = []
    for unit in scene.units:
        inside = [n for n, left in enumerate(lefts) if unit.tree_left <= left <= unit.tree_right]
        figures.append(
            UnitFigures(
                unit=unit,
                people=float(sums.people[inside].sum()) if knows_people else None,
                children=float(sums.children[inside].sum()),
                exposed={key: float(values[inside].sum()) for key, values in sums.exposed.items()},
                hazards=verdicts[unit.pk],
                **_adjusted(sums, inside, scaled),
            )
        )
    return figures


def _adjusted(sums: BlockSums, inside: Sequence[int], scaled: Rescaling | None) -> dict[str, Any]:
    """Official children of a unit, and the exposed ones rescaled, if all its parts are counted."""
    if scaled is None:
        return {}
    peopled = [n for n in inside if sums.children[n] > 0]
    factor = scaled.factor[peopled]
    if not peopled or np.isnan(factor).any():
        return {}
    return {
        "children_official": float(sums.children[peopled] @ factor),
        "adjusted": {
            metres: float(values[peopled] @ factor)
            for (group, metres), values in sums.exposed.items()
            if group == ANY
        },
    }


def _rows(run: ExposureRun, figures: Sequence[UnitFigures]) -> Iterable[UnitExposure]:
    return (
        UnitExposure(
            run=run,
            unit=found.unit,
            distance_m=distance,
            people_total=found.people,
            children_total=found.children,
            children_exposed=found.exposed[ANY, distance],
            near_seen_gap=found.exposed["gap", distance],
            near_not_surveyed=found.exposed["not_surveyed", distance],
            near_expired=found.exposed["expired", distance],
            near_depth_unknown=found.exposed["depth_unknown", distance],
            children_official=found.children_official,
            exposed_adjusted=found.adjusted.get(distance),
            near_by_gap={kind: found.exposed[kind, distance] for kind in GapKind.values},
        )
        for found in figures
        for distance in sorted(set(run.distances_m))
    )


def _flows(run: ExposureRun, sums: BlockSums) -> Iterable[ExposureFlow]:
    return (
        ExposureFlow(
            run=run,
            unit_id=home,
            water_unit_id=None if there == NO_UNIT else there,
            distance_m=metres,
            children=children,
        )
        for metres, flow in sums.flows.items()
        for (home, there), children in flow.items()
    )


def figures_json(figures: Sequence[UnitFigures]) -> list[dict[str, Any]]:
    """Return the figures as plain lists and objects; distances are keys, hence text."""
    return [_unit_json(found) for found in figures]


def _unit_json(found: UnitFigures) -> dict[str, Any]:
    distances = sorted({distance for _group, distance in found.exposed})
    verdicts = {code: found.hazards.get(code, 0) for code in Verdict.values}
    return {
        "code": found.unit.code,
        "name": found.unit.full_name,
        "level": found.unit.level,
        "people_total": found.people,
        "children_total": found.children,
        "children_official": found.children_official,
        "children_exposed": {str(metres): found.exposed[ANY, metres] for metres in distances},
        "children_exposed_adjusted": {
            str(metres): found.adjusted.get(metres) for metres in distances
        },
        "children_exposed_by_group": {
            group: {str(metres): found.exposed[group, metres] for metres in distances}
            for group in GROUPS
        },
        "hazards": verdicts | {"total": sum(verdicts.values())},
    }
