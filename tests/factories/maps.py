"""Small rasters, units and hazards whose figures can be worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon

from hazards.models import WaterHazard
from hazards.services.assessment import assess
from maps.models import ChildShare, PopulationDataset
from maps.services.rasters import DatasetOptions, FileOptions, register_population
from places.models import AdminUnit, BoundarySet
from places.services import renumber_tree
from tests.factories.hazards import HazardFactory, SafeguardObservationFactory

WEST, NORTH = 106.0, 12.0  # corner of the little rasters, degrees
CELL = 0.01  # degrees: about 1.1 km, so that a circle of 200 m fits well inside one cell


def write_raster(
    path: Path,
    values: Any,
    *,
    nodata: float | None = -99999.0,
    crs: str | None = "EPSG:4326",
    west: float = WEST,
    north: float = NORTH,
    cell: float = CELL,
    dtype: str = "float32",
    transform: rasterio.Affine | None = None,
) -> Path:
    """Write rows of counts (or bands of rows) as a GeoTIFF, north up unless ``transform`` says."""
    array = np.asarray(values, dtype=dtype)
    bands = array[None] if array.ndim == 2 else array
    made = transform or rasterio.Affine(cell, 0, west, 0, -cell, north)
    with rasterio.open(
        path, "w", driver="GTiff", dtype=dtype, count=bands.shape[0], height=bands.shape[1],
        width=bands.shape[2], crs=crs, transform=made, nodata=nodata,
    ) as target:  # fmt: skip
        target.write(bands)
    return path


def make_dataset(
    folder: Path, values: Any, *, name: str = "people", is_current: bool = True, **raster: Any
) -> PopulationDataset:
    """Register one raster of people of all ages."""
    path = write_raster(folder / f"{name}_ppp_2020.tif", values, **raster)
    return register_population(
        paths=[path], options=FileOptions(), dataset=DatasetOptions(name, is_current=is_current)
    ).dataset


def give_share(dataset: PopulationDataset, unit: AdminUnit, share: float) -> ChildShare:
    return ChildShare.objects.create(dataset=dataset, unit=unit, share=share)


def make_set(name: str = "now", *, is_current: bool = True) -> BoundarySet:
    return BoundarySet.objects.create(name=name, valid_from=date(2020, 1, 1), is_current=is_current)


def box_of_cells(first_row: float, last_row: float, first_col: float, last_col: float) -> Polygon:
    """Outline of cells of the little rasters; ends not included, fractions allowed."""
    return Polygon.from_bbox(
        (
            WEST + first_col * CELL,
            NORTH - last_row * CELL,
            WEST + last_col * CELL,
            NORTH - first_row * CELL,
        )
    )


def make_unit(
    boundary_set: BoundarySet,
    code: str,
    outline: Polygon | None,
    *,
    parent: AdminUnit | None = None,
    level: str = "commune",
) -> AdminUnit:
    unit = AdminUnit.objects.create(
        boundary_set=boundary_set,
        level=level,
        code=code,
        name=code,
        full_name=f"Xã {code}",
        name_plain=f"xa {code.lower()}",
        parent=parent,
        valid_from=boundary_set.valid_from,
        geometry=MultiPolygon(outline, srid=4326) if outline else None,
    )
    renumber_tree()
    unit.refresh_from_db()
    return unit


def at_cell(row: float, col: float) -> Point:
    """The centre of a cell; halves move to its edges."""
    return Point(WEST + (col + 0.5) * CELL, NORTH - (row + 0.5) * CELL, srid=4326)


def make_hazard(unit: AdminUnit, shape: GEOSGeometry, **values: Any) -> WaterHazard:
    """A deep pond that nobody has surveyed, with its verdict of today."""
    hazard = HazardFactory(unit=unit, geometry=shape, **values)
    assess([hazard.pk])
    return hazard


def observe(hazard: WaterHazard, on: date, **states: str) -> None:
    """Write down what was seen of each duty: ``observe(pond, today, sign="present")``."""
    for duty, state in states.items():
        SafeguardObservationFactory(hazard=hazard, duty=duty, state=state, observed_on=on)
    assess([hazard.pk])
