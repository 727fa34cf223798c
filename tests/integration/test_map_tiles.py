"""Tiles hold every hazard once, at every zoom, and only what the user may see."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from accounts.roles import Role
from accounts.scoping import AreaScope, scope_for
from hazards.services.assessment import assess
from hazards.taxonomy import HazardKind
from maps.tiles.mvt import TileFilter, TileOutOfRangeError, hazard_tile
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db

EVERYTHING = AreaScope(((0, 2**62),))
# 0 E, 0 N would be a corner of four tiles at every zoom; 106.875 E is the edge of tiles 6 and up.
EDGE_LON = 106.875
PLACES = [(106.90, 11.80), (106.91, 11.80), (106.90, 11.85), (EDGE_LON, 11.82), (107.2, 11.6)]


@pytest.fixture
def ponds() -> list[Any]:
    unit = UnitFactory(geometry=MultiPolygon(Polygon.from_bbox((106.5, 11.3, 107.5, 12.3))))
    made = [
        HazardFactory(
            unit=unit, geometry=Point(*place, srid=4326), location=Point(*place, srid=4326)
        )
        for place in PLACES
    ]
    assess()
    return made


def _tiles(zoom: int) -> Iterator[tuple[int, int]]:
    """All tiles of a zoom that may hold something between 106.5 and 107.5 E, 11.3 and 12.3 N."""
    n = 2**zoom
    columns = range(int(n * (106.4 + 180) / 360), int(n * (107.6 + 180) / 360) + 1)
    rows = range(int(n * 0.46), int(n * 0.471) + 1)  # 11.2 to 13.9 N in Web Mercator
    return ((x, y) for x in columns for y in rows)


def _decoded(z: int, x: int, y: int, **chosen: Any) -> dict[str, Any]:
    tile = hazard_tile(z, x, y, scope=EVERYTHING, chosen=TileFilter(**chosen))
    return mapbox_vector_tile.decode(tile) if tile else {}


@pytest.mark.parametrize("zoom", [0, 5, 8, 11])
def test_counts_at_low_zoom_add_up_to_every_hazard(ponds: list[Any], zoom: int) -> None:
    found = Counter()
    for x, y in _tiles(zoom):
        for cell in _decoded(zoom, x, y).get("counts", {}).get("features", []):
            found["all"] += cell["properties"]["n"]
            found["not_surveyed"] += cell["properties"]["not_surveyed"]

    assert found == {"all": 5, "not_surveyed": 5}


@pytest.mark.parametrize("zoom", [12, 14])
def test_each_hazard_stands_in_exactly_one_tile(ponds: list[Any], zoom: int) -> None:
    codes = [
        mark["properties"]["code"]
        for x, y in _tiles(zoom)
        for mark in _decoded(zoom, x, y).get("hazards", {}).get("features", [])
    ]

    assert sorted(codes) == sorted(pond.code for pond in ponds)


def test_a_mark_lies_where_its_hazard_lies(ponds: list[Any]) -> None:
    # 106.90 E at zoom 14 is column 13057.1 (16384 x 286.90/360): a tenth of the tile from the left.
    z, x, y = 14, int(16384 * (106.90 + 180) / 360), 7650
    tile = next(
        decoded
        for row in range(y - 30, y + 30)
        if (decoded := _decoded(z, x, row)) and decoded.get("hazards")
    )

    mark = tile["hazards"]["features"][0]["geometry"]["coordinates"]

    part_of_tile = 16384 * (106.90 + 180) / 360 - x
    assert mark[0] == pytest.approx(part_of_tile * 4096, abs=1)


def test_an_area_is_drawn_with_its_shape_and_its_mark() -> None:
    pond = Polygon.from_bbox((106.9, 11.8, 106.91, 11.81))
    pond.srid = 4326
    unit = UnitFactory(geometry=MultiPolygon(Polygon.from_bbox((106.5, 11.3, 107.5, 12.3))))
    HazardFactory(unit=unit, geometry=pond, kind=HazardKind.LAKE)

    layers = [_decoded(12, x, y) for x, y in _tiles(12)]

    assert sum(len(layer["shapes"]["features"]) for layer in layers if "shapes" in layer) >= 1
    assert sum(len(layer["hazards"]["features"]) for layer in layers if "hazards" in layer) == 1


def test_filters_act_before_counting(ponds: list[Any]) -> None:
    ponds[0].kind = HazardKind.CANAL
    ponds[0].save()

    def count(**chosen: Any) -> int:
        cells = _decoded(0, 0, 0, **chosen).get("counts", {}).get("features", [])
        return sum(cell["properties"]["n"] for cell in cells)

    assert count() == 5
    assert count(kinds=("canal",)) == 1
    assert count(verdicts=("not_surveyed",)) == 5
    assert count(verdicts=("compliant",)) == 0


def test_a_user_of_another_commune_gets_an_empty_tile(ponds: list[Any], client: Any) -> None:
    elsewhere = user_with_role(Role.PLANNER, UnitFactory())
    at_home = user_with_role(Role.PLANNER, ponds[0].unit)

    def answer(user: Any) -> Any:
        client.force_login(user)
        return client.get(reverse("maps:hazard_tile", args=[0, 0, 0]))

    assert answer(elsewhere).status_code == 204
    assert answer(elsewhere).content == b""
    assert answer(at_home).status_code == 200
    assert not scope_for(elsewhere).is_empty


@pytest.mark.parametrize(("z", "x", "y"), [(3, 8, 0), (3, 0, 8), (21, 0, 0)])
def test_a_tile_that_does_not_exist_is_refused(z: int, x: int, y: int) -> None:
    with pytest.raises(TileOutOfRangeError, match=f"Tile {z}/{x}/{y} does not exist"):
        hazard_tile(z, x, y, scope=EVERYTHING, chosen=TileFilter())
