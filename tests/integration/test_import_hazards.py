"""import_hazards: rows are taken once, placed, compared with what the source said before."""

import random
from decimal import Decimal

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError, call_command
from pyproj import Transformer

from accounts.roles import Role
from common.vectors import read_source
from hazards.errors import NoUnitsError
from hazards.importing.options import ImportOptions
from hazards.importing.placing import positions_of, unit_index
from hazards.importing.run import import_hazards
from hazards.models import HazardAssessment, ResponsibleBody, WaterHazard
from hazards.services.inventory import update_hazard
from tests.factories.accounts import user_with_role
from tests.factories.files import (
    write_csv,
    write_geojson,
    write_ogr,
    write_xlsx,
    zip_shapefile,
)
from tests.factories.places import SIDE, SOUTH, WEST, UnitFactory

pytestmark = pytest.mark.django_db

LON, LAT = WEST + SIDE / 2, SOUTH + SIDE / 2  # the middle of the first unit
HEAD = "ma,loai,ten,lon,lat,do_sau_m,don_vi_chiu_trach_nhiem\n"
LINES = (
    'A1,ao,Ao ông Tư,"106,55","11,75","2,5",Hộ ông Tư\n'
    "A2,giếng đào,Giếng làng,106.65,11.75,,UBND xã Lộc Thử\n"
)


@pytest.fixture(autouse=True)
def units():
    return [UnitFactory(place=place) for place in range(2)]


def run(path, **more):
    return import_hazards(ImportOptions(path=path, **({"source": "danh sách"} | more)))


def csv_file(folder, lines=LINES, head=HEAD):
    return write_csv(folder / "ao.csv", head + lines)


def run_csv(folder, lines=LINES, head=HEAD, **more):
    told = {"crs": "4326", "source_id_field": "ma"} | more
    return run(csv_file(folder, lines, head), **told)


def counts(report):
    return report.taken, report.updated, report.unchanged, report.refused


def reasons(report):
    return [remark.what for remark in report.refusals]


def test_rows_of_a_list_become_hazards(tmp_path, units):
    report = run_csv(tmp_path)

    pond, well = WaterHazard.objects.order_by("source_id")
    assert counts(report) == (2, 0, 0, 0)
    assert (pond.kind, pond.name, pond.unit) == ("pond", "Ao ông Tư", units[0])
    assert (pond.max_depth_m, pond.depth_class, pond.depth_method) == (
        Decimal("2.50"), "gt_2", "document",
    )  # fmt: skip
    assert pond.location.coords == pytest.approx((106.55, 11.75))
    assert (pond.source, pond.source_id, pond.position_method) == ("danh sách", "A1", "import")
    assert pond.source_facts["do_sau_m"] == "2,5"
    assert (well.kind, well.unit, well.depth_class) == ("well", units[1], "unknown")
    assert HazardAssessment.objects.filter(verdict="not_surveyed").count() == 2


def test_bodies_are_found_or_made_and_households_known_as_such(tmp_path):
    run_csv(tmp_path)

    kinds = dict(ResponsibleBody.objects.values_list("name", "kind"))
    assert kinds == {"Hộ ông Tư": "household", "UBND xã Lộc Thử": "commune"}


def test_a_repeat_changes_nothing(tmp_path):
    run_csv(tmp_path)
    before = list(WaterHazard.objects.order_by("pk").values())

    assert counts(run_csv(tmp_path)) == (0, 0, 2, 0)
    assert list(WaterHazard.objects.order_by("pk").values()) == before


def test_only_what_the_source_changed_is_changed(tmp_path):
    """An inspector's correction stays when the source repeats itself or changes another field."""
    run_csv(tmp_path)
    pond = WaterHazard.objects.get(source_id="A1")
    update_hazard(hazard=pond, actor=None, kind="farm_tank")

    report = run_csv(tmp_path, LINES.replace("Ao ông Tư,", "Ao bà Tư,").replace("106.65", "106.64"))

    pond.refresh_from_db()
    assert counts(report) == (0, 2, 0, 0)
    assert (pond.name, pond.kind) == ("Ao bà Tư", "farm_tank")
    assert WaterHazard.objects.get(source_id="A2").location.x == pytest.approx(106.64)


def test_a_shape_that_moved_moves_the_hazard_to_its_unit(tmp_path, units):
    run_csv(tmp_path)

    run_csv(tmp_path, LINES.replace('"106,55"', '"106,66"'))

    assert WaterHazard.objects.get(source_id="A1").unit == units[1]


def test_rows_without_ids_are_known_by_their_content(tmp_path):
    head = HEAD.removeprefix("ma,")
    lines = "".join(line.partition(",")[2] for line in LINES.splitlines(keepends=True))

    first = run_csv(tmp_path, lines, head, source_id_field=None)
    again = run_csv(tmp_path, lines, head, source_id_field=None)

    assert counts(first) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)


def test_rows_gone_from_the_file_stay_and_are_counted(tmp_path):
    run_csv(tmp_path)

    report = run_csv(tmp_path, LINES.splitlines(keepends=True)[0])

    assert WaterHazard.objects.count() == 2
    assert report.notices == ["1 hazards of this source are not among the rows taken; they stay."]


AREA = shapely.box(LON, LAT, LON + 0.001, LAT + 0.001)
LINE = shapely.LineString([(LON, LAT), (LON + 0.002, LAT)])


def test_areas_and_lines_keep_their_shape_and_size(tmp_path):
    rows = [
        ({"kind": "reservoir_irr", "source_id": "1"}, AREA),
        ({"kind": "kênh", "source_id": "2"}, LINE),
    ]

    run(write_geojson(tmp_path / "a.geojson", rows))

    area, line = WaterHazard.objects.order_by("source_id")
    # at 11.75 N: 0.001 degrees are 109.0 m east, 110.6 m north
    assert area.area_m2 == pytest.approx(109.0 * 110.6, rel=0.002)
    assert line.length_m == pytest.approx(218.0, rel=0.002)
    assert line.location.coords == pytest.approx((LON + 0.001, LAT))


def test_geopackage_and_zipped_shapefile_and_xlsx_say_the_same(tmp_path):
    rows = [({"kind": "pond", "source_id": "1"}, shapely.Point(LON, LAT))]
    gpkg = write_ogr(tmp_path / "a.gpkg", rows, kind="Point", crs="EPSG:4326")
    shp = zip_shapefile(write_ogr(tmp_path / "b.shp", rows, kind="Point", crs="EPSG:4326"))
    lines = [["source_id", "kind", "lon", "lat"], [1, "pond", LON, LAT]]
    xlsx = write_xlsx(tmp_path / "c.xlsx", lines)

    for path, crs in ((gpkg, None), (shp, "file"), (xlsx, "4326")):
        run(path, source=path.name, crs=crs)

    positions = {tuple(hazard.location.coords) for hazard in WaterHazard.objects.all()}
    assert WaterHazard.objects.count() == 3
    assert positions == {(LON, LAT)}


def test_vn2000_is_turned_and_not_taken_for_wgs84(tmp_path):
    """WGS 84 106.55 E 11.75 N is 532,502 E 1,299,429 N in VN-2000 of Bình Phước (EPSG:9212)."""
    x, y = Transformer.from_crs(4326, 9212, always_xy=True).transform(LON, LAT)
    lines = f'1,ao,"{x:.2f}","{y:.2f}"\n'.replace(".", ",")

    run_csv(tmp_path, lines, "ma,loai,x,y\n", crs="EPSG:9212")

    hazard = WaterHazard.objects.get()
    assert hazard.location.coords == pytest.approx((LON, LAT), abs=1e-6)
    assert x == pytest.approx(532_502, abs=2)
    assert y == pytest.approx(1_299_429, abs=2)


def test_degrees_minutes_seconds_are_read(tmp_path):
    run_csv(tmp_path, "1,ao,106°33'00″Đ,11°45'00″B\n", "ma,loai,lon,lat\n")

    assert WaterHazard.objects.get().location.coords == pytest.approx((106.55, 11.75))


def test_osm_tags_are_read_by_the_table_and_the_rest_refused_by_name(tmp_path):
    rows = [
        ({"osm_id": "w1", "natural": "water", "water": "reservoir", "name": "Hồ Đá"}, AREA),
        ({"osm_id": "n2", "man_made": "water_well"}, shapely.Point(LON, LAT)),
        ({"osm_id": "w3", "waterway": "riverbank"}, AREA),
    ]

    report = run(write_geojson(tmp_path / "o.geojson", rows), source="osm", accept_good=True)

    assert dict(WaterHazard.objects.values_list("source_id", "kind")) == {
        "w1": "reservoir_irr", "n2": "well",
    }  # fmt: skip
    assert [(remark.row, remark.value) for remark in report.refusals] == [(3, "waterway=riverbank")]


def test_rows_outside_are_refused_with_the_way_to_the_nearest_unit(tmp_path):
    """The two units end at 106.7 E; 0.1 degrees further east at 11.75 N are 10.90 km."""
    lines = LINES + "A3,ao,Ao xa,106.8,11.75,,\n"

    refused = run_csv(tmp_path, lines)
    skipped = run_csv(tmp_path, lines, outside="skip")

    assert "is 10.90 km away" in reasons(refused)[0]
    assert not refused.is_written
    assert (skipped.taken, skipped.outside, skipped.refused) == (2, 1, 0)
    assert skipped.is_written


def test_rows_just_outside_may_go_to_the_nearest_unit(tmp_path, units):
    report = run_csv(tmp_path, "A3,ao,Ao gần,106.701,11.75,,\n", near_km=0.2)

    assert WaterHazard.objects.get().unit == units[1]
    assert "0.11 km away" in report.remarks[0].what


def test_only_the_finest_units_take_hazards(tmp_path, units):
    around = MultiPolygon(Polygon.from_bbox((106.4, 11.6, 106.8, 11.9)), srid=4326)
    province = UnitFactory(level="province", geometry=around)
    assert len(unit_index().units) == 3
    for unit in units:
        unit.parent = province
        unit.save()

    assert len(unit_index().units) == 2


def test_without_units_nothing_can_be_placed(tmp_path, units):
    for unit in units:
        unit.delete()

    with pytest.raises(NoUnitsError, match="Load a boundary set first"):
        run_csv(tmp_path)


def test_a_user_may_only_import_where_he_may_edit(tmp_path, units):
    inspector = user_with_role(Role.INSPECTOR, units[0])
    options = ImportOptions(path=csv_file(tmp_path), source="x", crs="4326", accept_good=True)

    report = import_hazards(options, actor=inspector)

    assert [hazard.unit for hazard in WaterHazard.objects.all()] == [units[0]]
    assert "outside the area you work in" in reasons(report)[0]


def test_the_command_says_what_became_of_the_rows(tmp_path, capsys):
    path = str(csv_file(tmp_path))
    arguments = ["--source=x", "--crs=4326", "--source-id-field=ma", "--lang=en"]

    call_command("import_hazards", path, *arguments)
    assert capsys.readouterr().out == (
        "ao.csv: 2 rows; taken 2, updated 0, unchanged 0, outside 0, refused 0.\n"
    )
    with pytest.raises(CommandError, match="does not say which coordinate system"):
        call_command("import_hazards", path, "--source=y", "--lang=en")


def test_points_are_placed_as_counting_by_hand_would(shared_data):
    """500 random points over Đồng Nai against a ray cast through every outline."""
    outlines = read_source(shared_data / "admin/old/binh_phuoc_districts.geojson.gz").shapes
    chance = random.Random(20250701)
    lonlat = [(chance.uniform(106.3, 107.5), chance.uniform(11.2, 12.4)) for _ in range(500)]
    found = shapely.STRtree(outlines).query(shapely.points(lonlat), predicate="covered_by")
    by_tree = {int(i): int(unit) for i, unit in found.T}

    for i, (lon, lat) in enumerate(lonlat):
        inside = [unit for unit, shape in enumerate(outlines) if ray_cast(shape, lon, lat)]
        assert inside == ([by_tree[i]] if i in by_tree else [])
    assert 200 < len(by_tree) < 450


def ray_cast(shape, lon, lat) -> bool:
    """Count the borders that a ray to the east crosses: odd is inside."""
    crossings = 0
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            x, y = np.array(ring.coords).T
            x1, y1, x2, y2 = x[:-1], y[:-1], x[1:], y[1:]
            spans = (y1 > lat) != (y2 > lat)
            at = x1[spans] + (lat - y1[spans]) / (y2[spans] - y1[spans]) * (x2[spans] - x1[spans])
            crossings += int((at > lon).sum())
    return crossings % 2 == 1


def test_positions_agree_with_what_the_register_keeps(tmp_path):
    lines = shapely.MultiLineString([LINE, shapely.LineString([(LON, LAT), (LON, LAT + 0.0001)])])
    shapes = [AREA, LINE, lines, shapely.Point(LON, LAT), shapely.multipolygons([AREA])]
    rows = [({"kind": "pond", "source_id": str(i)}, shape) for i, shape in enumerate(shapes)]

    run(write_geojson(tmp_path / "p.geojson", rows))

    points = positions_of(np.array(shapes, dtype=object))
    for hazard in WaterHazard.objects.all():
        point = points[int(hazard.source_id)]
        assert hazard.location.coords == pytest.approx((point.x, point.y), abs=1e-12)
