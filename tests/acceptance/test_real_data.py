"""The road of docs/howto/real-data.md, walked with its own commands on the real files.

Oracles: exactextract for people and children, shapely over the raw files for places. Neither reads
anything that the register has stored.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.db import connection
from shapely import STRtree

from hazards.models import DepthObservation, SafeguardObservation, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.reader import office_reader
from hazards.taxonomy import SEEN_GAPS, UNPROTECTED, Verdict
from maps.models import ExposureRun
from places.models import AdminUnit
from tests.acceptance.real_oracles import codes_in, is_near, make_children_raster, sums_of
from tests.acceptance.real_road import (
    DISTANCES_M,
    PROVINCE,
    PROVINCES,
    RASTER,
    Road,
    load_units,
    load_waters_and_people,
    verdicts_kept,
    work_out,
)
from tests.conftest import KEEP

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.acceptance,
    # rasterio and exactextract multiply affine transforms as affine 3 will not have it any more
    pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning"),
]

CHILDREN_TO_EXACTEXTRACT = 1e-3  # relative
PEOPLE_TO_EXACTEXTRACT = 1e-4
COMMUNES_TO_PROVINCE = 1e-4


# What a page would fetch by itself. A link to a source's licence is the reader's choice.
FETCHES = re.compile(
    r"""(?:\bsrc\s*=\s*["']?|<link\b[^>]*\bhref\s*=\s*["']?|\burl\(\s*["']?|@import\s+["']?
        |\bimport\b[^;\n]{0,80}["']|\bfetch\(\s*["'`])(?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)


@pytest.fixture(scope="module")
def road(
    shared_data: Path, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Road]:
    """Walk the whole road once, for good; take everything away again after the module."""
    walked = Road(shared_data, tmp_path_factory.mktemp("real-data"))
    with django_db_blocker.unblock():
        rows = connection.creation.serialize_db_to_string()
        try:
            load_units(walked)
            load_waters_and_people(walked)
            work_out(walked)
            yield walked
        finally:
            call_command("flush", verbosity=0, interactive=False, **KEEP)
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
            connection.creation.deserialize_db_from_string(rows)


# --- units ----------------------------------------------------------------------------------------


def test_95_communes_stand_under_the_province_in_one_tree(road: Road) -> None:
    province = AdminUnit.objects.current().get(code=PROVINCE)
    communes = AdminUnit.objects.current().filter(level="commune").order_by("tree_left")

    assert (communes.count(), {unit.parent_id for unit in communes}) == (95, {province.pk})
    assert set(communes.values_list("code", flat=True)) == set(road.communes)
    lefts = list(communes.values_list("tree_left", "tree_right"))
    assert all(province.tree_left < left <= right <= province.tree_right for left, right in lefts)
    assert all(right < left for (_, right), (left, _) in pairwise(lefts))
    outline = shapely.from_wkb(bytes(province.geometry.wkb))
    whole = shapely.unary_union(list(road.communes.values()))
    assert outline.symmetric_difference(whole).area / whole.area < 1e-4
    assert "151.84 km² lay on one side" in road.said["fit"]  # the province's own file is coarse


def test_old_binh_phuoc_loads_in_three_tiers_with_its_faults_named(road: Road) -> None:
    old = AdminUnit.objects.filter(boundary_set__name="vn-2024")
    districts = old.filter(level="district", parent__code="70")
    communes = old.filter(level="commune")

    assert districts.count() == 11
    assert communes.count() == 109
    # Phú Riềng, of 2015, is younger than these communes; but they are placed by today's districts
    assert set(communes.values_list("parent__code", flat=True)) == set(
        districts.values_list("code", flat=True)
    )
    said = road.said["old communes"]
    assert "111 rows; new 109, changed 0, unchanged 0, refused 2" in said
    assert "“Lộc Thạnh”: has no code" in said
    assert "“Lộc Thành”: has no code" in said
    assert re.search(r"To know \(\d+\):.*lies outside", said, re.DOTALL)


# --- waters ---------------------------------------------------------------------------------------


def test_every_water_lies_where_the_raw_files_say(road: Road) -> None:
    codes, outlines = zip(*road.communes.items(), strict=True)
    provinces = road.shapes(PROVINCES, "code")
    tree = STRtree(outlines)
    wrong = []
    for hazard in WaterHazard.objects.select_related("unit"):
        point = shapely.Point(hazard.location.x, hazard.location.y)
        inside = {codes[place] for place in tree.query(point, predicate="covered_by")}
        is_there = hazard.unit.code in inside if inside else is_near(hazard, point, road.communes,
                                                                      provinces)  # fmt: skip
        if not is_there:
            wrong.append((hazard.source_id, hazard.unit.code, inside))

    assert wrong == []
    taken = WaterHazard.objects.filter(unit__level="commune")
    assert Counter(taken.values_list("source", flat=True)) == {
        "mekong-dams-2020": 6,
        "osm-2016": 12,
    }


def test_what_was_not_taken_is_counted(road: Road) -> None:
    assert "279 rows; taken 279" in road.said["dams first"]
    osm = "11349 rows; taken 57, updated 0, unchanged 0, outside 11256, refused 36"
    assert osm in road.said["osm first"]
    assert 57 + 11_256 + 36 == 11_349
    assert "waterway=riverbank" in road.said["osm first"]


def test_importing_again_changes_nothing(road: Road) -> None:
    assert "taken 0, updated 0, unchanged 279" in road.said["dams again"]
    assert "taken 0, updated 0, unchanged 57" in road.said["osm again"]


def test_nobody_has_looked_so_nothing_is_compliant(road: Road) -> None:
    assert road.verdicts_unseen == {Verdict.NOT_SURVEYED: 335, Verdict.OUT_OF_SCOPE: 1}
    (left_out,) = WaterHazard.objects.filter(assessment__verdict=Verdict.OUT_OF_SCOPE)
    assert left_out.lifecycle == "planned"
    assert sum(unit["hazards"]["compliant"] for unit in road.unseen) == 0


# --- people and children --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def children_raster(road: Road) -> Path:
    return make_children_raster(road)


def _of_communes(figures: list[dict[str, Any]], key: str) -> dict[str, float]:
    return {unit["code"]: unit[key] for unit in figures if unit["level"] == "commune"}


def test_people_of_each_commune_agree_with_exactextract(road: Road) -> None:
    people = _of_communes(road.seen, "people_total")

    oracle = sums_of(road.data / RASTER, [road.communes[code] for code in people])

    np.testing.assert_allclose(list(people.values()), oracle, rtol=PEOPLE_TO_EXACTEXTRACT)


def test_children_of_each_commune_agree_with_exactextract(
    road: Road, children_raster: Path
) -> None:
    children = _of_communes(road.seen, "children_total")

    oracle = sums_of(children_raster, [road.communes[code] for code in children])

    np.testing.assert_allclose(list(children.values()), oracle, rtol=CHILDREN_TO_EXACTEXTRACT)


@pytest.mark.parametrize("key", ["people_total", "children_total"])
def test_the_communes_make_up_the_province(road: Road, children_raster: Path, key: str) -> None:
    communes = _of_communes(road.seen, key)
    (province,) = [unit for unit in road.seen if unit["level"] == "province"]
    outline = shapely.unary_union(list(road.communes.values()))
    raster = road.data / RASTER if key == "people_total" else children_raster

    (whole,) = sums_of(raster, [outline])

    assert sum(communes.values()) == pytest.approx(whole, rel=COMMUNES_TO_PROVINCE)
    assert province[key] == pytest.approx(sum(communes.values()), rel=1e-9)


def test_the_list_of_figures_has_the_promised_shape(road: Road) -> None:
    assert len(road.seen) == 96
    for unit in road.seen:
        assert {
            "code",
            "name",
            "people_total",
            "children_total",
            "children_exposed",
            "hazards",
        } <= (set(unit))
        assert tuple(unit["children_exposed"]) == DISTANCES_M
        near, far = unit["children_exposed"].values()
        assert 0 <= near <= far <= unit["children_total"] <= unit["people_total"]
        assert set(unit["hazards"]) == {*Verdict.values, "total"}
        assert (
            sum(unit["hazards"][verdict] for verdict in Verdict.values)
            == (unit["hazards"]["total"])
        )
    assert road.seen[0]["hazards"]["total"] == 18


def test_looking_can_only_take_waters_off_the_list_of_the_unprotected(road: Road) -> None:
    for before, after in zip(road.unseen, road.seen, strict=True):
        assert before["code"] == after["code"]
        assert before["children_total"] == after["children_total"]
        for metres in DISTANCES_M:
            assert after["children_exposed"][metres] <= before["children_exposed"][metres] + 1e-6
    assert 0 < road.unseen[0]["children_exposed"]["200"] < 200  # 18 waters, thinly settled


def test_the_run_says_what_it_rests_on(road: Road) -> None:
    run = ExposureRun.objects.filter(unit__code=PROVINCE).first()

    assert run is not None
    assert run.facts["checks"]["people_in_overlaps"] == 0
    assert run.facts["checks"]["hazards_off_the_raster"] == 0
    assert run.facts["child_shares"]["is_estimate"]


# --- invented observations ------------------------------------------------------------------------


def test_every_invented_record_says_so(road: Road) -> None:
    for model in (SafeguardObservation, DepthObservation):
        said = set(model.objects.values_list("is_synthetic", "source_kind", "note"))
        assert said == {(True, "invented", "Ghi nhận giả để thử nghiệm, không có thật")}
    told = SafeguardObservation.objects.values("hazard").distinct().count()
    assert told == 200
    assert all(verdicts_kept()[verdict] for verdict in (*UNPROTECTED, Verdict.COMPLIANT))


def test_the_same_seed_tells_the_same_again(road: Road) -> None:
    def story() -> list[tuple[Any, ...]]:
        keys = (
            "hazard__source",
            "hazard__source_id",
            "duty",
            "state",
            "observed_on",
            "source_uuid",
        )
        return sorted(SafeguardObservation.objects.values_list(*keys))

    before = story()
    road.run("repeat", "invent_observations", "--count=200", "--seed=7", "--lang=en")
    assert "for 0 hazards (200 had theirs before): 0 records" in road.said["repeat"]
    SafeguardObservation.objects.all().delete()
    DepthObservation.objects.all().delete()
    road.run("anew", "invent_observations", "--count=200", "--seed=7", "--lang=en")

    assert story() == before


# --- what is taken away ---------------------------------------------------------------------------


def test_lists_and_map_say_whose_observations_are_invented(road: Road, tmp_path: Path) -> None:
    told = set(SafeguardObservation.objects.values_list("hazard__code", flat=True))
    output = tmp_path / "list.geojson"
    call_command("export_noncompliances", f"--unit={PROVINCE}", "--format=geojson",
                 f"--output={output}", "--verdict", *Verdict.values,
                 stdout=io.StringIO())  # fmt: skip

    features = json.loads(output.read_text(encoding="utf-8"))["features"]
    marked = {
        feature["properties"]["code"]
        for feature in features
        if feature["properties"]["has_invented_observations"]
    }
    assert marked == told & set(codes_in(output))
    assert not any(feature["properties"]["is_synthetic"] for feature in features)
    html = (road.out / "coverage.html").read_text(encoding="utf-8")
    assert f"{len(marked)} of 18 hazards, or what was seen of them, are invented" in html


@pytest.mark.parametrize("unit", [PROVINCE, "14"])  # 14 Sơn La: many dams, no communes loaded
@pytest.mark.parametrize("verdicts", [SEEN_GAPS, UNPROTECTED])
def test_the_three_files_hold_the_rows_of_the_list(
    road: Road, unit: str, verdicts: tuple[Verdict, ...], tmp_path: Path
) -> None:
    place = AdminUnit.objects.current().get(code=unit)
    asked = HazardFilter(unit=place, verdicts=tuple(map(str, verdicts)), sort="children")
    expected = [row.hazard.code for row in rows_for(office_reader(), asked).stream()]

    for kind in ("csv", "xlsx", "geojson"):
        output = tmp_path / f"list.{kind}"
        told = io.StringIO()
        call_command("export_noncompliances", f"--unit={unit}", f"--format={kind}", "--lang=en",
                     f"--output={output}", "--verdict", *asked.verdicts, stdout=told)  # fmt: skip
        assert codes_in(output) == expected
        assert f"Hazards written: {len(expected)} of" in told.getvalue()
    assert expected


def test_the_coverage_map_names_no_outside_file(road: Road) -> None:
    html = (road.out / "coverage.html").read_text(encoding="utf-8")

    assert FETCHES.findall(html) == []
    assert "Đồng Nai" in html


@pytest.mark.browser
def test_the_coverage_map_opens_from_a_file_and_asks_nobody(road: Road, open_context: Any) -> None:
    asked: list[str] = []
    errors: list[str] = []
    context = open_context(language="en", offline=True)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto((road.out / "coverage.html").as_uri())
    page.wait_for_selector(".leaflet-overlay-pane path")

    assert page.locator(".leaflet-overlay-pane path").count() >= 95
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
