"""File names of population rasters, as publishers write them."""

import itertools

import pytest

from maps.naming import BAND_STARTS, band_end, parse


@pytest.mark.parametrize(
    ("filename", "family", "area", "year", "sex", "ages"),
    [
        ("vnm_f_0_2020.tif", "worldpop_global1", "vnm", 2020, "f", (0, 0)),
        ("vnm_m_10_2020.tif", "worldpop_global1", "vnm", 2020, "m", (10, 14)),
        ("afg_f_05_2000.tif", "worldpop_global1", "afg", 2000, "f", (5, 9)),
        ("vnm_f_15_2020_constrained_UNadj.tif", "worldpop_global1", "vnm", 2020, "f", (15, 19)),
        ("vnm_ppp_2020.tif", "worldpop_global1", "vnm", 2020, "t", None),
        ("vnm_ppp_2020_1km_Aggregated_UNadj.tif", "worldpop_global1", "vnm", 2020, "t", None),
        ("dominican_ppp_2007_1km_Aggregated.tif", "worldpop_global1", "dominican", 2007, "t", None),
        ("sgp_pop_2015_CN_1km_R2025A_UA_v1.tif", "worldpop_global2", "sgp", 2015, "t", None),
        ("xxx_f_05_2025_CN_100m_R2025A_v1.tif", "worldpop_global2", "xxx", 2025, "f", (5, 9)),
        ("xxx_t_90_2025_CN_100m_R2025A_v1.TIF", "worldpop_global2", "xxx", 2025, "t", (90, 120)),
        ("nga_T_M_2025_CN_100m_R2025A_v1.tif", "worldpop_global2", "nga", 2025, "m", None),
        ("vnm_children_under_five_2020.tif", "hrsl", "vnm", 2020, "t", (0, 4)),
        ("population_vnm_2018-10-01.tif", "hrsl", "vnm", 2018, "t", None),
        (
            "GHS_POP_E2030_GLOBE_R2023A_4326_3ss_V1_0_R6_C12.tif",
            "ghs_pop",
            "globe",
            2030,
            "t",
            None,
        ),
    ],
)
def test_names_of_known_publishers_tell_who_is_counted(filename, family, area, year, sex, ages):
    found = parse(filename)
    expected_from, expected_to = ages or (None, None)

    assert (found.family, found.area, found.year, found.sex) == (family, area, year, sex)
    assert (found.age_from, found.age_to) == (expected_from, expected_to)
    assert not found.is_density


def test_people_per_square_kilometre_are_told_by_the_name():
    assert parse("vnm_pd_2020_1km.tif").is_density


def test_an_unknown_name_gives_what_its_words_hold_and_no_more():
    clip = parse("wuhan_worldpop_20_f_crop.tif")
    total = parse("burundi_worldpop.tif")

    assert (clip.family, clip.sex, clip.age_from, clip.age_to, clip.year) == (
        "other", "f", 20, 24, None,
    )  # fmt: skip
    assert (total.family, total.sex, total.age_from, total.year) == ("other", None, None, None)


def test_an_age_that_is_no_band_is_not_taken_for_one():
    assert parse("vnm_f_7_2020.tif").sex is None


def test_bands_follow_each_other_without_gap_or_overlap():
    for start, following in itertools.pairwise(BAND_STARTS):
        assert band_end(start) == following - 1
