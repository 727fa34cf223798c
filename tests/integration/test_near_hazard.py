"""Children round one water by distance, worked out by hand, and who may ask."""

import math

import pytest
from django.urls import reverse

from accounts.roles import Role
from maps.services.near_hazard import near_hazard
from tests.factories.accounts import user_with_role
from tests.factories.exposure import SHARE, disk_share, two_communes
from tests.factories.maps import at_cell, give_share, make_dataset, make_hazard

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(tmp_path):
    return two_communes(tmp_path)


def near(hazard):
    return {band.metres: band for band in near_hazard(hazard).bands}


def test_cells_of_a_kilometre_answer_for_half_a_kilometre_and_for_nothing_less(province):
    found = near_hazard(make_hazard(province["west"], at_cell(0, 0)))

    assert [band.metres for band in found.bands] == [500, 1000]
    assert found.too_fine_m == [50, 100, 200]
    assert found.bands[0].children == pytest.approx(100 * SHARE * disk_share(0, 500), rel=5e-3)
    assert (found.bands[0].low, found.error_m) == (None, None)


def test_an_unsure_position_gives_a_range_that_holds_every_place_it_may_be(province):
    spot = at_cell(0, 0.05)
    band = near(make_hazard(province["west"], spot, position_accuracy_m=60.0))[500]

    assert band.low == pytest.approx(100 * SHARE * disk_share(0, 440), rel=5e-3)
    assert band.low < band.children < band.high
    for east in (-60, 60):
        moved = at_cell(0, 0.05 + east / 1080)
        assert band.low < near(make_hazard(province["west"], moved))[500].children < band.high


def test_other_waters_near_change_nothing_and_far_from_the_raster_there_is_nobody(province):
    pond = make_hazard(province["west"], at_cell(0, 0))
    alone = near(pond)[500].children
    make_hazard(province["west"], at_cell(0, 0))
    assert near(pond)[500].children == alone
    assert near(make_hazard(province["west"], at_cell(30, 30)))[1000].children == 0


def test_shares_that_changed_count_at_once(province, tmp_path):
    pond = make_hazard(province["west"], at_cell(0, 0))
    before = near(pond)[500].children
    province["dataset"].child_shares.all().delete()
    for unit in ("west", "east"):
        give_share(province["dataset"], province[unit], SHARE / 2)
    assert near(pond)[500].children == pytest.approx(before / 2)
    newer = make_dataset(tmp_path, [[200, 200, 300]] * 3, name="newer")
    give_share(newer, province["west"], SHARE)
    assert math.isclose(near(pond)[500].children, 2 * before, rel_tol=1e-6)


@pytest.mark.parametrize(
    ("house_m", "words"),
    [
        (None, "nobody has measured how far the nearest house is"),
        (12, "the nearest house stands 12 m away"),
        (80, "no house so near; the nearest stands 80 m away"),
    ],
)
def test_twenty_metres_are_answered_by_houses(province, client, house_m, words):
    pond = make_hazard(province["west"], at_cell(0, 0), nearest_house_m=house_m)
    client.force_login(user_with_role(Role.PLANNER, province["west"]))
    page = client.get(reverse("maps:near_hazard", args=[pond.code]))
    assert words in page.content.decode().replace("\xa0", " ")


def test_the_water_of_another_area_is_not_there(province, client):
    pond = make_hazard(province["west"], at_cell(0, 0))
    client.force_login(user_with_role(Role.PLANNER, province["east"]))
    assert client.get(reverse("maps:near_hazard", args=[pond.code])).status_code == 404


def test_without_people_to_count_the_panel_is_empty(province, client):
    pond = make_hazard(province["west"], at_cell(0, 0))
    province["dataset"].child_shares.all().delete()
    client.force_login(user_with_role(Role.PLANNER, province["west"]))
    assert client.get(reverse("maps:near_hazard", args=[pond.code])).content == b""
