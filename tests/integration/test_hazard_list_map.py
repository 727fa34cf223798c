"""The map beside a list: the database counts its points as Python does, in a box or in all."""

import random

import pytest
from django.contrib.gis.geos import Point, Polygon

from hazards.models import WaterHazard
from hazards.selectors import counted, map_points
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import DayRows, StoredRows
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory
from tests.factories.places import SIDE, SOUTH, WEST, UnitFactory

pytestmark = pytest.mark.django_db
HOW_MANY = 40
EASTERN_HALF = (WEST + SIDE / 2, SOUTH, WEST + SIDE, SOUTH + SIDE)


@pytest.fixture
def reader():
    unit, rng = UnitFactory(place=0), random.Random(7)
    for n in range(HOW_MANY):
        at = Point(WEST + rng.random() * SIDE, SOUTH + rng.random() * SIDE, srid=4326)
        HazardFactory(name=f"Ao {n}", kind=("pond", "lake")[n % 2], unit=unit, geometry=at)
    HazardFactory(unit=UnitFactory(place=3))  # of another unit
    assess()
    user = UserFactory()
    MembershipFactory(user=user, unit=unit, role="inspector")
    return reader_for(user)


def drawn(rows, box=None):
    answer = map_points.map_points(rows, box)
    for feature in answer["features"]:  # sums in another order end in other last digits
        feature["geometry"]["coordinates"] = [
            round(degrees, 5) for degrees in feature["geometry"]["coordinates"]
        ]
    answer["features"].sort(key=lambda feature: feature["geometry"]["coordinates"])
    return answer


@pytest.mark.parametrize("box", [None, EASTERN_HALF, (0.0, 0.0, 1.0, 1.0)])
@pytest.mark.parametrize("points_max", [3, 2000])
@pytest.mark.parametrize("asked", [{}, {"text": "ao"}, {"kinds": ("lake",)}])
def test_the_database_tells_the_same_points_and_cells(reader, monkeypatch, box, points_max, asked):
    monkeypatch.setattr(map_points, "POINTS_MAX", points_max)
    stored, worked_out = (kind(reader, HazardFilter(**asked)) for kind in (StoredRows, DayRows))

    told = drawn(stored, box)

    assert told == drawn(worked_out, box)
    assert told["total"] == HOW_MANY // (2 if "kinds" in asked else 1)
    assert told["grouped"] == (told["inside"] > points_max)


def test_a_list_that_was_not_counted_out_has_its_whole_number_on_the_map(reader, monkeypatch):
    monkeypatch.setattr(counted, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(counted, "COUNTED_ROWS", 5)
    for box in (None, EASTERN_HALF):
        rows = StoredRows(reader, HazardFilter(text="ao"))
        assert rows.is_cut
        answer = map_points.map_points(rows, box)
        assert answer["total"] == HOW_MANY
        lie_in = (
            WaterHazard.objects.filter(geometry__intersects=Polygon.from_bbox(box)) if box else None
        )
        assert answer["inside"] == (HOW_MANY if lie_in is None else lie_in.count())
