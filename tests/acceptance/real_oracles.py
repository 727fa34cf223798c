"""Sums by exactextract and places by shapely over the raw files, and codes in exported files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import rasterio
import rasterio.transform
import rasterio.windows
import shapely
from shapely import STRtree

from hazards.models import WaterHazard
from tests.acceptance.real_road import CENSUS, DISTRICTS, NEAR_KM, PROVINCE, RASTER, Road


def _zonal(raster: Any, shapes: list[Any], ops: list[str]) -> list[dict[str, Any]]:
    import exactextract

    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    found = exactextract.exact_extract(raster, features, ops)
    return [row["properties"] for row in found]


def sums_of(path: Path, shapes: list[Any]) -> np.ndarray:
    with rasterio.open(path) as source:
        return np.array([row["sum"] for row in _zonal(source, shapes, ["sum"])])


def _census_shares(path: Path) -> dict[str, float]:
    shares = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            bands = [row["total"], row["pop_0_14"], row["all_15-19"]]
            if row["district_code_2019"] and all(bands):
                total, under_15, to_19 = map(float, bands)
                shares[row["district_code_2019"]] = (under_15 + to_19 / 5) / total
    return shares


def make_children_raster(road: Road) -> Path:
    """Return people times the share of children, cell by cell, around the province.

    On a border between districts: the mean of their shares by the parts of the cell. In no
    district: the share of the nearest.
    """
    shares = _census_shares(road.data / CENSUS)
    districts = {
        code: shape for code, shape in road.shapes(DISTRICTS, "district_code").items()
        if code in shares
    }  # fmt: skip
    west, south, east, north = shapely.unary_union(list(road.communes.values())).bounds
    with rasterio.open(road.data / RASTER) as source:
        window = rasterio.windows.from_bounds(
            west - 0.05, south - 0.05, east + 0.05, north + 0.05, source.transform
        ).round_offsets().round_lengths()  # fmt: skip
        people = source.read(1, window=window).astype("float64")
        people[people == source.nodata] = np.nan
        transform = source.window_transform(window)
        profile = source.profile | {
            "dtype": "float64", "nodata": np.nan, "transform": transform,
            "height": people.shape[0], "width": people.shape[1],
        }  # fmt: skip
    path = road.out / "children.tif"
    with rasterio.open(path, "w", **profile) as target:
        target.write(people, 1)
    share = _share_of_cells(path, people.shape, transform, districts, shares)
    with rasterio.open(path, "r+") as target:
        target.write(people * share, 1)
    return path


def _share_of_cells(
    path: Path, shape: Any, transform: Any, districts: dict[str, Any], shares: dict[str, float]
) -> np.ndarray:
    codes, outlines = list(districts), np.array(list(districts.values()), dtype=object)
    box = shapely.box(*rasterio.transform.array_bounds(*shape, transform))
    near = np.flatnonzero(shapely.intersects(outlines, box))
    cover, weighted = np.zeros(shape), np.zeros(shape)
    with rasterio.open(path) as source:
        parts = _zonal(source, list(outlines[near]), ["cell_id", "coverage"])
    for place, part in zip(near, parts, strict=True):
        cells = np.asarray(part["cell_id"], dtype=int)
        np.add.at(cover.reshape(-1), cells, part["coverage"])
        weight = np.asarray(part["coverage"]) * shares[codes[place]]
        np.add.at(weighted.reshape(-1), cells, weight)
    share = np.divide(weighted, cover, out=np.full(shape, np.nan), where=cover > 0)
    tree = STRtree(outlines)
    for row, col in zip(*np.nonzero(cover == 0), strict=True):
        centre = shapely.Point(*rasterio.transform.xy(transform, row, col))
        share[row, col] = shares[codes[tree.nearest(centre)]]
    return share


def is_near(hazard: WaterHazard, point: Any, communes: Any, provinces: Any) -> bool:
    """In no commune: then in the outline of its province, or as near to its unit as was allowed."""
    unit = hazard.unit
    outline = communes[unit.code] if unit.level == "commune" else provinces[unit.code]
    if outline.covers(point):
        return unit.level == "province"
    far_km = outline.distance(point) * 111.4  # a degree is at most that long here
    others = [*communes.values(), *(p for code, p in provinces.items() if code != PROVINCE)]
    nearest = STRtree(others).nearest(point)
    is_nearest = outline.distance(point) <= others[nearest].distance(point) * 1.1
    return hazard.source == "osm-2016" and far_km < NEAR_KM * 1.05 and is_nearest


def codes_in(path: Path) -> list[str]:
    """Return the codes of hazards in an exported file, in its order."""
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        return [row["Code"] for row in rows]
    if path.suffix == ".geojson":
        found = json.loads(path.read_text(encoding="utf-8"))
        assert found["count"] == len(found["features"])
        return [feature["properties"]["code"] for feature in found["features"]]
    cells = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_col=2, max_col=2)
    return [cell.value for (cell,) in cells if str(cell.value).startswith("AT-")]
