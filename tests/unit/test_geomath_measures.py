"""Distances, coordinate systems, tiles and classes: numbers that can be looked up."""

import math

import pytest
import shapely

from geomath.classes import NO_VALUE, ZERO, quantile_classes
from geomath.crs import (
    VN2000_ZONES,
    in_vietnam,
    looks_swapped,
    read_crs,
    transformer,
    zone_of_province,
)  # fmt: skip
from geomath.distance import (
    area_m2,
    distance_m,
    length_m,
    metres_per_degree_lat,
    metres_per_degree_lon,
    perimeter_m,
)  # fmt: skip
from geomath.tiles import HALF_WORLD_3857, Tile, tile_at, tiles_covering


@pytest.mark.parametrize("lat_deg", [0.0, 8.6, 16.0, 23.3])
def test_local_scale_agrees_with_the_geodesic(lat_deg):
    north_south = distance_m(105, lat_deg - 0.005, 105, lat_deg + 0.005)
    east_west = distance_m(105, lat_deg, 105.01, lat_deg)

    assert metres_per_degree_lat(lat_deg) * 0.01 == pytest.approx(north_south, rel=1e-7)
    assert metres_per_degree_lon(lat_deg) * 0.01 == pytest.approx(east_west, rel=1e-7)


def test_measures_of_a_square_with_a_hole_and_of_mixed_shapes():
    outer, hole = shapely.box(105, 21, 105.01, 21.01), shapely.box(105.002, 21.002, 105.004, 21.004)
    pond, line = outer.difference(hole), shapely.LineString([(105, 21), (105.01, 21)])

    assert area_m2(pond) == pytest.approx(area_m2(outer) - area_m2(hole))
    assert area_m2(pond.reverse()) == pytest.approx(area_m2(pond))
    assert perimeter_m(pond) == pytest.approx(perimeter_m(outer) + perimeter_m(hole))
    assert length_m(line) == pytest.approx(distance_m(105, 21, 105.01, 21))
    mixed = shapely.GeometryCollection([pond, line, shapely.Point(105, 21)])
    assert (length_m(mixed), area_m2(mixed)) == (length_m(line), area_m2(pond))
    assert area_m2(shapely.Polygon()) == perimeter_m(shapely.Point(1, 1)) == length_m(pond) == 0


def test_every_listed_zone_is_vn_2000_with_the_meridian_it_claims():
    for zone in VN2000_ZONES:
        crs = read_crs(zone.epsg)
        assert crs.name.startswith("VN-2000")
        if zone.provinces:
            degrees, minutes = zone.meridian.rstrip("'").split("°")
            parameters = {item.name: item.value for item in crs.coordinate_operation.params}
            meridian = parameters["Longitude of natural origin"]
            assert meridian == pytest.approx(int(degrees) + int(minutes) / 60)
            assert parameters["Scale factor at natural origin"] == 0.9999
    named = [name for zone in VN2000_ZONES for name in zone.provinces]
    assert len(named) == len(set(named))


def test_provinces_find_their_zone():
    assert zone_of_province("bình phước ").epsg == 9212
    assert zone_of_province("Đồng Nai").epsg == 5899
    assert zone_of_province("Atlantis") is None


def test_axis_order_is_east_north_on_both_ends():
    lon, lat = transformer(9212).transform(550_000, 1_272_000)
    assert (lon, lat) == (pytest.approx(106.7101, abs=1e-4), pytest.approx(11.5018, abs=1e-4))
    assert transformer(4326, 3857).transform(105, 21)[0] == pytest.approx(
        105 / 180 * HALF_WORLD_3857
    )
    # the wrong meridian moves a point by 164 km, the datum alone by some 200 m
    wrong = transformer(5899).transform(550_000, 1_272_000)
    assert distance_m(lon, lat, *wrong) == pytest.approx(164_000, abs=1_000)
    moved = transformer(4756).transform(106.7, 11.5)
    assert 150 < distance_m(106.7, 11.5, *moved) < 300


def test_unknown_systems_are_refused_by_name():
    with pytest.raises(ValueError, match="'EPSG:999999' is not known"):
        transformer("EPSG:999999")


def test_swapped_axes_are_noticed_and_other_countries_are_not():
    assert looks_swapped(11.5, 106.9)
    assert not looks_swapped(106.9, 11.5)
    assert not looks_swapped(2.3, 48.9)
    assert not in_vietnam(math.nan, 11.5)


def test_tiles_know_their_bounds():
    assert Tile(0, 0, 0).bounds_3857 == pytest.approx(
        (-HALF_WORLD_3857, -HALF_WORLD_3857, HALF_WORLD_3857, HALF_WORLD_3857)
    )
    assert tile_at(105.85, 21.03, 10) == Tile(10, 813, 450)
    west, south, east, north = tile_at(105.85, 21.03, 10).bounds_deg
    assert west <= 105.85 < east
    assert south < 21.03 <= north
    project = transformer(4326, 3857).transform
    assert project(west, north) == pytest.approx(
        (Tile(10, 813, 450).bounds_3857[0], Tile(10, 813, 450).bounds_3857[3]), abs=1e-6
    )
    assert tile_at(180, -90, 3) == Tile(3, 7, 7)
    assert Tile(10, 813, 450).parent == Tile(9, 406, 225)
    assert Tile(0, 0, 0).parent == Tile(0, 0, 0)
    assert tiles_covering((-180, -80, 180, 80), 1) == [
        Tile(1, 0, 0), Tile(1, 1, 0), Tile(1, 0, 1), Tile(1, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("zxy", [(-1, 0, 0), (25, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_tiles_off_the_map_are_refused(zxy):
    with pytest.raises(ValueError, match=r"zoom|not on the map"):
        Tile(*zxy)


def test_positions_that_are_not_degrees_have_no_tile():
    with pytest.raises(ValueError, match="not in degrees"):
        tile_at(float("nan"), 21, 3)


def test_classes_of_even_numbers_print_the_values_they_hold():
    classes = quantile_classes(range(1, 11), k=5)

    assert classes.limits == ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10))
    assert classes.counts == (2, 2, 2, 2, 2)
    assert classes.index == (0, 0, 1, 1, 2, 2, 3, 3, 4, 4)


def test_zero_and_nothing_known_are_classes_of_their_own():
    classes = quantile_classes([0, None, math.nan, 3, 4], k=2)

    assert classes.index == (ZERO, NO_VALUE, NO_VALUE, 0, 1)
    assert (classes.zero_count, classes.no_value_count) == (1, 2)


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([7, 7, 7, 7], ((7, 7),)),
        ([0, 0, 0], ()),
        ([], ()),
        ([1, 5, 9], ((1, 1), (5, 5), (9, 9))),
        ([1, 1, 1, 1, 1, 1, 1, 2, 3, 4], ((1, 1), (2, 2), (3, 3), (4, 4))),
    ],
)
def test_ties_and_few_values_make_fewer_classes(values, limits):
    classes = quantile_classes(values, k=5)

    assert classes.limits == limits
    assert sum(classes.counts) + classes.zero_count == len(values)


def test_ties_are_never_split():
    classes = quantile_classes([1, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6, 7], k=3)

    assert len({classes.index[i] for i in range(1, 7)}) == 1
    with pytest.raises(ValueError, match=r"zero or more, got -1\.0"):
        quantile_classes([-1, 2])
    with pytest.raises(ValueError, match="at least one class"):
        quantile_classes([1], k=0)
