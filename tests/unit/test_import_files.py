"""One door for files: whole ones are read, all others refused with a message that names them."""

import gzip
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import shapely

from common.crs import (
    CrsContradictionError,
    CrsMissingError,
    CrsUnknownError,
    choose_crs,
    parse_crs,
)
from common.sourcefile import SourceFileError
from common.sourcetable import SourceTable, text_of
from common.vectors import read_source
from tests.factories.files import (
    square,
    write_csv,
    write_geojson,
    write_ogr,
    write_xlsx,
    zip_shapefile,
)

POINT = shapely.Point(106.9, 11.5)
ROWS = [({"ma": "01", "ten": "Hồ Bàu Úm"}, POINT), ({"ma": "007", "ten": "Ao"}, POINT)]


def shapefile(folder, **more):
    return write_ogr(
        folder / "ho.shp", ROWS, kind="Point", crs=more.pop("crs", "EPSG:4326"), **more
    )


@pytest.fixture
def files(tmp_path):
    geojson = write_geojson(tmp_path / "a.geojson", ROWS)
    packed = tmp_path / "b.geojson.gz"
    packed.write_bytes(gzip.compress(geojson.read_bytes()))
    shp = shapefile(tmp_path)
    return {
        "geojson": geojson,
        "gz": packed,
        "gpkg": write_ogr(tmp_path / "c.gpkg", ROWS, kind="Point", crs="EPSG:4326"),
        "shp": shp,
        "zip": zip_shapefile(shp),
        "csv": write_csv(tmp_path / "d.csv", "ma;ten\n01;Hồ Bàu Úm\n\n007;Ao\n", "utf-8-sig"),
        "xlsx": write_xlsx(
            tmp_path / "e.xlsx", [["ma", "ten"], ["01", "Hồ Bàu Úm"], ["007", "Ao"]]
        ),
    }


@pytest.mark.parametrize("kind", ["geojson", "gz", "gpkg", "shp", "zip", "csv", "xlsx"])
def test_codes_stay_text_and_names_keep_their_marks(files, kind):
    table = read_source(files[kind])

    assert table.texts("ma") == ["01", "007"]
    assert table.texts("TEN") == ["Hồ Bàu Úm", "Ao"]
    assert (table.shapes is None) == (kind in {"csv", "xlsx"})


def test_rows_are_numbered_as_people_see_them(files):
    assert list(read_source(files["csv"]).rows) == [2, 4]
    assert list(read_source(files["geojson"]).rows) == [1, 2]


def test_where_keeps_rows_and_their_numbers(files):
    table = read_source(files["csv"]).where(["ma=007"])

    assert list(table.rows) == [4]
    with pytest.raises(SourceFileError, match=r"no column loai\. It has: ma, ten"):
        read_source(files["csv"]).where(["loai=ao"])


def broken_files(folder):
    """Return {what is wrong: (file, words of the message)}."""
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    whole = zip_shapefile(shapefile(folder)).read_bytes()
    geojson = write_geojson(folder / "x.geojson", ROWS).read_bytes()
    xlsx = write_xlsx(folder / "y.xlsx", [["a"], ["1"]]).read_bytes()
    contents = {
        "empty": ("e.csv", b"", "0 bytes"),
        "picture": ("p.geojson", png, "holds PNG"),
        "page": ("q.csv", b"<html><body>404</body></html>", "holds HTML/XML"),
        "old excel": ("r.xlsx", b"\xd0\xcf\x11\xe0" + bytes(99), "Excel 97-2003"),
        "csv as zip": ("s.zip", b"a,b\n1,2\n", "holds text"),
        "cut zip": ("t.zip", whole[: len(whole) // 2], "damaged or was cut off"),
        "cut xlsx": ("u.xlsx", xlsx[:-200], "damaged or was cut off"),
        "cut geojson": ("v.geojson", geojson[:-60], "v.geojson cannot be read"),
        "cut gzip": ("w.csv.gz", gzip.compress(b"a,b\n" * 500)[:-12], "damaged or was cut off"),
        "nul": ("n.csv", b"a,b\n\x00\x00,1\n", "holds binary"),
        "unknown": ("z.docx", b"PK\x03\x04", "this kind of file is not read"),
        "head only": ("h.csv", b"a,b\n", "no rows"),
        "twice": ("i.csv", b"a,a\n1,2\n", "column name a stands twice"),
    }
    return {key: (folder / name, data, words) for key, (name, data, words) in contents.items()}


@pytest.mark.parametrize(
    "fault",
    ["empty", "picture", "page", "old excel", "csv as zip", "cut zip", "cut xlsx", "cut geojson",
     "cut gzip", "nul", "unknown", "head only", "twice"],
)  # fmt: skip
def test_a_bad_file_gets_one_message_with_its_name(tmp_path, fault):
    path, data, words = broken_files(tmp_path)[fault]
    path.write_bytes(data)

    with pytest.raises(SourceFileError) as refused:
        read_source(path)
    assert path.name in str(refused.value)
    assert words in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_absent_files_and_folders(tmp_path):
    with pytest.raises(SourceFileError, match=r"There is no file .*nowhere\.csv"):
        read_source(tmp_path / "nowhere.csv")
    with pytest.raises(SourceFileError, match="is a folder"):
        read_source(tmp_path)


def test_a_shapefile_without_a_part_says_which(tmp_path):
    packed = zip_shapefile(shapefile(tmp_path), leave_out=[".dbf"])

    with pytest.raises(SourceFileError, match=r"ho\.zip lacks \.dbf"):
        read_source(packed)


def test_a_shapefile_shorter_than_it_states_is_damaged(tmp_path):
    path = shapefile(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(SourceFileError, match="damaged or was cut off"):
        read_source(path)


def test_an_archive_of_two_asks_which(tmp_path, files):
    packed = tmp_path / "two.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(files["geojson"], "north/ao.geojson")
        archive.write(files["geojson"], "south/ho.geojson")

    with pytest.raises(SourceFileError, match=r"Choose one \(--layer\): ao, ho"):
        read_source(packed)
    assert len(read_source(packed, layer="ho")) == 2


def test_text_that_is_not_utf8_is_named_and_nothing_read(tmp_path):
    path = write_csv(tmp_path / "cu.csv", "ten\n§Ëp DÇu TiÕng\nHå CÇn §¬n\n", "latin-1")

    with pytest.raises(SourceFileError, match=r"looks like TCVN3 \(ABC\).*CSV UTF-8"):
        read_source(path)


def test_too_many_cells_are_marked(tmp_path):
    table = read_source(write_csv(tmp_path / "k.csv", "ten,lon,lat\nAo,106,91,11,53\nHo,1,2\n"))

    assert table.ragged == {2: 5}


def test_a_missing_crs_offers_the_zones_by_old_province(tmp_path):
    table = read_source(zip_shapefile(shapefile(tmp_path, crs=None)))

    assert table.crs is None
    with pytest.raises(CrsMissingError, match=r"\(--crs\): 4326.*9212 \(Bình Phước, Quảng Trị\)"):
        choose_crs(name=table.name, stated=None, is_stated=True, asked=None)


@pytest.mark.parametrize("text", ["", "VN2000", "epsg:99999", "-1", "4978", "9" * 40])
def test_no_such_crs(text):
    with pytest.raises(CrsUnknownError, match="EPSG number"):
        parse_crs(text)


def test_a_file_and_the_user_may_not_contradict(tmp_path):
    table = read_source(zip_shapefile(shapefile(tmp_path)))
    wgs84 = parse_crs("EPSG:4326")

    assert choose_crs(name="x", stated=table.crs, is_stated=True, asked="4326") == wgs84
    with pytest.raises(CrsContradictionError, match=r"says it is in EPSG:4326.*EPSG:9212"):
        choose_crs(name="x", stated=table.crs, is_stated=True, asked="9212")


def test_values_become_text():
    assert [text_of(value) for value in (None, 75.0, 1.5, float("nan"), True, "  x ")] == [
        "", "75", "1.5", "", "true", "x",
    ]  # fmt: skip


def test_a_polygon_with_too_few_corners_is_broken_not_absent(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", [({"a": "1"}, square(106, 11))])
    text = path.read_text()
    start = text.index("[[[")
    path.write_text(text[:start] + "[[[106,11],[106,11]]]}}]}")

    table = read_source(path)

    assert table.broken is not None
    assert table.broken.tolist() == [True] or table.shapes[0].is_empty


def test_rows_that_are_kept_tell_their_own_texts_and_not_those_of_the_whole_table():
    table = SourceTable(
        name="t",
        columns={"ten": np.array(["Ao  một", "Ao hai"], dtype=object)},
        rows=np.array([2, 3]),
    )
    assert table.tidied("ten") == ["Ao một", "Ao hai"]
    kept = table.where(["ten=Ao hai"])
    assert kept.texts("ten") == kept.tidied("ten") == ["Ao hai"]
    other = replace(table, columns={"ten": np.array(["Hồ", "Đập"], dtype=object)})
    assert other.texts("ten") == ["Hồ", "Đập"]
