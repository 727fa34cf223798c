"""Children near unprotected water, on rasters small enough to work out by hand."""

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import LineString
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomath.distance import metres_per_degree_lon
from hazards.models import HazardAssessment
from hazards.services.assessment import assess
from maps.models import ExposureRun, UnitExposure
from maps.services.exposure import run_exposure
from maps.services.scene import RunRequest
from tests.factories.exposure import PEOPLE, SHARE, disk_share, run, two_communes
from tests.factories.maps import (
    CELL,
    NORTH,
    at_cell,
    box_of_cells,
    give_share,
    make_dataset,
    make_hazard,
    make_set,
    make_unit,
    observe,
    write_raster,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(tmp_path):
    return two_communes(tmp_path)


def test_people_and_children_are_shared_between_units_by_area(province, capsys):
    found = run(capsys, "--within", "200")

    # middle column 200 + 500 + 800, half of it on either side
    assert found["00001"]["people_total"] == pytest.approx(1200 + 750, rel=1e-9)
    assert found["00002"]["people_total"] == pytest.approx(1800 + 750, rel=1e-9)
    assert found["00001"]["children_total"] == pytest.approx(0.25 * 1950, rel=1e-9)
    assert found["75"]["children_total"] == pytest.approx(0.25 * 4500, rel=1e-9)
    assert set(found["75"]) == {
        "code", "name", "level", "people_total", "children_total", "children_exposed",
        "children_official", "children_exposed_adjusted", "children_exposed_by_group", "hazards",
    }  # fmt: skip


def test_a_point_reaches_the_part_of_its_cell_within_the_distance(province, capsys):
    make_hazard(province["west"], at_cell(0, 0))

    found = run(capsys, "--within", "200", "--within", "500")

    for metres in (200, 500):
        expected = 100 * SHARE * disk_share(0, metres)
        assert found["00001"]["children_exposed"][str(metres)] == pytest.approx(expected, rel=5e-3)
    assert found["00002"]["children_exposed"]["200"] == 0


def test_two_waters_at_one_place_count_each_child_once(province, capsys):
    make_hazard(province["west"], at_cell(0, 0))
    once = run(capsys, "--within", "200")["75"]["children_exposed"]["200"]
    make_hazard(province["west"], at_cell(0, 0))

    assert run(capsys, "--within", "200")["75"]["children_exposed"]["200"] == once


def test_water_across_the_border_counts_where_the_children_live(province, capsys):
    """The border halves the middle column; inside a cell people are taken as even."""
    make_hazard(province["west"], at_cell(1, 0.9))

    found = run(capsys, "--within", "200")

    whole = 500 * SHARE * disk_share(1, 200)
    west, east = (found[code]["children_exposed"]["200"] for code in ("00001", "00002"))
    assert west == pytest.approx(whole / 2, rel=5e-3)
    assert east == pytest.approx(whole / 2, rel=5e-3)
    assert found["75"]["children_exposed"]["200"] == pytest.approx(west + east, rel=1e-12)
    assert found["00002"]["hazards"]["total"] == 0


def test_a_run_for_one_unit_still_sees_water_outside_it(province, capsys):
    make_hazard(province["west"], at_cell(1, 0.9))
    whole = run(capsys, "--within", "200")

    part = run(capsys, "--within", "200", "--unit", "00002")

    assert list(part) == ["00002"]
    assert part["00002"] == whole["00002"]
    assert ExposureRun.objects.first().unit == province["east"]


def test_lines_count_along_their_whole_length(province, capsys):
    canal = LineString(at_cell(0, 0).coords, at_cell(2, 0).coords, srid=4326)
    make_hazard(province["west"], canal, kind="canal")

    found = run(capsys, "--within", "200")

    # a strip of 400 m through rows 0 to 2 in column 0, with a half circle at either end
    width = 400 / (float(metres_per_degree_lon(NORTH - 1.5 * CELL)) * CELL)
    caps = (100 + 700) * disk_share(1, 200) / 2
    expected = SHARE * (width * (100 / 2 + 400 + 700 / 2) + caps)
    assert found["75"]["children_exposed"]["200"] == pytest.approx(expected, rel=5e-3)


def test_only_what_is_seen_to_be_safe_leaves_the_figure(province, capsys):
    today = timezone.localdate()
    pond = make_hazard(province["west"], at_cell(0, 0))
    unknown = run(capsys, "--within", "200")["00001"]

    observe(pond, today - timedelta(days=9), sign="present", barrier="missing")
    partly = run(capsys, "--within", "200")["00001"]
    observe(pond, today, sign="present", barrier="present")
    safe = run(capsys, "--within", "200")["00001"]

    assert unknown["hazards"]["not_surveyed"] == unknown["hazards"]["total"] == 1
    assert unknown["children_exposed_by_group"]["not_surveyed"]["200"] > 0
    assert unknown["children_exposed_by_group"]["gap"]["200"] == 0
    assert partly["children_exposed"] == unknown["children_exposed"]
    assert partly["children_exposed_by_group"]["gap"] == partly["children_exposed"]
    assert partly["children_exposed_by_group"]["not_surveyed"]["200"] == 0
    assert safe["children_exposed"]["200"] == 0
    assert safe["hazards"]["compliant"] == 1


def test_evidence_that_has_expired_counts_as_unprotected_and_is_shown_apart(province, capsys):
    pond = make_hazard(province["west"], at_cell(0, 0))
    observe(pond, timezone.localdate() - timedelta(days=800), sign="present", barrier="present")

    found = run(capsys, "--within", "200")["00001"]

    assert found["hazards"]["expired"] == 1
    assert found["children_exposed_by_group"]["expired"] == found["children_exposed"]
    assert found["children_exposed"]["200"] > 0


def test_a_past_date_takes_what_was_known_then(province, capsys):
    pond = make_hazard(province["west"], at_cell(0, 0), registered_on=date(2024, 1, 1))
    observe(pond, date(2026, 6, 1), sign="present", barrier="present")

    before = run(capsys, "--within", "200", "--as-of", "2026-05-31")["00001"]
    after = run(capsys, "--within", "200", "--as-of", "2026-06-01")["00001"]

    assert before["children_exposed"]["200"] > 0
    assert after["children_exposed"]["200"] == 0


def test_groups_overlap_and_their_union_does_not(province, capsys):
    make_hazard(province["west"], at_cell(0, 0))
    gap = make_hazard(province["west"], at_cell(0, 0))
    observe(gap, timezone.localdate(), sign="missing", barrier="missing")

    found = run(capsys, "--within", "200")["00001"]

    groups = found["children_exposed_by_group"]
    assert groups["gap"] == groups["not_surveyed"] == found["children_exposed"]


def test_cells_on_a_border_mix_shares_by_area_and_bare_ones_take_the_nearest(tmp_path, capsys):
    boundary_set = make_set()
    all_cells = make_unit(boundary_set, "1", box_of_cells(0, 1, 0, 3))
    old = make_set("old", is_current=False)
    dataset = make_dataset(tmp_path, [[100, 100, 100]])
    give_share(dataset, make_unit(old, "A", box_of_cells(0, 1, 0, 0.75)), 0.2)
    give_share(dataset, make_unit(old, "B", box_of_cells(0, 1, 0.75, 1.5)), 0.4)

    found = run(capsys, "--within", "200")["1"]

    # cell 0: 0.75 x 0.2 + 0.25 x 0.4; cell 1: B alone, though it covers half; cell 2: nearest, B
    assert found["children_total"] == pytest.approx(100 * (0.25 + 0.4 + 0.4), rel=1e-9)
    checks = ExposureRun.objects.first().facts["checks"]
    assert checks["cells_with_nearest_share"] == 1
    assert checks["people_with_nearest_share"] == 100
    dataset.default_child_share = 0.1
    dataset.save()
    assert run(capsys, "--within", "200")["1"]["children_total"] == pytest.approx(75, rel=1e-9)
    assert all_cells.code == "1"


def test_bands_add_up_to_under_16_without_any_share(tmp_path, capsys):
    make_unit(make_set(), "1", box_of_cells(0, 1, 0, 1))
    files = [
        write_raster(tmp_path / f"vnm_t_{age}_2020.tif", [[people]])
        for age, people in {0: 1, 1: 4, 5: 10, 10: 20, 15: 50}.items()
    ]
    call_command("load_population", *map(str, files))

    found = run(capsys, "--within", "200")["1"]

    assert found["children_total"] == 1 + 4 + 10 + 20 + 50 / 5
    assert found["people_total"] is None


def test_the_run_keeps_what_it_rests_on(province, capsys):
    make_hazard(province["west"], at_cell(0, 0))
    run(capsys, "--within", "200", "--within", "500")

    kept = ExposureRun.objects.get()
    raster = province["dataset"].rasters.get()
    assert kept.state == "done"
    assert kept.facts["rasters"] == {raster.filename: raster.sha256}
    assert kept.facts["boundary_set"] == "now"
    assert kept.facts["hazards"] == {"not_surveyed": 1}
    assert any(rule.startswith("deep-water") for rule in kept.facts["rules"])
    assert kept.registry_revision
    assert UnitExposure.objects.filter(run=kept).count() == 3 * 2


def test_hazards_off_the_raster_are_counted_and_said(province, capsys):
    make_hazard(province["west"], at_cell(30, 30))

    found = run(capsys, "--within", "200")

    assert found["75"]["children_exposed"]["200"] == 0
    assert ExposureRun.objects.get().facts["checks"]["hazards_off_the_raster"] == 1


def test_units_the_raster_does_not_reach_have_nobody_and_are_named(province, capsys):
    make_unit(province["set"], "00003", box_of_cells(10, 11, 10, 11), parent=province["top"])

    found = run(capsys, "--within", "200")

    assert found["00003"]["people_total"] == 0
    assert ExposureRun.objects.get().facts["checks"]["units_beyond_the_raster"] == ["00003"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--within", "0"], "0 m cannot be used: give distances from 20 to 5000 m"),
        (["--within", "100000"], "100000 m cannot be used"),
        (["--within", "200", "--unit", "99"], "no unit with code 99 in the boundary set now"),
        (["--within", "200", "--set", "then"], "no boundary set (then)"),
        (["--within", "200", "--level", "hamlet"], "no units of level hamlet"),
        (["--within", "200", "--dataset", "none"], "no population dataset to count with (none)"),
    ],
)
def test_what_cannot_be_worked_out_says_why(province, arguments, words):
    with pytest.raises(CommandError) as caught:
        call_command("run_exposure", *arguments)
    assert words in str(caught.value)
    assert not ExposureRun.objects.exists()


def test_without_set_dataset_or_shares_each_says_what_to_load(tmp_path):
    with pytest.raises(CommandError, match="load_units"):
        call_command("run_exposure", "--within", "200")
    make_unit(make_set(), "1", box_of_cells(0, 1, 0, 1))
    with pytest.raises(CommandError, match="load_population"):
        call_command("run_exposure", "--within", "200")
    make_dataset(tmp_path, PEOPLE)
    with pytest.raises(CommandError, match="load_child_shares CSV --dataset people"):
        call_command("run_exposure", "--within", "200")


def test_a_unit_without_outlines_is_refused_by_name(province):
    make_unit(province["set"], "00009", None, parent=province["top"])

    with pytest.raises(CommandError, match="Xã 00009: no outline is known"):
        call_command("run_exposure", "--within", "200", "--unit", "00009")


places = st.tuples(st.floats(-0.4, 2.4), st.floats(-0.4, 2.4))


@given(waters=st.lists(places, min_size=1, max_size=4))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_parts_make_the_whole_and_farther_never_means_fewer(province, waters):
    from hazards.models import WaterHazard

    HazardAssessment.objects.all().delete()
    WaterHazard.objects.all().delete()
    for row, col in waters:
        make_hazard(province["west"], at_cell(row, col))
    assess()

    _run, figures = run_exposure(request=RunRequest(distances_m=(100, 200, 500)))

    by_code = {found.unit.code: found for found in figures}
    for key, value in by_code["75"].exposed.items():
        parts = by_code["00001"].exposed[key] + by_code["00002"].exposed[key]
        assert value == pytest.approx(parts, rel=1e-9, abs=1e-12)
    near = [by_code["75"].exposed["any", metres] for metres in (100, 200, 500)]
    assert near == sorted(near)
    assert near[-1] <= by_code["75"].children + 1e-9
