"""Whichever door a water comes through, it lies in one unit: the lowest, then by the tree."""

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from accounts.roles import Action
from accounts.scoping import scope_for
from hazards.importing.placing import unit_index
from hazards.models import WaterHazard
from hazards.services.placing import place_in_units
from hazards.services.preparation import unit_ids_of
from places.models import AdminUnit
from surveys.services.placing import unit_to_file_under
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory
from tests.factories.places import SIDE, SOUTH, WEST, UnitFactory

pytestmark = pytest.mark.django_db
NORTH = SOUTH + SIDE
BORDER = (WEST + SIDE, SOUTH + SIDE / 2)  # of the two communes
INSIDE = (WEST + SIDE / 2, SOUTH + SIDE / 2)
BESIDE = (WEST - SIDE / 2, SOUTH + SIDE / 2)  # in the neighbour alone


@pytest.fixture
def units():
    """Two communes, the later one first in the tree, and a province that is drawn into both."""
    own = UnitFactory(level="province", tree_left=10, tree_right=19, place=0, full_name="Tỉnh Nhà")
    east = UnitFactory(parent=own, depth=1, tree_left=13, place=1)
    west = UnitFactory(parent=own, depth=1, tree_left=11, place=0)
    wide = Polygon.from_bbox((WEST - SIDE, SOUTH, WEST + 2 * SIDE, NORTH))
    neighbour = UnitFactory(
        level="province", tree_left=1, tree_right=2, geometry=MultiPolygon(wide, srid=4326)
    )
    return {"west": west, "east": east, "neighbour": neighbour}


@pytest.mark.parametrize(
    ("position", "expected"), [(BORDER, "west"), (INSIDE, "west"), (BESIDE, "neighbour")]
)
def test_every_door_says_the_same(units, position, expected):
    unit = units[expected]
    lon, lat = position
    index = unit_index()
    [place] = index.place(shapely.points([position]))
    assert index.units[place] == unit
    point = Point(lon, lat, srid=4326)
    assert unit_ids_of([point]) == [unit.pk]
    surveyor = UserFactory()
    MembershipFactory(user=surveyor, unit=unit, role="surveyor")
    scope = scope_for(surveyor, Action.CAPTURE)
    assert unit_to_file_under(scope, hazard=None, position=point) == unit.pk

    stray = UnitFactory(place=9)
    hazard = HazardFactory(unit=stray, geometry=point)
    place_in_units(list(AdminUnit.objects.exclude(pk=stray.pk).values_list("pk", flat=True)))
    assert WaterHazard.objects.get(pk=hazard.pk).unit == unit
