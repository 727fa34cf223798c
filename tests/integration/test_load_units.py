"""load_units: what is good is stored once, what is wrong is named row by row and stops the load."""

from datetime import date

import pytest
import shapely
from django.core.management import CommandError, call_command

from places.load.fit import fit_outlines
from places.load.load import load_units
from places.load.options import NoParentsError, SetNameError, UnitsOptions
from places.models import AdminUnit, BoundarySet
from tests.factories.files import square, write_geojson, write_ogr, zip_shapefile

pytestmark = pytest.mark.django_db

PROVINCE = [({"ma": "75", "ten": "Tỉnh Đồng Nai"}, square(106, 11, 1.0))]
COMMUNES = [
    ({"ma": "25432", "ten": "Xã Lộc Ninh", "tren": "75"}, square(106.0, 11.0)),
    ({"ma": "05433", "ten": "Lộc Thành", "tren": "75"}, square(106.1, 11.0)),
]


def options(path, **more):
    told = {
        "path": path,
        "level": "commune",
        "code_field": "ma",
        "name_field": "ten",
        "parent_field": "tren",
        "set_name": "thu",
        "valid_from": date(2025, 7, 1),
    }
    return UnitsOptions(**(told | more))


def load_province(folder):
    path = write_geojson(folder / "tinh.geojson", PROVINCE)
    return load_units(options(path, level="province", parent_field=None))


@pytest.fixture
def load(tmp_path):
    """Load the province, then give ``load(rows, **options) -> report`` for the communes below."""
    load_province(tmp_path)

    def loaded(rows, **more):
        return load_units(options(write_geojson(tmp_path / "xa.geojson", rows), **more))

    return loaded


def lines(report):
    return [(remark.row, remark.outcome, remark.what) for remark in report.remarks]


def test_units_are_stored_with_code_names_parent_and_place_in_the_tree(load):
    report = load(COMMUNES)

    commune = AdminUnit.objects.get(code="05433")
    province = AdminUnit.objects.get(code="75")
    assert (report.taken, report.refused, report.is_written) == (2, 0, True)
    assert (commune.name, commune.full_name, commune.name_plain) == (
        "Lộc Thành", "Lộc Thành", "loc thanh",
    )  # fmt: skip
    assert AdminUnit.objects.get(code="25432").name == "Lộc Ninh"
    assert commune.parent == province
    assert list(AdminUnit.objects.within(province).values_list("depth", flat=True)) == [0, 1, 1]
    # 0.1 x 0.1 degrees at 11 N: about 10.9 km by 11.06 km
    assert commune.area_m2 == pytest.approx(120.8e6, rel=0.01)
    assert commune.geometry.geom_type == "MultiPolygon"


def test_a_type_column_makes_the_full_name(load):
    rows = [({**words, "loai": "xã"}, shape) for words, shape in COMMUNES]

    load(rows, type_field="loai")

    names = AdminUnit.objects.filter(level="commune").values_list("full_name", flat=True)
    assert set(names) == {"Xã Lộc Ninh", "Xã Lộc Thành"}


def test_a_repeat_changes_nothing_and_a_new_outline_changes_one(load):
    load(COMMUNES)
    before = list(AdminUnit.objects.order_by("pk").values())

    again = load(COMMUNES)
    assert (again.taken, again.updated, again.unchanged) == (0, 0, 2)
    assert list(AdminUnit.objects.order_by("pk").values()) == before

    moved = load([COMMUNES[0], (COMMUNES[1][0], square(106.1, 11.05))])
    assert (moved.taken, moved.updated, moved.unchanged) == (0, 1, 1)
    assert AdminUnit.objects.get(code="05433").geometry.extent[1] == 11.05


def test_the_first_set_becomes_current_and_the_next_only_when_asked(load, tmp_path):
    assert BoundarySet.objects.get(is_current=True).name == "thu"

    path = write_geojson(tmp_path / "khac.geojson", PROVINCE)
    other = {"level": "province", "parent_field": None, "set_name": "khac"}
    load_units(options(path, **other))
    assert BoundarySet.objects.get(is_current=True).name == "thu"
    load_units(options(path, **other, make_current=True))
    assert BoundarySet.objects.get(is_current=True).name == "khac"


BOW_TIE = shapely.Polygon([(106, 11), (106.1, 11.1), (106.1, 11), (106, 11.1)])
SPIKE = shapely.Polygon(
    [(106, 11), (106.1, 11), (106.1, 11.1), (106.05, 11.1), (106.05, 11.2), (106.05, 11.1),
     (106, 11.1)]
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "shape", "what"),
    [
        ({"ma": "", "ten": "Lộc", "tren": "75"}, square(106.5, 11), "has no code"),
        ({"ma": "9", "ten": " ", "tren": "75"}, square(106.5, 11), "has no name"),
        ({"ma": "9", "ten": "Lộc", "tren": "70"}, square(106.5, 11), "no unit of the set thu"),
        ({"ma": "9", "ten": "Lộc", "tren": ""}, square(106.5, 11), "no unit of the set thu"),
        ({"ma": "25432", "ten": "Lộc", "tren": "75"}, square(106.5, 11), "several rows: 1, 3"),
        ({"ma": "9", "ten": "Lộc", "tren": "75"}, None, "has no shape"),
        (
            {"ma": "9", "ten": "Lộc", "tren": "75"},
            shapely.Point(106, 11),
            "is a Point, not an area",
        ),
        ({"ma": "9", "ten": "Lộc", "tren": "75"}, BOW_TIE, "the outline crosses itself"),
        ({"ma": "9", "ten": "Lộc", "tren": "75"}, square(11, 106), "look swapped"),
        ({"ma": "9", "ten": "Lộc", "tren": "75"}, square(20, 50), "lies outside Viet Nam"),
        (
            {"ma": "9", "ten": "Lộc", "tren": "75"},
            square(5e5, 12e5, 9e3),
            "no degrees of the earth",
        ),
        ({"ma": "9", "ten": "Lộc", "tren": "75"}, square(106.04, 11), "overlaps"),
        ({"ma": "9", "ten": "§Ëp DÇu", "tren": "75"}, square(106.5, 11), "looks like TCVN3"),
        ({"ma": "9" * 31, "ten": "Lộc", "tren": "75"}, square(106.5, 11), "longer than 30"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(load, words, shape, what):
    report = load([*COMMUNES, (words, shape)])

    refused = [remark for remark in report.refusals if remark.row == 3]
    assert any(what in remark.what for remark in refused), lines(report)
    assert not report.is_written
    assert not AdminUnit.objects.filter(level="commune").exists()


def test_the_good_rows_may_be_accepted(load):
    report = load([*COMMUNES, ({"ma": "9", "ten": "x", "tren": "75"}, None)], accept_good=True)

    assert (report.taken, report.refused, report.is_written) == (2, 1, True)


def test_a_spike_is_mended_and_said(load):
    report = load([({"ma": "9", "ten": "Lộc", "tren": "75"}, SPIKE)])

    assert report.is_written
    assert "was mended (0.0000% of the area changed)" in report.remarks[0].what
    assert AdminUnit.objects.get(code="9").geometry.valid


def test_slivers_between_neighbours_are_noted_with_hectares(load):
    rows = [COMMUNES[0], (COMMUNES[1][0], square(106.099, 11.0))]

    report = load(rows)

    # 0.001 x 0.1 degrees: 109.3 m by 11.06 km = 120.9 ha, 1 % of the smaller
    assert report.is_written
    assert [remark.what for remark in report.remarks] == [
        "overlaps Lộc Thành by 120.87 ha (1.00% of the smaller)."
    ]


def test_overlaps_with_units_of_an_earlier_file_are_found(load, tmp_path):
    load(COMMUNES)

    report = load([({"ma": "9", "ten": "Lộc Tấn", "tren": "75"}, square(106.0, 11.0))])

    assert "overlaps Xã Lộc Ninh" in report.refusals[0].what


def test_parts_outside_the_parent_are_noted(load):
    report = load([({"ma": "9", "ten": "Lộc Tấn", "tren": "75"}, square(106.95, 11.0))])

    assert report.is_written
    assert report.remarks[0].what == "50.0% of Lộc Tấn lies outside Tỉnh Đồng Nai."


def test_the_parent_may_be_found_by_place(load):
    load(COMMUNES, parent_field=None, parent_level="province")

    assert AdminUnit.objects.get(code="25432").parent.code == "75"


def test_an_empty_set_has_no_parents(tmp_path):
    path = write_geojson(tmp_path / "xa.geojson", COMMUNES)

    with pytest.raises(NoParentsError, match="Load the level above first"):
        load_units(options(path))
    assert not BoundarySet.objects.exists()


def test_codes_that_are_numbers_in_the_file_are_read_whole_and_said(tmp_path):
    rows = [({"ma": 75, "ten": "Đồng Nai"}, square(106, 11))]
    path = zip_shapefile(write_ogr(tmp_path / "t.shp", rows, kind="Polygon", crs="EPSG:4326"))

    report = load_units(options(path, level="province", parent_field=None))

    assert AdminUnit.objects.get().code == "75"
    assert report.notices == [] or "zeros at the front" in report.notices[0]


def test_heights_are_dropped(load):
    shape = shapely.force_3d(square(106.0, 11.0), 12.0)

    report = load([(COMMUNES[0][0], shape)])

    assert report.notices == ["Heights (z) were dropped from 1 shapes."]
    assert not AdminUnit.objects.get(level="commune").geometry.hasz


def test_vn2000_outlines_land_in_their_place(load, tmp_path):
    """EPSG:9212 has its origin at 106°15' E; 500 km east and 1,200 km north is inside."""
    rows = [({"ma": "9", "ten": "Lộc", "tren": "75"}, square(5e5, 1.22e6, 1e4))]
    shp = zip_shapefile(write_ogr(tmp_path / "v.shp", rows, kind="Polygon", crs=None))

    load_units(options(shp, crs="9212"))

    west, south, _east, _north = AdminUnit.objects.get(code="9").geometry.extent
    assert west == pytest.approx(106.25, abs=0.005)
    assert south == pytest.approx(11.03, abs=0.01)


def test_a_dry_run_writes_nothing(load):
    report = load(COMMUNES, dry_run=True)

    assert (report.taken, report.is_written) == (2, False)
    assert AdminUnit.objects.count() == 1


@pytest.mark.parametrize("name", ["", "một hai", "a b", "x" * 31, "../x"])
def test_names_of_sets_are_plain(tmp_path, name):
    with pytest.raises(SetNameError):
        load_units(options(write_geojson(tmp_path / "t.geojson", PROVINCE), set_name=name))


def test_the_command_ends_with_one_line_or_code_1(load, tmp_path, capsys):
    arguments = ["--level=commune", "--code-field=ma", "--name-field=ten", "--parent-field=tren",
                 "--valid-from=2025-07-01", "--set=thu", "--lang=en"]  # fmt: skip
    good = write_geojson(tmp_path / "g.geojson", COMMUNES)
    bad = write_geojson(tmp_path / "b.geojson", [(COMMUNES[0][0], None)])
    listed = tmp_path / "report.csv"

    call_command("load_units", str(good), *arguments)
    assert capsys.readouterr().out == (
        "g.geojson: 2 rows; new 2, changed 0, unchanged 0, refused 0.\n"
    )
    with pytest.raises(CommandError, match=r"refused 1\. Nothing was written") as stopped:
        call_command("load_units", str(bad), *arguments, f"--report={listed}")
    assert stopped.value.returncode == 1
    assert "1,refused,geometry,,has no shape.,Draw its outline." in listed.read_text("utf-8-sig")


def test_outlines_are_fitted_to_the_units_below(load):
    load(COMMUNES)

    fits = fit_outlines(set_name="thu", level="province")

    province = AdminUnit.objects.get(code="75")
    assert province.geometry.extent == pytest.approx((106.0, 11.0, 106.2, 11.1))
    assert province.area_m2 == pytest.approx(fits[0].area_m2)
    # of 1 degree by 1 degree only 0.2 by 0.1 is left
    assert fits[0].difference_m2 == pytest.approx(0.98 * 12_060e6, rel=0.01)
    assert fit_outlines(set_name="thu", level="province") == []
