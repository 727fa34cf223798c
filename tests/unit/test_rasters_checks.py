"""What a raster must be before anybody is counted with it. Rasters of 3 x 3, answers by hand."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import MaskFlags

from maps import errors, pictures, rasters
from tests.factories.maps import CELL, NORTH, WEST, write_raster

COUNTS = [[1.0, 2.0, 0.0], [4.0, -99999.0, 8.0], [0.5, 16.0, 32.0]]
PEOPLE = 63.5  # 1 + 2 + 4 + 8 + 0.5 + 16 + 32
DENSE_COUNTS = np.full((40, 40), 600.0)  # in cells of 0.86 ha: 70 000 people per km2


def inspect(path, **more):
    return rasters.inspect(path, filename=path.name, **more)


def test_a_good_raster_is_summed_without_its_no_data(tmp_path):
    facts = inspect(write_raster(tmp_path / "a.tif", COUNTS))

    assert facts.people == PEOPLE
    assert (facts.settled_cells, facts.missing_cells, facts.most_in_a_cell) == (7, 1, 32.0)
    assert (facts.grid.rows, facts.grid.cols, facts.grid.west_deg) == (3, 3, WEST)
    assert facts.nodata_declared


@pytest.mark.parametrize(
    ("nodata", "dtype", "hole"),
    [(-99999.0, "float32", -99999.0), (-3.4e38, "float32", -3.4e38), (65535, "uint16", 65535),
     (float("nan"), "float32", np.nan)],
)  # fmt: skip
def test_every_way_to_say_no_data_gives_the_same_sum(tmp_path, nodata, dtype, hole):
    values = np.array([[1, 2, 3], [4, hole, 6], [7, 8, 9]])

    facts = inspect(write_raster(tmp_path / "a.tif", values, nodata=nodata, dtype=dtype))

    assert facts.people == 40  # 45 without the hole of 5
    assert facts.missing_cells == 1


def test_a_mask_band_is_no_data_too(tmp_path):
    path = write_raster(tmp_path / "a.tif", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], nodata=None)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as target:
        target.write_mask(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=bool))
    with rasterio.open(path) as source:
        assert source.mask_flag_enums[0] == [MaskFlags.per_dataset]

    facts = inspect(path)
    stored, _new = rasters.store_tiled(path, facts)

    assert facts.people == 40
    assert np.nansum(rasters.read_counts(stored, slice(0, 3), slice(0, 3))) == 40


def test_negative_values_without_a_no_data_value_ask_for_it(tmp_path):
    path = write_raster(tmp_path / "a.tif", COUNTS, nodata=None)

    with pytest.raises(errors.RasterNodataError) as caught:
        inspect(path)
    assert str(caught.value) == (
        "a.tif: 1 cells are below 0 (least -99999) and the file does not declare a no-data value. "
        "Say which value means no data, for example --nodata -99999."
    )
    assert inspect(path, nodata=-99999).people == PEOPLE


def test_no_no_data_value_and_nothing_negative_is_accepted_and_said(tmp_path):
    facts = inspect(write_raster(tmp_path / "a.tif", [[1, 0], [2, 3]], nodata=None))

    assert facts.people == 6
    assert not facts.nodata_declared


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ([[1, -2], [3, 4]], errors.RasterNegativeError, "1 cells count fewer than 0"),
        ([[1, np.nan], [3, 4]], errors.RasterNotFiniteError, "1 cells are not numbers"),
        ([[1, np.inf], [3, 4]], errors.RasterNotFiniteError, "1 cells are not numbers"),
        ([[0, 0], [0, -99999]], errors.RasterNothingError, "nobody lives"),
        ([[[1, 2], [3, 4]], [[1, 2], [3, 4]]], errors.RasterBandsError, "holds 2 bands"),
    ],
)
def test_counts_that_cannot_be_are_refused(tmp_path, values, error, words):
    path = write_raster(tmp_path / "bad.tif", values)

    with pytest.raises(error) as caught:
        inspect(path)
    assert str(caught.value).startswith("bad.tif: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"crs": None}, errors.RasterWithoutCrsError),
        ({"crs": "EPSG:32648"}, errors.RasterCrsError),
        ({"transform": rasterio.Affine(CELL, 0.001, WEST, 0.001, -CELL, NORTH)},
         errors.RasterNotNorthUpError),
        ({"transform": rasterio.Affine(CELL, 0, WEST, 0, CELL, NORTH)},
         errors.RasterNotNorthUpError),
    ],
)  # fmt: skip
def test_a_grid_that_is_not_north_up_in_degrees_is_refused(tmp_path, options, error):
    path = write_raster(tmp_path / "bad.tif", COUNTS, **options)

    with pytest.raises(error, match=r"bad\.tif"):
        inspect(path)


def test_a_file_of_no_bytes_and_one_that_lies_are_told_apart(tmp_path):
    empty, lie = tmp_path / "empty.tif", tmp_path / "lie.tif"
    empty.write_bytes(b"")
    lie.write_bytes(b"%PDF-1.4 not a raster")

    with pytest.raises(errors.RasterEmptyFileError, match="0 bytes"):
        inspect(empty)
    with pytest.raises(errors.RasterUnreadableError) as caught:
        inspect(lie)
    assert str(tmp_path) not in str(caught.value)


def test_a_cut_off_file_is_found_by_reading_all_of_it(tmp_path):
    path = write_raster(tmp_path / "cut.tif", np.random.default_rng(1).random((400, 400)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises((errors.RasterTruncatedError, errors.RasterUnreadableError)) as caught:
        inspect(path)
    assert "cut.tif" in str(caught.value)


def test_counts_as_dense_as_no_city_are_suspected_to_be_a_density(tmp_path):
    dense = inspect(write_raster(tmp_path / "d.tif", DENSE_COUNTS, cell=0.0008333))
    usual = inspect(write_raster(tmp_path / "u.tif", DENSE_COUNTS / 100, cell=0.0008333))

    assert dense.looks_like_density
    assert not usual.looks_like_density


def test_the_stored_copy_is_tiled_and_holds_the_same_counts(tmp_path):
    path = write_raster(tmp_path / "a.tif", COUNTS)
    facts = inspect(path)

    stored, is_new = rasters.store_tiled(path, facts)
    again, is_new_again = rasters.store_tiled(path, facts)

    assert stored == again == f"{facts.sha256[:2]}/{facts.sha256}.tif"
    assert (is_new, is_new_again) == (True, False)
    with rasterio.open(rasters.local_path(stored)) as copy:
        assert copy.profile["tiled"]
        assert copy.profile["compress"] == "deflate"
    counts = rasters.read_counts(stored, slice(1, 3), slice(0, 2))
    np.testing.assert_array_equal(counts, [[4.0, np.nan], [0.5, 16.0]])


def test_pictures_add_cells_up_and_never_average():
    values = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan]])

    assert pictures.block_sums(values, 2).tolist()[0][0] == 6.0
    assert np.isnan(pictures.block_sums(values, 2)[0][1])
    assert pictures.draw_png(values).startswith(b"\x89PNG")
