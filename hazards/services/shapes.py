"""From a shape as given to what the register keeps: checked, flat, measured, with one position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, Point

from geomath.distance import area_m2, length_m
from geomath.shore import shore_of
from hazards.errors import (
    EmptyShapeError,
    OutsideVietnamError,
    ShapeError,
    ShapeKindError,
    ShapeTooDetailedError,
    SwappedAxesError,
    WrongCrsError,
)

SRID = 4326
SHAPE_KINDS = frozenset({"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
MAX_VERTICES = 200_000  # the largest reservoir outlines of the country hold about a tenth
# Degrees (west, south, east, north): mainland, Hoàng Sa and Trường Sa.
VIETNAM = (102.0, 6.0, 118.0, 23.5)


@dataclass(frozen=True)
class Shape:
    """``geometry`` in EPSG:4326 and two dimensions; ``location`` on or in it; sizes geodesic."""

    geometry: GEOSGeometry
    location: Point
    area_m2: float | None
    length_m: float | None
    perimeter_m: float | None = None  # of the outer rings: the shore


def read_shape(given: GEOSGeometry) -> Shape:
    """Check ``given`` and work out its position and size; raises a ShapeError saying what is wrong.

    A third dimension is dropped. Areas have ``area_m2`` and ``perimeter_m``, lines
    ``length_m``, points nothing.
    """
    geometry = _flat(given)
    _check_kind(geometry)
    _check_place(geometry)
    if not geometry.valid:
        raise ShapeError(why=geometry.valid_reason)
    if geometry.geom_type == "Point":
        return Shape(geometry, position_of(geometry), area_m2=None, length_m=None)
    bare = shapely.from_wkb(bytes(geometry.wkb))
    is_area, is_line = "Polygon" in geometry.geom_type, "Line" in geometry.geom_type
    return Shape(
        geometry=geometry,
        location=position_of(geometry),
        area_m2=area_m2(bare) if is_area else None,
        length_m=length_m(bare) if is_line else None,
        perimeter_m=length_m(shore_of(bare)) if is_area else None,
    )


def position_of(geometry: GEOSGeometry) -> Point:
    """Return the point itself, the middle of a line (its longest part), or a point in the area."""
    if isinstance(geometry, Point):
        return geometry.clone()
    if isinstance(geometry, LineString):
        return geometry.interpolate_normalized(0.5)
    if isinstance(geometry, MultiLineString):
        parts: list[LineString] = [*geometry]  # type: ignore[list-item]
        return max(parts, key=lambda part: part.length).interpolate_normalized(0.5)
    return geometry.point_on_surface


def _flat(given: GEOSGeometry) -> GEOSGeometry:
    if given.srid != SRID:
        raise WrongCrsError(srid=given.srid or "?")
    if not given.hasz:
        return given
    with np.errstate(invalid="ignore"):  # NaN is refused below, in words
        flat = shapely.force_2d(shapely.from_wkb(bytes(given.ewkb)))
    return GEOSGeometry(memoryview(shapely.to_wkb(flat)), srid=SRID)


def _check_kind(geometry: GEOSGeometry) -> None:
    if geometry.empty:
        raise EmptyShapeError
    if geometry.geom_type not in SHAPE_KINDS:
        raise ShapeKindError(geometry_type=geometry.geom_type)
    if geometry.num_coords > MAX_VERTICES:
        raise ShapeTooDetailedError(vertices=geometry.num_coords, limit=MAX_VERTICES)


def _check_place(geometry: GEOSGeometry) -> None:
    with np.errstate(invalid="ignore"):
        degrees = shapely.get_coordinates(shapely.from_wkb(bytes(geometry.wkb)))
    if not np.isfinite(degrees).all():
        raise ShapeError(why="NaN")
    west, south = (float(degree) for degree in degrees.min(axis=0))
    east, north = (float(degree) for degree in degrees.max(axis=0))
    if _in_vietnam(west, south) and _in_vietnam(east, north):
        return
    if _in_vietnam(south, west) and _in_vietnam(north, east):
        raise SwappedAxesError(lon=west, lat=south)
    bad = (east, north) if _in_vietnam(west, south) else (west, south)
    raise OutsideVietnamError(lon=bad[0], lat=bad[1])


def _in_vietnam(lon: float, lat: float) -> bool:
    return VIETNAM[0] <= lon <= VIETNAM[2] and VIETNAM[1] <= lat <= VIETNAM[3]
