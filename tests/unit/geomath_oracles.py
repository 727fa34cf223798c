"""Independent answers for the exposure tests: geodesic outlines, and exact coverage by GEOS."""

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from geomath.grid import Grid

GEOD = Geod(ellps="WGS84")
CORNERS = 240


def geodesic_circle(lon: float, lat: float, radius_m: float) -> BaseGeometry:
    """Circle over the ground with the area of its polygon made equal to the true one."""
    step = 2 * np.pi / CORNERS
    radii = np.full(CORNERS, radius_m * np.sqrt(step / np.sin(step)))
    azimuth = np.linspace(0, 360, CORNERS, endpoint=False)
    x, y, _ = GEOD.fwd(np.full(CORNERS, lon), np.full(CORNERS, lat), azimuth, radii)
    return shapely.Polygon(np.column_stack([x, y]))


def ground_buffer(shape: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Buffer in a plane of true distances centred on the shape, back in degrees."""
    if shape.geom_type == "Point":
        return geodesic_circle(shape.x, shape.y, radius_m)
    centre = shape.envelope.centroid
    plane = f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +ellps=WGS84 +units=m"
    there = Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
    back = Transformer.from_crs(plane, "EPSG:4326", always_xy=True).transform
    flat = shapely.transform(shapely.segmentize(shape, 0.0005), there, interleaved=False)
    return shapely.transform(flat.buffer(radius_m, quad_segs=128), back, interleaved=False)


def exact_coverage(region: BaseGeometry, grid: Grid) -> np.ndarray:
    """Share of each cell inside ``region``, rows x cols, by clipping every cell with GEOS."""
    row, col = np.divmod(np.arange(grid.size), grid.cols)
    west = grid.west_deg + col * grid.dlon_deg
    north = grid.north_deg - row * grid.dlat_deg
    cells = shapely.box(west, north - grid.dlat_deg, west + grid.dlon_deg, north)
    shapely.prepare(region)
    share = shapely.contains_properly(region, cells).astype(float)
    edge = (share == 0) & shapely.intersects(region, cells)
    area = shapely.area(shapely.intersection(cells[edge], region))
    share[edge] = area / (grid.dlon_deg * grid.dlat_deg)
    return share.reshape(grid.shape)


def extract_sum(values: np.ndarray, grid: Grid, region: BaseGeometry) -> float:
    """Sum of ``values`` in ``region`` by exactextract."""
    west, south, east, north = grid.bounds
    source = NumPyRasterSource(values, xmin=west, ymin=south, xmax=east, ymax=north)
    feature = {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(region),
        "properties": {},
    }
    return float(exact_extract(source, feature, "sum")[0]["properties"]["sum"])
