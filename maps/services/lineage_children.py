"""Shares of earlier units that lie in later ones, by children: where they live, not land."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import F

from geomath.zonal import cell_shares, zonal_sum
from maps.errors import NoLineageError
from maps.models import PopulationDataset
from maps.selectors.population import dataset_named, set_named
from maps.services.cell_counts import CellCounts
from places.lineage.shares import set_children_shares
from places.models import AdminUnit, UnitLineage


@dataclass
class ChildrenShares:
    """What was worked out. ``empty`` are earlier units with lineage where no child is counted."""

    dataset: PopulationDataset
    pairs: int = 0
    units: int = 0
    empty: list[str] = field(default_factory=list)


def compute_children_shares(
    *, from_set: str, to_set: str, level: str = "commune", dataset: str = ""
) -> ChildrenShares:
    """Store, for each pair of the lineage with outlines on both sides, the share of the earlier
    unit's children who live in the later one; those of one unit add up to 1.

    Children of the earlier unit in no listed later one are left out, as with shares by area. Raises
    NoLineageError where the sets share no pair with two outlines, NoDatasetError.
    """
    counts = CellCounts(dataset_named(dataset))
    pairs = _pairs(from_set, to_set, level)
    if not pairs:
        raise NoLineageError(from_set=from_set, to_set=to_set, level=level)
    done = ChildrenShares(counts.dataset)
    shares: dict[tuple[int, int], float] = {}
    outlines = _outlines({pk for pair in pairs for pk in pair})
    for from_id, to_ids in _grouped(pairs).items():
        parts = [shapely.intersection(outlines[from_id], outlines[pk]) for pk in to_ids]
        children = _children_in(counts, outlines[from_id], parts)
        total = sum(children)
        if total <= 0:
            done.empty.append(AdminUnit.objects.values_list("full_name", flat=True).get(pk=from_id))
            continue
        done.units += 1
        shares |= {(from_id, to_id): n / total for to_id, n in zip(to_ids, children, strict=True)}
    done.pairs = set_children_shares(shares)
    return done


def _pairs(from_set: str, to_set: str, level: str) -> list[tuple[int, int]]:
    rows = UnitLineage.objects.filter(
        from_unit__boundary_set=set_named(from_set), from_unit__level=level,
        from_unit__geometry__isnull=False, to_unit__boundary_set=set_named(to_set),
        to_unit__geometry__isnull=False,
    )  # fmt: skip
    found = rows.order_by("from_unit", "to_unit").values_list(F("from_unit"), F("to_unit"))
    return list(found)


def _grouped(pairs: list[tuple[int, int]]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for from_id, to_id in pairs:
        grouped.setdefault(from_id, []).append(to_id)
    return grouped


def _outlines(unit_ids: set[int]) -> dict[int, shapely.Geometry]:
    rows = AdminUnit.objects.filter(pk__in=unit_ids).values_list("pk", AsWKB("geometry"))
    return {pk: shapely.make_valid(shapely.from_wkb(bytes(wkb))) for pk, wkb in rows}


def _children_in(
    counts: CellCounts, whole: shapely.Geometry, parts: list[shapely.Geometry]
) -> list[float]:
    """Return children under 16 in each part of an earlier unit, not rounded; 0 off the raster."""
    try:
        grid, rows, cols = counts.grid.window(shapely.bounds(whole).tolist())
    except ValueError:
        return [0.0] * len(parts)
    _people, children = counts.settled(rows, cols)
    if counts.child_share:
        children = children * counts.child_share.of_cells(grid, children > 0)[0]
    areas = [_areas_of(part) for part in parts]
    inside = cell_shares(areas, grid, settled=children > 0)
    return np.asarray(zonal_sum(children, inside, len(areas))).tolist()


def _areas_of(part: shapely.Geometry) -> shapely.Geometry:
    """Keep the areas of an intersection: common borders and corners hold nobody."""
    areas = [one for one in shapely.get_parts(part) if one.geom_type == "Polygon" and one.area]
    return shapely.MultiPolygon(areas)
