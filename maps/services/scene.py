"""What a run counts with: dataset, boundary set, units and day, looked up and checked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from maps import errors
from maps.models import PopulationDataset
from maps.selectors.population import dataset_named, set_named
from places.models import AdminUnit, BoundarySet
from places.selectors import finest_levels

LEAST_M: Final = 20  # under it houses count, not pixels
MOST_M: Final = 5_000


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
class Scene:
    """Everything a run counts with, looked up once."""

    request: RunRequest
    dataset: PopulationDataset
    boundary_set: BoundarySet
    top: AdminUnit | None
    finest: list[AdminUnit]
    units: list[AdminUnit]  # the finest and those above them, depth first
    as_of: date


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
