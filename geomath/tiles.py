"""Slippy-map tiles: numbers, bounds in degrees, and bounds in Web Mercator metres."""

import math
from dataclasses import dataclass
from typing import Final

from geomath.grid import Bounds

MAX_ZOOM: Final = 24
MAX_LAT_DEG: Final = 85.0511287798066  # where the square map ends
HALF_WORLD_3857: Final = math.pi * 6378137.0


@dataclass(frozen=True)
class Tile:
    """Tile ``x`` from the west and ``y`` from the north at zoom ``z``; refused when off the map."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise ValueError(f"zoom {self.z} is not between 0 and {MAX_ZOOM}")
        last = (1 << self.z) - 1
        if not (0 <= self.x <= last and 0 <= self.y <= last):
            raise ValueError(
                f"tile {self.x}/{self.y} is not on the map: 0 to {last} at zoom {self.z}"
            )

    @property
    def bounds_3857(self) -> Bounds:
        """(west, south, east, north) in Web Mercator metres."""
        size = 2 * HALF_WORLD_3857 / (1 << self.z)
        west = -HALF_WORLD_3857 + self.x * size
        north = HALF_WORLD_3857 - self.y * size
        return (west, north - size, west + size, north)

    @property
    def bounds_deg(self) -> Bounds:
        """(west, south, east, north) in degrees."""
        count = 1 << self.z
        west, east = self.x / count * 360 - 180, (self.x + 1) / count * 360 - 180
        return (west, _lat_of(self.y + 1, count), east, _lat_of(self.y, count))

    @property
    def parent(self) -> "Tile":
        """The tile one zoom out; zoom 0 is its own."""
        return Tile(self.z - 1, self.x // 2, self.y // 2) if self.z else self


def tile_at(lon_deg: float, lat_deg: float, z: int) -> Tile:
    """Find the tile that holds a position; beyond 85 degrees it is the outermost row."""
    if not (-180 <= lon_deg <= 180 and -90 <= lat_deg <= 90):
        raise ValueError(f"position ({lon_deg}, {lat_deg}) is not in degrees")
    count = 1 << Tile(z, 0, 0).z
    phi = math.radians(min(MAX_LAT_DEG, max(-MAX_LAT_DEG, lat_deg)))
    x = math.floor((lon_deg + 180) / 360 * count)
    y = math.floor((1 - math.asinh(math.tan(phi)) / math.pi) / 2 * count)
    return Tile(z, min(x, count - 1), min(max(y, 0), count - 1))


def tiles_covering(bounds: Bounds, z: int) -> list[Tile]:
    """List the tiles at zoom ``z`` that meet (west, south, east, north) in degrees."""
    west, south, east, north = bounds
    first, last = tile_at(west, north, z), tile_at(east, south, z)
    return [Tile(z, x, y) for y in range(first.y, last.y + 1) for x in range(first.x, last.x + 1)]


def _lat_of(y: int, count: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / count))))
