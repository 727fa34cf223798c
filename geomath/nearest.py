"""The nearest water to each of many positions, by a search tree of positions along the waters.

Each child near water belongs to one nearest water: figures by the place of the water add up to the
figures by the place of the home. It is also an independent check of the union by cell centres.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geomath.distance import FloatArray, metres_per_degree_lat
from geomath.pieces import cut_shapes

SPACING_M = 10.0  # between positions along a bank: at 100 m off it, 0.13 m of error
NONE = -1


def nearest_water(
    shapes: Sequence[BaseGeometry],
    lon_deg: FloatArray,
    lat_deg: FloatArray,
    within_m: float,
    threads: int = -1,
) -> tuple[NDArray[np.int64], FloatArray]:
    """Return, for each position, the number of the nearest shape and its distance in metres.

    -1 and infinity where none lies within ``within_m``. In a polygon the distance is 0; of several
    the first counts. Distances are chords between positions on the ellipsoid (WGS84).
    """
    count = len(lon_deg)
    number, distance = np.full(count, NONE, dtype=np.int64), np.full(count, np.inf)
    if count == 0 or not shapes:
        return number, distance
    spacing_deg = SPACING_M / float(metres_per_degree_lat(0.0))
    pieces = cut_shapes(shapes, spacing_deg)
    lon = np.concatenate([pieces.lon0, pieces.lon1])
    lat = np.concatenate([pieces.lat0, pieces.lat1])
    owner = np.concatenate([pieces.shape, pieces.shape])
    points = np.flatnonzero((pieces.lon0 == pieces.lon1) & (pieces.lat0 == pieces.lat1))
    keep = np.ones(lon.size, dtype=np.bool_)
    keep[points + pieces.count] = False  # a point's other end is the point again
    tree = cKDTree(on_ellipsoid(lon[keep], lat[keep]), balanced_tree=False, compact_nodes=False)
    distance, found = tree.query(
        on_ellipsoid(lon_deg, lat_deg), distance_upper_bound=within_m, workers=threads
    )
    hit = found < int(keep.sum())
    number[hit] = owner[keep][found[hit]]
    _insides(shapes, lon_deg, lat_deg, number, distance)
    return number, distance


def on_ellipsoid(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Positions on WGS84 as x, y, z in metres from the earth's centre (n x 3)."""
    a, f = 6_378_137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    normal = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.column_stack(
        [
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - e2) * np.sin(lat),
        ]
    )


def _insides(
    shapes: Sequence[BaseGeometry],
    lon_deg: FloatArray,
    lat_deg: FloatArray,
    number: NDArray[np.int64],
    distance: FloatArray,
) -> None:
    geoms = np.asarray(shapes, dtype=object)
    areas = np.flatnonzero(shapely.get_dimensions(geoms) == 2)
    if areas.size == 0:
        return
    tree = shapely.STRtree(shapely.points(lon_deg, lat_deg))
    area, position = tree.query(geoms[areas], predicate="contains")
    order = np.lexsort((-area, position))  # the first area is written last
    number[position[order]] = areas[area[order]]
    distance[position] = 0.0
