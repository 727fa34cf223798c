"""Real dams and waters of OpenStreetMap over the real communes of the new Đồng Nai."""

from datetime import date

import pytest
import shapely

from common.vectors import read_source
from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.models import WaterHazard
from places.load.load import load_units
from places.load.options import UnitsOptions

pytestmark = pytest.mark.django_db

DAMS = {
    "kind": "reservoir_hydro",
    "name_field": "Project Name",
    "lifecycle_field": "Status",
    "where": ("Country=Vietnam",),
    "outside": "skip",
}


@pytest.fixture
def communes(shared_data):
    path = shared_data / "admin/new/dong_nai_communes_full.geojson.gz"
    load_units(
        UnitsOptions(
            path=path,
            level="commune",
            code_field="code",
            name_field="name",
            full_name_field="full_name",
            set_name="dong-nai",
            valid_from=date(2025, 7, 1),
        )
    )
    return read_source(path).shapes


def test_dams_from_geojson_and_from_csv_are_the_same(shared_data, communes):
    geojson = shared_data / "water/mekong_hydropower_dams_2020.geojson.gz"
    table = shared_data / "water/mekong_hydropower_dams_2020.csv.gz"
    inside = sum(
        bool(communes[shapely.covers(communes, point)].size)
        for point in read_source(geojson).where(["Country=Vietnam"]).shapes
    )

    first = import_hazards(ImportOptions(path=geojson, source="a", **DAMS))
    again = import_hazards(ImportOptions(path=geojson, source="a", **DAMS))
    from_csv = import_hazards(
        ImportOptions(path=table, source="b", crs="4326", source_id_field="_id", **DAMS)
    )

    assert (first.rows, first.taken, first.outside, first.refused) == (279, inside, 279 - inside, 0)
    assert inside > 5
    assert (again.taken, again.updated, again.unchanged) == (0, 0, inside)
    assert from_csv.taken == inside
    assert set(WaterHazard.objects.values_list("kind", flat=True)) == {"reservoir_hydro"}


def test_waters_of_openstreetmap_near_the_communes(shared_data, communes):
    path = shared_data / "water/cambodia_water_bodies_osm_shp.zip"
    told = {"path": path, "source": "osm", "crs": "4326", "outside": "skip", "near_km": 10.0}

    report = import_hazards(ImportOptions(**told, accept_good=True))
    again = import_hazards(ImportOptions(**told, accept_good=True))

    assert report.rows == 11_349
    assert report.rows == report.taken + report.outside + report.refused
    assert report.taken == WaterHazard.objects.count() > 0
    assert (again.taken, again.updated, again.unchanged) == (0, 0, report.taken)
    assert {remark.field for remark in report.refusals} <= {"tags"}
    assert WaterHazard.objects.filter(source_facts__has_key="osm_id").count() == report.taken
