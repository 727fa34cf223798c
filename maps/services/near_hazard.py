"""Children round one water by distance, with what an unsure position makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geomath.exposure import ANY, exposed_share
from hazards.models import WaterHazard
from maps.models import PopulationDataset
from maps.selectors.population import dataset_named
from maps.services.cell_counts import CellCounts
from maps.services.shapes import shape_of

DISTANCES_M: Final = (50, 100, 200, 500, 1000)
LEAST_CELLS: Final = 0.4  # a distance below this part of a cell says nothing of one water
TODDLER_M: Final = 20  # asks for houses, not cells


@dataclass(frozen=True)
class NearBand:
    """Children within ``metres``; low and high if the position is off by up to the error."""

    metres: int
    children: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class NearHazard:
    """``too_fine_m`` are distances that cells of this size cannot answer for a single water."""

    bands: list[NearBand]
    too_fine_m: list[int]
    cell_m: float
    error_m: float | None
    nearest_house_m: int | None
    dataset: PopulationDataset

    @property
    def has_house_near(self) -> bool | None:
        """Say whether a house stands within 20 m; None where nobody has measured it."""
        return None if self.nearest_house_m is None else self.nearest_house_m <= TODDLER_M


def near_hazard(hazard: WaterHazard) -> NearHazard:
    """Count children round a water with the current dataset; raises NoDatasetError,
    NoChildSharesError.

    If the position is off by at most e, the true circle of D lies inside that of D + e and holds
    that of D - e: the true number lies between theirs.
    """
    dataset = dataset_named()
    counts = CellCounts(dataset)
    cell_m = float(np.sqrt(counts.grid.cell_area_m2(slice(0, 1))[0]))
    told = [metres for metres in DISTANCES_M if metres >= LEAST_CELLS * cell_m]
    error_m = hazard.position_accuracy_m or None
    edges = {(metres, off): metres + off * (error_m or 0) for metres in told for off in (-1, 0, 1)}
    children = _children_within(hazard, counts, sorted({m for m in edges.values() if m > 0}))
    bands = [
        NearBand(
            metres,
            children[metres],
            children.get(edges[metres, -1], 0.0) if error_m else None,
            children[edges[metres, 1]] if error_m else None,
        )
        for metres in told
    ]
    return NearHazard(
        bands,
        [metres for metres in DISTANCES_M if metres not in told],
        cell_m,
        error_m,
        hazard.nearest_house_m,
        dataset,
    )


def _children_within(
    hazard: WaterHazard, counts: CellCounts, distances_m: list[float]
) -> dict[float, float]:
    """Return {metres: children} round the whole shape, not rounded; nobody off the raster."""
    shape = shape_of(hazard.geometry)
    try:
        grid, rows, cols = counts.grid.window(shape.bounds, margin_m=max(distances_m))
    except ValueError:
        return dict.fromkeys(distances_m, 0.0)
    _people, children = counts.settled(rows, cols)
    if counts.child_share:
        children = children * counts.child_share.of_cells(grid, children > 0)[0]
    reached = exposed_share({ANY: [shape]}, grid, distances_m, settled=children > 0)
    counted = children.reshape(-1)[reached.cells]
    return {
        metres: float(counted @ reached.share[ANY, metres].astype(np.float64))
        for metres in distances_m
    }
