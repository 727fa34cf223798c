"""One water, several shapes: the best is used, none is lost, and units reached into are known."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon

from hazards import errors
from hazards.models import HazardShape
from hazards.services.inventory import NewHazard, register_hazard, update_hazard
from hazards.services.more_shapes import drop_shape, set_shape
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
MIDDLE = Point(106.598, 11.75, srid=4326)


def outline(west=106.597, south=11.749, east=106.599, north=11.751):
    shape = Polygon.from_bbox((west, south, east, north))
    shape.srid = 4326
    return shape


@pytest.fixture
def units():
    return UnitFactory(place=0), UnitFactory(place=1)


@pytest.fixture
def pond(units):
    return register_hazard(new=NewHazard(kind="pond", geometry=MIDDLE), actor=None)


def forms(hazard):
    return {row.form for row in HazardShape.objects.filter(hazard=hazard)}


def test_an_outline_takes_over_from_a_point_and_the_point_stays(pond):
    assert set_shape(hazard=pond, geometry=outline(), actor=None) == "outline"

    pond.refresh_from_db()
    assert pond.geometry.geom_type == "Polygon"
    assert pond.area_m2 == pytest.approx(218.1 * 221.2, rel=0.01)
    assert pond.perimeter_m == pytest.approx(2 * (218.1 + 221.2), rel=0.01)
    assert forms(pond) == {"outline", "point"}


def test_a_point_never_hides_an_outline_whoever_brings_it(pond):
    set_shape(hazard=pond, geometry=outline(), actor=None)

    set_shape(hazard=pond, geometry=Point(106.5981, 11.75, srid=4326), actor=None)
    update_hazard(
        hazard=pond, actor=None, geometry=Point(106.5982, 11.75, srid=4326), name="Ao mới"
    )

    pond.refresh_from_db()
    assert (pond.geometry.geom_type, pond.name) == ("Polygon", "Ao mới")
    point = HazardShape.objects.get(hazard=pond, form="point")
    assert point.geometry.x == 106.5982


def test_a_dropped_outline_leaves_the_point_in_use_and_the_last_shape_stays(pond):
    set_shape(hazard=pond, geometry=outline(), actor=None)

    assert drop_shape(hazard=pond, form="outline", actor=None) == "point"

    pond.refresh_from_db()
    assert (pond.geometry.geom_type, pond.area_m2, pond.perimeter_m) == ("Point", None, None)
    with pytest.raises(errors.LastShapeError):
        drop_shape(hazard=pond, form="point", actor=None)


def test_a_shape_of_another_water_or_another_form_is_refused(pond):
    with pytest.raises(errors.PlaceFarError):
        set_shape(hazard=pond, geometry=Point(106.52, 11.75, srid=4326), actor=None)
    with pytest.raises(errors.ShapeFormError):
        set_shape(hazard=pond, geometry=MIDDLE, form="outline", actor=None)
    corners = ((106.597, 11.749), (106.599, 11.751), (106.599, 11.749), (106.597, 11.751))
    bow_tie = Polygon((*corners, corners[0]), srid=4326)
    with pytest.raises(errors.ShapeError):
        set_shape(hazard=pond, geometry=bow_tie, actor=None)

    assert forms(pond) == set()


def test_a_lake_over_the_border_reaches_into_both_communes(units, pond):
    set_shape(hazard=pond, geometry=outline(east=106.601), actor=None)

    shares = {row.unit: row.share for row in pond.units_touched.all()}
    assert shares == {
        units[0]: pytest.approx(0.75, abs=1e-6),
        units[1]: pytest.approx(0.25, abs=1e-6),
    }
    set_shape(hazard=pond, geometry=outline(), actor=None)
    assert not pond.units_touched.exists()


def test_a_canal_shares_its_length(units):
    canal = LineString((106.59, 11.75), (106.61, 11.75), srid=4326)

    hazard = register_hazard(new=NewHazard(kind="canal", geometry=canal), actor=None)

    assert [round(row.share, 6) for row in hazard.units_touched.all()] == [0.5, 0.5]
