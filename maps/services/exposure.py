"""Working out, and keeping, children near unprotected water."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from geomath.exposure import ANY
from hazards.services.exposure_figures import store_children_near
from hazards.taxonomy import Verdict
from maps import errors
from maps.models import ExposureRun, PopulationDataset, UnitExposure
from maps.selectors.population import dataset_named, set_named
from maps.selectors.registry import registry_revision
from maps.selectors.waters import GROUPS, JudgedHazard, hazards_on, verdicts_by_unit
from maps.services.cell_counts import CellCounts
from maps.services.exposure_blocks import BlockPlan, BlockSums, Water, work_out
from maps.services.provenance import facts_of_run
from maps.services.shapes import shape_of
from places.models import AdminUnit, BoundarySet
from places.selectors import finest_levels

LEAST_M: Final = 20  # under it houses count, not pixels
MOST_M: Final = 5_000
LIST_DISTANCE_M: Final = 200  # "children near" in the list of hazards; each water alone

Progress = Callable[[Sequence[slice]], Iterable[slice]]


@dataclass(frozen=True)
class RunRequest:
    """What to work out; empty names mean the current dataset and set, the finest level, today."""

    distances_m: tuple[int, ...]
    unit_code: str = ""
    set_name: str = ""
    level: str = ""
    dataset_name: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class UnitFigures:
    """One unit's figures; people is None where the dataset lacks adults."""

    unit: AdminUnit
    people: float | None
    children: float
    exposed: dict[tuple[str, int], float]  # (group or "any", metres) -> children
    hazards: Counter[str]


@dataclass(frozen=True)
class Scene:
    """Everything a run counts with, looked up once."""

    request: RunRequest
    dataset: PopulationDataset
    boundary_set: BoundarySet
    top: AdminUnit | None
    finest: list[AdminUnit]
    units: list[AdminUnit]  # the finest and those above them, depth first
    as_of: date


def run_exposure(
    *,
    request: RunRequest,
    actor_id: int | None = None,
    progress: Progress = lambda strips: strips,
) -> tuple[ExposureRun, list[UnitFigures]]:
    """Work out children near unprotected water and keep the figures with what they rest on."""
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
        figures = _work_out_and_store(run, scene, progress)
    except Exception as problem:
        run.state, run.problem = ExposureRun.State.FAILED, str(problem)
        run.finished_at = timezone.now()
        run.save()
        raise
    return run, figures


def set_scene(request: RunRequest) -> Scene:
    """Look up and check what a run needs; raises the error that says what is missing."""
    for distance in request.distances_m:
        if not LEAST_M <= distance <= MOST_M:
            raise errors.DistanceOutOfRangeError(
                distance_m=distance, least_m=LEAST_M, most_m=MOST_M
            )
    boundary_set = set_named(request.set_name)
    top = _unit(request.unit_code, boundary_set)
    finest = _finest(boundary_set, top, request.level)
    units = AdminUnit.objects.filter(boundary_set=boundary_set).defer("geometry")
    above = {unit.pk for unit in finest}
    parents = {unit.pk: unit for unit in units}
    for unit in finest:
        step = unit.parent_id
        while step and step not in above and (top is None or _is_within(parents[step], top)):
            above.add(step)
            step = parents[step].parent_id
    chosen = sorted((parents[pk] for pk in above), key=lambda unit: unit.tree_left)
    for unit in chosen:
        unit.boundary_set = boundary_set
    return Scene(
        request=request,
        dataset=dataset_named(request.dataset_name),
        boundary_set=boundary_set,
        top=top,
        finest=finest,
        units=chosen,
        as_of=request.as_of or timezone.localdate(),
    )


def _is_within(unit: AdminUnit, top: AdminUnit) -> bool:
    return top.tree_left <= unit.tree_left <= top.tree_right


def _unit(code: str, boundary_set: BoundarySet) -> AdminUnit | None:
    if not code:
        return None
    found = boundary_set.units.filter(code=code).order_by("depth").first()
    if found is None:
        raise errors.UnitNotFoundError(code=code, set_name=boundary_set.name)
    return found


def _finest(boundary_set: BoundarySet, top: AdminUnit | None, level: str) -> list[AdminUnit]:
    drawn = AdminUnit.objects.filter(boundary_set=boundary_set, geometry__isnull=False)
    chosen = drawn.filter(level=level) if level else finest_levels(boundary_set)
    if top is not None:
        chosen = chosen.filter(tree_left__range=(top.tree_left, top.tree_right))
    finest = list(chosen.order_by("tree_left"))
    if finest:
        return finest
    if not drawn.exists():
        raise errors.NoBoundarySetError(named=f" ({boundary_set.name})")
    if level and not drawn.filter(level=level).exists():
        levels = sorted(set(drawn.order_by().values_list("level", flat=True)))
        raise errors.NoSuchLevelError(
            set_name=boundary_set.name, level=level, levels=", ".join(levels)
        )
    raise errors.NoUnitOutlineError(unit=top.full_name if top else boundary_set.name)


def _work_out_and_store(run: ExposureRun, scene: Scene, progress: Progress) -> list[UnitFigures]:
    began = time.monotonic()
    counts = CellCounts(scene.dataset)
    hazards = hazards_on(scene.as_of)
    plan = _plan(scene, hazards)
    sums = work_out(plan, counts, lambda strips: _noted(run, progress, strips))
    figures = figures_of(scene, sums, hazards, plan, knows_people=counts.knows_people)
    run.facts = facts_of_run(scene, plan, sums, counts, hazards, time.monotonic() - began)
    run.state, run.finished_at = ExposureRun.State.DONE, timezone.now()
    with transaction.atomic():
        run.save()
        UnitExposure.objects.bulk_create(_rows(run, figures), batch_size=2000)
        if plan.near_each_m:
            store_children_near(figures=sums.near_each, within_m=plan.near_each_m)
    return figures


def _noted(run: ExposureRun, progress: Progress, strips: Sequence[slice]) -> Iterable[slice]:
    """Write down how far the run has come, for the page that shows it."""
    for done, strip in enumerate(progress(strips)):
        progressed = {"strips_done": done, "strips": len(strips)}
        ExposureRun.objects.filter(pk=run.pk).update(facts=progressed)
        yield strip


def _plan(scene: Scene, hazards: Sequence[JudgedHazard]) -> BlockPlan:
    polygons = [shape_of(unit.geometry) for unit in scene.finest if unit.geometry]
    is_live = (
        scene.top is None
        and scene.dataset.is_current
        and scene.boundary_set.is_current
        and scene.as_of == timezone.localdate()
    )
    return BlockPlan(
        polygons=polygons,
        waters=[Water(hazard.hazard_id, hazard.shape, hazard.group) for hazard in hazards],
        groups=GROUPS,
        distances_m=sorted(set(scene.request.distances_m)),
        near_each_m=LIST_DISTANCE_M if is_live else None,
    )


def figures_of(
    scene: Scene,
    sums: BlockSums,
    hazards: Sequence[JudgedHazard],
    plan: BlockPlan,
    *,
    knows_people: bool,
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
            )
        )
    return figures


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
        )
        for found in figures
        for distance in sorted(set(run.distances_m))
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
        "children_exposed": {str(metres): found.exposed[ANY, metres] for metres in distances},
        "children_exposed_by_group": {
            group: {str(metres): found.exposed[group, metres] for metres in distances}
            for group in GROUPS
        },
        "hazards": verdicts | {"total": sum(verdicts.values())},
    }
