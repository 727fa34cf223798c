"""Random shapes at every door: a clear refusal in both languages, or what is stored is sound."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.loading.osm import read_osm
from candidates.models import Candidate
from candidates.services.loading import Loaded, load_candidates
from common.errors import DomainError
from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.map_forms import DrawnField
from hazards.models import AccessPlace, HazardShape, Safeguard, WaterHazard
from hazards.services.access_places import add_access_place
from hazards.services.inventory import NewHazard, register_hazard, update_hazard
from hazards.services.more_shapes import set_shape
from hazards.services.safeguards import add_safeguard
from hazards.services.shapes import VIETNAM, read_shape
from places.load.load import load_units
from places.load.options import UnitsOptions
from places.models import AdminUnit
from surveys.services.intake import checked
from tests.factories.files import write_geojson
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.strange_shapes import many_corners, strange_shapes

pytestmark = pytest.mark.django_db
few = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def unit():
    return UnitFactory(place=0)


def geos(shape):
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)


def attempt(write):
    """Return why it was refused, in both languages; None when it was taken."""
    try:
        write()
    except DomainError as error:
        with translation.override("vi"):
            vietnamese = str(error)
        with translation.override("en"):
            english = str(error)
        assert vietnamese
        assert english
        assert "{" not in vietnamese + english
        return vietnamese
    return None


def assert_sound(shape):
    assert shape.srid == 4326
    assert shape.valid
    assert not shape.hasz
    assert not shape.empty
    west, south, east, north = shape.extent
    assert VIETNAM[0] <= west
    assert east <= VIETNAM[2]
    assert VIETNAM[1] <= south
    assert north <= VIETNAM[3]


@few
@given(shape=strange_shapes)
def test_reading_a_shape(shape):
    found = []
    why = attempt(lambda: found.append(read_shape(geos(shape))))

    assert (why is None) == bool(found)
    for one in found:
        assert_sound(one.geometry)


@few
@given(shape=strange_shapes)
def test_registering_and_moving_a_hazard(unit, shape):
    kept = HazardFactory(unit=unit)
    before = WaterHazard.objects.count()

    refused = attempt(
        lambda: register_hazard(new=NewHazard(kind="pond", geometry=geos(shape)), actor=None)
    )
    assert WaterHazard.objects.count() == before + (refused is None)
    attempt(lambda: update_hazard(hazard=kept, actor=None, geometry=geos(shape)))
    for hazard in WaterHazard.objects.all():
        assert_sound(hazard.geometry)


@few
@given(shape=strange_shapes)
def test_drawing_at_a_hazard(unit, shape):
    hazard = HazardFactory(unit=unit)
    attempt(lambda: set_shape(hazard=hazard, geometry=geos(shape), actor=None))
    attempt(
        lambda: add_access_place(
            hazard=hazard, kind="shoreline", label="Bờ", geometry=geos(shape),
            known_from=timezone.localdate(), actor=None,
        )
    )  # fmt: skip
    attempt(lambda: add_safeguard(hazard=hazard, kind="fence", geometry=geos(shape), actor=None))

    for model in (HazardShape, AccessPlace, Safeguard):
        for row in model.objects.all():
            assert row.geometry is None or assert_sound(row.geometry) is None


@few
@given(text=st.one_of(st.text(max_size=60), strange_shapes.map(shapely.to_geojson)))
def test_what_a_page_sends_as_drawn(text):
    from django.core.exceptions import ValidationError

    try:
        found = DrawnField(required=False).clean(text)
    except ValidationError:
        return
    assert found is None or found.srid == 4326


@few
@given(shapes=st.lists(strange_shapes, min_size=1, max_size=5))
def test_importing_a_file(unit, tmp_path, shapes):
    WaterHazard.objects.all().delete()
    rows = [({"ma": str(n), "loai": "ao"}, None if shape.is_empty else shape)
            for n, shape in enumerate(shapes)]  # fmt: skip
    path = write_geojson(tmp_path / "ao.geojson", rows)
    found = []

    attempt(
        lambda: found.append(
            import_hazards(ImportOptions(path=path, source="x", source_id_field="ma",
                                         accept_good=True))
        )
    )  # fmt: skip

    taken = found[0].taken if found else 0
    assert WaterHazard.objects.count() == taken
    assert not found or taken + found[0].refused == len(shapes)
    for hazard in WaterHazard.objects.all():
        assert_sound(hazard.geometry)


@few
@given(shape=strange_shapes)
def test_loading_units(tmp_path, shape):
    before = AdminUnit.objects.count()
    rows = [({"ma": "75", "ten": "Tỉnh Thử"}, None if shape.is_empty else shape)]
    path = write_geojson(tmp_path / "tinh.geojson", rows)
    asked = UnitsOptions(
        path=path, level="province", code_field="ma", name_field="ten", parent_field=None,
        set_name=f"thu-{before}", valid_from=date(2025, 7, 1),
    )  # fmt: skip

    attempt(lambda: load_units(asked))

    for unit in AdminUnit.objects.exclude(geometry=None):
        assert unit.geometry.valid
        assert not unit.geometry.hasz


@few
@given(shape=strange_shapes)
def test_candidates(unit, tmp_path, shape):
    rows = [({"@id": "way/1", "natural": "water"}, None if shape.is_empty else shape)]
    path = write_geojson(tmp_path / "nuoc.geojson", rows)
    skipped = Counter()

    attempt(
        lambda: load_candidates(
            read_osm(path, skipped), origin="osm", path=path, loaded=Loaded(skipped=skipped)
        )
    )

    for candidate in Candidate.objects.all():
        assert candidate.geometry.valid
        assert not candidate.geometry.hasz
        assert not candidate.geometry.empty


@few
@given(shape=strange_shapes.filter(lambda shape: shape.geom_type == "Point" and not shape.is_empty))
def test_the_position_of_a_survey(shape):
    found = []
    attempt(lambda: found.append(checked(geos(shape))))

    for point in found:
        assert abs(point.x) <= 180
        assert abs(point.y) <= 90


@pytest.mark.parametrize("corners", [150_000, 1_000_000])
def test_a_shape_of_very_many_corners_is_taken_whole_or_refused_with_its_number(unit, corners):
    shape = geos(many_corners(corners))

    why = attempt(lambda: register_hazard(new=NewHazard(kind="lake", geometry=shape), actor=None))

    if corners > 200_000:
        assert why
        assert "1.000.001" in why or "1000001" in why
    else:
        assert WaterHazard.objects.get().geometry.num_coords == corners + 1


def test_a_wrong_system_of_coordinates_is_named(unit):
    point = GEOSGeometry("POINT(106.55 11.75)", srid=3857)

    why = attempt(lambda: register_hazard(new=NewHazard(kind="pond", geometry=point), actor=None))

    assert "3857" in why
    assert json.dumps(why)
