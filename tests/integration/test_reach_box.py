"""The box that the index of shapes is asked with holds everything within reach."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geomath.distance import reach_box
from hazards.models import WaterHazard
from tests.factories.hazards import HazardFactory

GEOD = Geod(ellps="WGS84")


@given(
    lon=st.floats(102, 118),
    lat=st.floats(6, 24),
    reach_m=st.floats(1, 50_000),
    azimuth=st.floats(0, 360),
)
def test_nothing_within_reach_lies_outside_the_box(lon, lat, reach_m, azimuth):
    to_lon, to_lat, _back = GEOD.fwd(lon, lat, azimuth, reach_m)
    west, south, east, north = reach_box(lon, lat, reach_m)
    assert west <= to_lon <= east
    assert south <= to_lat <= north


@pytest.mark.django_db
def test_the_database_makes_the_same_box():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
            "  FROM hazards_reach_box(ST_SetSRID(ST_MakePoint(106.5, 11.5), 4326), 200) AS box"
        )
        found = cursor.fetchone()
    assert found == pytest.approx(reach_box(106.5, 11.5, 200))


@pytest.mark.django_db
def test_near_finds_by_metres_over_the_ground_with_one_index_alone():
    hazard = HazardFactory()
    position = hazard.location
    lon, lat, _back = GEOD.fwd(position.x, position.y, 37, 499.9)
    beyond_lon, beyond_lat, _back = GEOD.fwd(position.x, position.y, 37, 500.1)
    near = WaterHazard.objects.near(Point(lon, lat, srid=4326), 500)
    beyond = WaterHazard.objects.near(Point(beyond_lon, beyond_lat, srid=4326), 500)
    assert list(near) == [hazard]
    assert not beyond.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename = 'hazards_waterhazard'"
            " AND indexdef LIKE '%USING gist%'"
        )
        assert cursor.fetchone() == (1,)
