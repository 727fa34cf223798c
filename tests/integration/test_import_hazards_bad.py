"""Bad rows and files at the door of import_hazards: one clear message, nothing half-written."""

import json
import re

import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from common.errors import DomainError
from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.models import WaterHazard
from tests.factories.files import write_csv, write_geojson, write_ogr, zip_shapefile
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db

HEAD = "ma,loai,ten,lon,lat,do_sau_m\n"
GOOD = "1,ao,Ao Đình,106.55,11.75,1.2\n"


@pytest.fixture(autouse=True)
def unit():
    return UnitFactory(place=0)


def run(path, **more):
    return import_hazards(ImportOptions(path=path, **({"source": "x"} | more)))


def run_csv(folder, text, encoding="utf-8", **more):
    path = write_csv(folder / "ao.csv", text, encoding)
    return run(path, **({"crs": "4326", "source_id_field": "ma"} | more))


@pytest.mark.parametrize(
    ("line", "field", "what"),
    [
        ("2,biển,B,106.55,11.75,", "loai", "is no kind of water here"),
        ("2,,B,106.55,11.75,", "loai", "is no kind of water here"),
        ("2,ao,B,11.75,106.55,", "geometry", "look swapped"),
        ("2,ao,B,0,0,", "geometry", "lies outside Viet Nam"),
        ("2,ao,B,532887,1299410,", "geometry", "no degrees of the earth"),
        ("2,ao,B,,11.75,", "lon", "has no position"),
        ("2,ao,B,x,11.75,", "lon", "is no angle"),
        ("2,ao,B,nan,11.75,", "lon", "is no angle"),
        ("2,ao,B,106.55,11.75,-1", "do_sau_m", "cannot be negative"),
        ("2,ao,B,106.55,11.75,150", "do_sau_m", "no water of this kind is over 30 m deep"),
        ("2,ao,B,106.55,11.75,sâu", "do_sau_m", "is no depth"),
        ("1,ao,B,106.56,11.75,", "ma", "this id stands in row 2 already"),
        ("2,ao,§Ëp DÇu TiÕng,106.55,11.75,", "ten", "looks like TCVN3"),
        ("2,ao,Ñaäp Daàu Tieáng,106.55,11.75,", "ten", "looks like VNI"),
        ("2,ao,Ä‘áº­p,106.55,11.75,", "ten", "looks like UTF-8"),
        (f"2,ao,{'B' * 251},106.55,11.75,", "ten", "longer than 250"),
        ("2,ao,B,106,55,11,75", "", "has 7 cells"),
    ],
)
def test_a_bad_row_is_named_and_stops_the_import(tmp_path, line, field, what):
    report = run_csv(tmp_path, HEAD + GOOD + line + "\n")

    assert [(r.row, r.field) for r in report.refusals if what in r.what] == [(3, field)], (
        report.refusals
    )
    assert (report.taken, report.is_written) == (1, False)
    assert not WaterHazard.objects.exists()


BOW_TIE = shapely.Polygon(
    [(106.51, 11.71), (106.52, 11.72), (106.52, 11.71), (106.51, 11.72), (106.51, 11.71)]
)


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (None, "has no shape"),
        (shapely.Point(), "has no shape"),
        (BOW_TIE, "the outline crosses itself"),
        (shapely.LineString([(106.55, 11.75), (106.55, 11.75)]), "the shape is broken"),
        (shapely.MultiPoint([(106.55, 11.75), (106.56, 11.75)]), "MultiPoint cannot be used"),
        (shapely.GeometryCollection([shapely.Point(106.55, 11.75)]), "cannot be used"),
        (shapely.box(106.55, 11.75, 150, 20), "lies outside Viet Nam"),
    ],
)
def test_a_bad_shape_is_named(tmp_path, shape, what):
    good = ({"kind": "pond", "source_id": "1"}, shapely.Point(106.55, 11.75))

    report = run(
        write_geojson(tmp_path / "a.geojson", [good, (good[0] | {"source_id": "2"}, shape)])
    )

    assert [remark.row for remark in report.refusals] == [2]
    assert what in report.refusals[0].what
    assert not WaterHazard.objects.exists()


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (HEAD + GOOD, {"crs": None}, r"does not say which coordinate system.*9212 \(Bình Phước"),
        (HEAD + GOOD, {"crs": "file"}, "does not say which coordinate system"),
        (HEAD + GOOD, {"crs": "vn2000"}, "is no coordinate system known here"),
        (HEAD + GOOD, {"kind": "biển"}, "biển is no kind of water here. Use one of: pond"),
        (HEAD + GOOD, {"kind_field": "kieu"}, "has no column kieu. It has: ma, loai"),
        (HEAD + GOOD, {"source": " "}, "Name the source"),
        (HEAD + GOOD, {"where": ("ma",)}, "COLUMN=VALUE"),
        ("ma,ten,lon,lat\n1,Ao,106.55,11.75\n", {}, "does not say what kind of water"),
        ("ma,loai,kinh,vi\n1,ao,106.55,11.75\n", {}, "no columns with positions"),
        (HEAD + "".join(f"{i},ao,Hoà Daàu Tieáng,106.55,11.75,\n" for i in range(3)), {},
         "the column ten is written in VNI"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(tmp_path, text, options, message):
    with pytest.raises(DomainError) as refused:
        run_csv(tmp_path, text, **options)
    assert re.search(message, str(refused.value)), str(refused.value)
    assert not WaterHazard.objects.exists()


def test_old_bytes_are_named_and_nothing_stored(tmp_path):
    with pytest.raises(DomainError, match=r"looks like TCVN3 \(ABC\)"):
        run_csv(tmp_path, HEAD + "1,ao,§Ëp DÇu TiÕng,106.55,11.75,\n", "latin-1")
    assert not WaterHazard.objects.exists()


def test_a_shapefile_without_prj_asks_for_the_crs(tmp_path):
    rows = [({"kind": "pond", "source_id": "1"}, shapely.Point(106.55, 11.75))]
    shp = zip_shapefile(write_ogr(tmp_path / "b.shp", rows, kind="Point", crs=None))

    with pytest.raises(DomainError, match=r"b\.zip does not say which coordinate system"):
        run(shp)
    assert run(shp, crs="4326").taken == 1


def test_northing_called_x_is_told_from_easting(tmp_path):
    """Vietnamese tables call the northing X; the message says which columns to name."""
    report = run_csv(tmp_path, "ma,loai,X,Y\n1,ao,1299410,532690\n", crs="9212")

    assert report.refusals[0].what == (
        "the coordinates look swapped: take Y as easting and X as northing (--x-field, --y-field)."
    )
    assert run_csv(
        tmp_path, "ma,loai,X,Y\n1,ao,1299410,532690\n", crs="9212", x_field="Y", y_field="X"
    ).is_written


def test_the_wrong_vn2000_zone_is_far_away(tmp_path):
    """Coordinates of zone 106°15' read as 107°45' move 164 km east, out of the units."""
    report = run_csv(tmp_path, "ma,loai,x,y\n1,ao,532690,1299410\n", crs="5899")

    assert "km away" in report.refusals[0].what
    assert float(report.refusals[0].what.split(" is ")[1].split(" km")[0]) > 100


def test_a_file_of_one_row_twice_is_told(tmp_path):
    row = "ao,106.55,11.75\n"
    report = run_csv(tmp_path, f"loai,lon,lat\n{row}{row}", source_id_field=None)

    assert report.refusals[0].what == "the row 2 says the same."


def test_the_good_rows_may_be_accepted(tmp_path):
    report = run_csv(tmp_path, HEAD + GOOD + "2,biển,B,106.55,11.75,\n", accept_good=True)

    assert (report.taken, report.refused, report.is_written) == (1, 1, True)
    assert WaterHazard.objects.count() == 1


NUMBERS = st.one_of(
    st.floats(106.5, 106.6), st.floats(11.7, 11.8), st.floats(-1e7, 1e7),
    st.sampled_from([0.0, 106.55, 11.75, 1e308, -180.0, 90.0]),
)  # fmt: skip
PAIRS = st.tuples(NUMBERS, NUMBERS)
SHAPES = st.one_of(
    st.builds(lambda c: {"type": "Point", "coordinates": c}, PAIRS),
    st.builds(lambda c: {"type": "LineString", "coordinates": c}, st.lists(PAIRS, max_size=5)),
    st.builds(
        lambda c: {"type": "Polygon", "coordinates": [[*c, *c[:1]]]}, st.lists(PAIRS, max_size=6)
    ),
    st.builds(lambda c: {"type": "MultiPoint", "coordinates": c}, st.lists(PAIRS, max_size=3)),
    st.sampled_from(
        [None, {"type": "Blob"}, {"type": "Polygon", "coordinates": []}, {"type": "Point"}]
    ),
)
WORDS = st.fixed_dictionaries(
    {"kind": st.one_of(st.sampled_from(["pond", "ao", "x"]), st.text(max_size=6), st.none())},
    optional={"name": st.text(max_size=12), "source_id": st.text(max_size=4),
              "max_depth_m": st.one_of(st.floats(allow_nan=False), st.text(max_size=5))},
)  # fmt: skip


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(WORDS, SHAPES), min_size=1, max_size=4), accept=st.booleans())
def test_whatever_comes_it_is_taken_whole_or_refused(tmp_path, rows, accept):

    features = [
        {"type": "Feature", "properties": words, "geometry": shape} for words, shape in rows
    ]
    path = tmp_path / "bat-ky.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    WaterHazard.objects.all().delete()

    try:
        report = run(path, accept_good=accept)
    except DomainError:
        assert not WaterHazard.objects.exists()
        return
    stored = WaterHazard.objects.count()
    assert report.rows == report.taken + report.refused
    assert stored == (report.taken if accept or not report.refused else 0)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300), suffix=st.sampled_from(["csv", "geojson", "zip", "xlsx", "gpkg"])
)
def test_any_bytes_get_one_message(tmp_path, data, suffix):
    path = tmp_path / f"bat-ky.{suffix}"
    path.write_bytes(data)

    with pytest.raises(DomainError) as refused:
        run(path, crs="4326")
    assert "bat-ky" in str(refused.value)
    assert not WaterHazard.objects.exists()
