"""Another boundary set: surveys that wait stay in somebody's queue."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from accounts.roles import Role
from hazards.services.boundary_set import use_boundary_set
from hazards.services.inventory import NewHazard, register_hazard
from surveys.models import Submission
from tests.factories.accounts import MembershipFactory
from tests.factories.places import SIDE, SOUTH, WEST, BoundarySetFactory, UnitFactory
from tests.factories.surveys import SubmissionFactory

pytestmark = pytest.mark.django_db

IN_OLD_1 = Point(WEST + 1.5 * SIDE, SOUTH + SIDE / 2, srid=4326)


@pytest.fixture
def old():
    return [UnitFactory(place=place, code=str(place)) for place in range(2)]


@pytest.fixture
def new(old):
    """Two units, west and east, where the border has moved 0.02 degrees to the east."""
    boundary_set = BoundarySetFactory(name="moi", is_current=False)
    edges = [WEST, WEST + SIDE + 0.02, WEST + 2 * SIDE]
    return [
        UnitFactory(
            boundary_set=boundary_set,
            code=str(place),
            geometry=MultiPolygon(
                Polygon.from_bbox((edges[place], SOUTH, edges[place + 1], SOUTH + SIDE)), srid=4326
            ),
        )
        for place in range(2)
    ]


def test_a_survey_of_a_hazard_goes_where_the_hazard_goes(old, new):
    at_border = Point(WEST + SIDE + 0.01, SOUTH + SIDE / 2, srid=4326)  # east before, west now
    hazard = register_hazard(new=NewHazard(kind="pond", geometry=at_border), actor=None)
    SubmissionFactory(unit=old[1], hazard=hazard)

    use_boundary_set(name="moi")

    assert Submission.objects.get().unit == new[0]


def test_a_survey_of_a_new_place_goes_by_its_position(old, new):
    SubmissionFactory(unit=old[1], position=IN_OLD_1)
    reviewer = MembershipFactory(unit=old[1], role=Role.REVIEWER).user

    use_boundary_set(name="moi")

    assert Submission.objects.get().unit == new[1]
    assert Submission.objects.visible_to(reviewer).count() == 1


def test_a_survey_outside_every_unit_goes_to_the_nearest(old, new):
    beyond = Point(WEST + 2 * SIDE + 0.05, SOUTH, srid=4326)
    SubmissionFactory(unit=old[0], position=beyond)

    use_boundary_set(name="moi")

    assert Submission.objects.get().unit == new[1]
