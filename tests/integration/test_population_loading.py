"""Loading population rasters and child shares: all files or none, rows one by one."""

import csv
import gzip

import pytest
from django.core.management import CommandError, call_command

from maps import rasters
from maps.models import ChildShare, PopulationDataset, PopulationRaster
from tests.factories.maps import (
    box_of_cells,
    make_dataset,
    make_set,
    make_unit,
    write_raster,
)

pytestmark = pytest.mark.django_db

ONES = [[1.0, 1.0], [1.0, 1.0]]
BANDS = (0, 1, 5, 10, 15)


def load(*files, **options):
    call_command("load_population", *map(str, files), **options)


def write_bands(folder, sexes="fm", ages=BANDS, values=ONES, **raster):
    return [
        write_raster(folder / f"vnm_{sex}_{age}_2020.tif", values, **raster)
        for sex in sexes
        for age in ages
    ]


def stored_files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def raster_store(tmp_path, settings):
    folder = tmp_path / "store"
    folder.mkdir()
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        "rasters": {"BACKEND": backend, "OPTIONS": {"location": folder}}
    }
    return folder


def test_a_total_becomes_the_current_dataset_with_checksum_sum_and_picture(
    tmp_path, raster_store, capsys
):
    path = write_raster(tmp_path / "vnm_ppp_2020_1km_Aggregated_UNadj.tif", [[1, 2], [3, -99999]])

    load(path)

    dataset = PopulationDataset.objects.get()
    raster = dataset.rasters.get()
    assert dataset.name == "vnm-2020-worldpop_global1-total-1km-unadj"
    assert (dataset.measures, dataset.is_current, dataset.year) == ("total", True, 2020)
    assert raster.people_total == 6
    assert raster.sha256 == rasters.file_sha256(path)
    assert stored_files(raster_store) == [f"{raster.sha256}.png", f"{raster.sha256}.tif"]
    assert "1 files, 6 people, current." in capsys.readouterr().out


def test_loading_the_same_files_again_changes_nothing(tmp_path, raster_store, capsys):
    path = write_raster(tmp_path / "vnm_ppp_2020.tif", ONES)
    load(path)
    before = list(PopulationRaster.objects.values())

    load(path)

    assert list(PopulationRaster.objects.values()) == before
    assert "nothing changed" in capsys.readouterr().out


def test_other_files_under_a_taken_name_are_refused(tmp_path, raster_store):
    load(write_raster(tmp_path / "vnm_ppp_2020.tif", ONES), name="mine")

    with pytest.raises(CommandError, match="already holds other files"):
        load(write_raster(tmp_path / "vnm_ppp_2020_UNadj.tif", [[2, 2]]), name="mine")
    assert PopulationRaster.objects.get().people_total == 4


def test_bands_of_both_sexes_become_one_dataset(tmp_path, raster_store, capsys):
    load(*write_bands(tmp_path))

    dataset = PopulationDataset.objects.get()
    assert dataset.measures == "bands"
    assert dataset.rasters.count() == 10
    assert "hold no people of all ages" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("f", BANDS)], "comes for sex f only"),
        ([("f", BANDS), ("m", BANDS), ("t", BANDS)], "Adding them would count people twice"),
        ([("t", (0, 1, 5))], "lack the age bands beginning at 10, 15"),
    ],
)
def test_bands_that_would_miscount_are_refused(tmp_path, raster_store, capsys, files, words):
    paths = [path for sex, ages in files for path in write_bands(tmp_path, sex, ages)]

    with pytest.raises(CommandError, match="Nothing was loaded"):
        load(*paths)
    assert words in capsys.readouterr().err
    assert not PopulationDataset.objects.exists()
    assert stored_files(raster_store) == []


def test_a_band_given_twice_is_refused_under_either_spelling(tmp_path, raster_store, capsys):
    paths = write_bands(tmp_path, "t")
    twice = write_raster(tmp_path / "vnm_t_05_2020.tif", ONES)

    with pytest.raises(CommandError):
        load(*paths, twice)
    assert "it holds the same people as vnm_t_5_2020.tif" in capsys.readouterr().err


def test_grids_that_differ_are_named_both(tmp_path, raster_store, capsys):
    paths = write_bands(tmp_path, "t", BANDS[:4])
    shifted = write_raster(tmp_path / "vnm_t_15_2020.tif", ONES, west=106.005)

    with pytest.raises(CommandError):
        load(*paths, shifted)
    message = capsys.readouterr().err
    assert "vnm_t_15_2020.tif: its grid is 2 x 2 cells" in message
    assert "from 106.005000 E" in message
    assert "from 106.000000 E" in message


def test_one_bad_file_among_good_ones_leaves_nothing_behind(tmp_path, raster_store, capsys):
    paths = write_bands(tmp_path, "t")
    paths[2].write_bytes(b"")

    with pytest.raises(CommandError, match="1 problems in 5 files"):
        load(*paths)
    assert "vnm_t_5_2020.tif: the file holds 0 bytes" in capsys.readouterr().err
    assert stored_files(raster_store) == []
    assert not PopulationDataset.objects.exists()


def test_a_name_that_tells_nothing_needs_year_and_measure(tmp_path, raster_store, capsys):
    path = write_raster(tmp_path / "province.tif", ONES)

    with pytest.raises(CommandError):
        load(path)
    assert (
        "province.tif: the file name does not tell the year, who is counted. "
        "Say it with --year --measures total"
    ) in capsys.readouterr().err
    load(path, year=2021, measures="total")
    assert PopulationDataset.objects.get().year == 2021


def test_a_density_is_refused_by_its_name(tmp_path, raster_store, capsys):
    with pytest.raises(CommandError):
        load(write_raster(tmp_path / "vnm_pd_2020_1km.tif", ONES))
    assert "people per km²" in capsys.readouterr().err


def test_a_raster_that_ends_inside_the_units_says_which_and_how_much(
    tmp_path, raster_store, capsys
):
    boundary_set = make_set()
    make_unit(boundary_set, "00001", box_of_cells(0, 1, 0, 1))
    make_unit(boundary_set, "00002", box_of_cells(0, 1, 1, 5))  # three of its four cells outside

    load(write_raster(tmp_path / "vnm_ppp_2020.tif", ONES))

    warning = capsys.readouterr().err
    assert "1 units reach beyond it" in warning
    assert "Xã 00002 (00002): 75.0 %" in warning
    assert PopulationDataset.objects.get().facts["warnings"]


# --- child shares ---------------------------------------------------------------------------------


@pytest.fixture
def districts(db):
    boundary_set = make_set("old", is_current=False)
    return [
        make_unit(boundary_set, code, box_of_cells(0, 1, n, n + 1), level="district")
        for n, code in enumerate(["001", "002", "003"])
    ]


def write_table(path, rows, opener=open):
    with opener(path, "wt", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def load_shares(path, **options):
    given = {"dataset": "people", "set": "old", "level": "district", "code_field": "code"}
    call_command("load_child_shares", str(path), **(given | options))


def test_the_share_under_16_is_0_to_14_and_a_fifth_of_15_to_19(tmp_path, districts, capsys):
    dataset = make_dataset(tmp_path, ONES)
    rows = [["code", "u15", "a15", "all"], ["001", 20, 10, 100], ["002", 30, 0, 100]]
    path = write_table(tmp_path / "ages.csv.gz", rows, gzip.open)

    load_shares(path, under15_field="u15", age15to19_field="a15", total_field="all")

    shares = dict(ChildShare.objects.values_list("unit__code", "share"))
    assert shares == {"001": pytest.approx(0.22), "002": pytest.approx(0.30)}
    dataset.refresh_from_db()
    assert dataset.facts["shares"]["is_estimate"] is True
    assert "Xã 003 (003) has no share" in capsys.readouterr().err


def test_rows_that_cannot_be_used_are_refused_one_by_one_with_the_reason(
    tmp_path, districts, capsys
):
    make_dataset(tmp_path, ONES)
    rows = [["code", "share"], ["001", "0.3"], ["1", "0.3"], ["002", "1.5"], ["001", "0.2"],
            ["", "0.2"], ["003", "many"]]  # fmt: skip
    report = tmp_path / "report.csv"

    load_shares(write_table(tmp_path / "s.csv", rows), share_field="share", report=report)

    assert dict(ChildShare.objects.values_list("unit__code", "share")) == {"001": 0.3}
    with report.open(encoding="utf-8-sig") as stream:
        reasons = {row["line"]: row["reason"] for row in csv.DictReader(stream) if row["line"]}
    assert reasons == {
        "2": "",
        "3": "no unit with this code in the set and level",
        "4": "the share is 1.5; it must lie in 0 to 1",
        "5": "the code came before",
        "6": "no code in code",
        "7": "share is 'many', not a number",
    }
    assert "Rows taken: 1; refused: 5; units without a share: 2." in capsys.readouterr().out


def test_a_table_of_nothing_usable_changes_nothing(tmp_path, districts):
    dataset = make_dataset(tmp_path, ONES)
    ChildShare.objects.create(dataset=dataset, unit=districts[0], share=0.25)

    with pytest.raises(CommandError, match="none of the 1 rows could be used"):
        load_shares(write_table(tmp_path / "s.csv", [["code", "x"], ["9", 1]]), share_field="x")
    assert ChildShare.objects.get().share == 0.25


def test_a_missing_column_names_those_there_are(tmp_path, districts):
    make_dataset(tmp_path, ONES)

    with pytest.raises(CommandError, match=r"no column share\. The columns are: code, x"):
        load_shares(write_table(tmp_path / "s.csv", [["code", "x"]]), share_field="share")


def test_a_fallback_share_is_kept_with_the_dataset_only_when_given(tmp_path, districts):
    dataset = make_dataset(tmp_path, ONES)
    path = write_table(tmp_path / "s.csv", [["code", "share"], ["001", 0.3]])

    load_shares(path, share_field="share")
    dataset.refresh_from_db()
    assert dataset.default_child_share is None
    load_shares(path, share_field="share", default_share=0.24)
    dataset.refresh_from_db()
    assert dataset.default_child_share == 0.24
