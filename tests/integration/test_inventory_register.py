"""Hazards entering the register: what is stored, and what is refused with which words."""

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils import timezone

from accounts.models import AuditEntry
from common.codes import is_code
from hazards import errors
from hazards.models import WaterHazard
from hazards.services.inventory import NewHazard, register_hazard, register_hazards
from tests.factories.accounts import UserFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
# In the square 106.5-106.6 E, 11.7-11.8 N of the first unit.
INSIDE = Point(106.55, 11.75, srid=4326)


@pytest.fixture(autouse=True)
def unit():
    return UnitFactory(place=0, name="Lộc Ninh")


def new(**values) -> NewHazard:
    return NewHazard(**({"kind": "pond", "geometry": INSIDE} | values))


def test_a_point_gets_code_unit_plain_name_and_verdict(unit):
    hazard = register_hazard(new=new(name="  Hồ  Đá "), actor=UserFactory())

    hazard.refresh_from_db()
    assert is_code(hazard.code)
    assert (hazard.unit, hazard.name, hazard.name_plain) == (unit, "Hồ Đá", "ho da")
    assert (hazard.location.x, hazard.location.y) == (106.55, 11.75)
    assert hazard.registered_on == timezone.localdate()
    assert hazard.assessment.verdict == "not_surveyed"


def test_codes_never_come_again():
    first = register_hazard(new=new(), actor=None)
    first_code = first.code
    first.assessment.delete()
    first.delete()

    assert register_hazard(new=new(), actor=None).code != first_code


def test_an_area_is_measured_on_the_ellipsoid_and_gets_a_point_inside():
    # 0.001 degree of longitude is 109.0 m at 11.75 N and of latitude 110.6 m: 12,059 m2.
    square = Polygon.from_bbox((106.55, 11.75, 106.551, 11.751))
    square.srid = 4326

    hazard = register_hazard(new=new(geometry=square), actor=None)

    assert hazard.area_m2 == pytest.approx(12_059, abs=10)
    assert hazard.length_m is None
    assert square.contains(hazard.location)


def test_a_line_gets_its_middle_and_length_and_loses_its_heights():
    line = GEOSGeometry("SRID=4326;LINESTRING Z (106.55 11.75 3, 106.552 11.75 4)")

    hazard = register_hazard(new=new(kind="canal", geometry=line), actor=None)

    hazard.refresh_from_db()
    assert not hazard.geometry.hasz
    assert (hazard.location.x, hazard.location.y) == pytest.approx((106.551, 11.75))
    assert hazard.length_m == pytest.approx(218.0, abs=0.1)


def test_metres_set_the_class_and_exactly_one_metre_is_not_over_one():
    one, more = register_hazards(hazards=[new(max_depth_m=1), new(max_depth_m=1.01)], actor=None)

    assert (one.depth_class, one.assessment.verdict) == ("0_5_to_1", "out_of_scope")
    assert (more.depth_class, more.assessment.verdict) == ("1_to_2", "not_surveyed")


def test_one_refusal_in_a_batch_stores_nothing():
    with pytest.raises(errors.EmptyShapeError):
        register_hazards(hazards=[new(), new(geometry=Point(srid=4326))], actor=None)

    assert not WaterHazard.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_batch_leaves_one_audit_entry_with_its_count():
    actor = UserFactory()
    register_hazards(hazards=[new(), new(), new()], actor=actor, batch="import 7")

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.facts["count"]) == (actor, "register_hazards", 3)
    assert entry.facts["batch"] == "import 7"


def test_a_position_outside_all_units_is_refused_with_the_distance():
    # 0.1 degree of longitude east of the unit's edge, at 11.75 N: 10.9 km.
    with pytest.raises(errors.OutsideUnitsError) as refusal:
        register_hazard(new=new(geometry=Point(106.7, 11.75, srid=4326)), actor=None)

    assert "the nearest is Xã Lộc Ninh, 10.9 km away" in str(refusal.value)


def test_without_units_nothing_can_be_placed(unit):
    unit.delete()
    with pytest.raises(errors.NoUnitsError):
        register_hazard(new=new(), actor=None)


BOW_TIE = "SRID=4326;POLYGON((106.55 11.75,106.56 11.76,106.56 11.75,106.55 11.76,106.55 11.75))"


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"geometry": Point(106.55, 11.75)}, errors.WrongCrsError, "EPSG:4326"),
        ({"geometry": Point(560000, 1300000, srid=9212)}, errors.WrongCrsError, "9212"),
        ({"geometry": Point(11.75, 106.55, srid=4326)}, errors.SwappedAxesError, "Swap the two"),
        (
            {"geometry": Point(2.35, 48.85, srid=4326)},
            errors.OutsideVietnamError,
            "outside Vietnam",
        ),
        ({"geometry": Point(srid=4326)}, errors.EmptyShapeError, "empty"),
        ({"geometry": GEOSGeometry(BOW_TIE)}, errors.ShapeError, "Self-intersection"),
        ({"geometry": LineString((106.5, 11.7), (106.5, 11.7), srid=4326)}, errors.ShapeError, ""),
        (
            {"geometry": GEOSGeometry("SRID=4326;MULTIPOINT(106.5 11.7, 106.6 11.8)")},
            errors.ShapeKindError,
            "MultiPoint",
        ),
        ({"geometry": Point(float("nan"), 11.75, srid=4326)}, errors.ShapeError, ""),
        ({"kind": "volcano"}, errors.UnknownWordError, "volcano"),
        ({"lifecycle": "gone"}, errors.UnknownWordError, "gone"),
        ({"name": "®Ëp DÇu TiÕng"}, errors.LegacyTextError, "TCVN3"),
        ({"name": "a" * 251}, errors.TooLongError, "250"),
        ({"max_depth_m": -1}, errors.DepthError, "between 0 and 300"),
        ({"max_depth_m": float("nan")}, errors.DepthError, "between 0 and 300"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_cure(values, error, words):
    with pytest.raises(error) as refusal:
        register_hazard(new=new(**values), actor=None)

    assert words in str(refusal.value)
    assert not WaterHazard.objects.exists()


def test_a_registration_in_the_future_is_refused():
    with pytest.raises(errors.FutureDateError):
        register_hazard(new=new(registered_on=timezone.localdate() + timedelta(days=1)), actor=None)


def test_the_same_source_id_twice_is_refused_by_name():
    given = new(source="dams-2020", source_id="17", registered_on=date(2024, 5, 1))
    register_hazard(new=given, actor=None)

    with pytest.raises(errors.SourceIdTakenError, match="“dams-2020”") as refusal:
        register_hazard(new=given, actor=None)
    assert "17" in str(refusal.value)


def test_a_unit_given_by_hand_is_kept():
    other = UnitFactory(place=3)

    assert register_hazard(new=new(unit=other), actor=None).unit == other
