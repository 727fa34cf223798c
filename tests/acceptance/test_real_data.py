"""The road of docs/howto/real-data.md, walked with its own commands on the real files.

Oracles: exactextract for people and children, shapely over the raw files for places. Neither reads
anything that the register has stored.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import rasterio.windows
import shapely
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from shapely import STRtree

from hazards.models import DepthObservation, SafeguardObservation, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.reader import office_reader
from hazards.taxonomy import SEEN_GAPS, UNPROTECTED, Verdict
from maps.models import ExposureRun
from places.models import AdminUnit
from tests.conftest import KEEP

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.acceptance,
    # rasterio and exactextract multiply affine transforms as affine 3 will not have it any more
    pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning"),
]

PROVINCE = "75"  # Thành phố Đồng Nai
DISTANCES_M = ("200", "500")
CHILDREN_TO_EXACTEXTRACT = 1e-3  # relative
PEOPLE_TO_EXACTEXTRACT = 1e-4
COMMUNES_TO_PROVINCE = 1e-4
NEAR_KM = 10

RASTER = "rasters/vnm_ppp_2020_1km_Aggregated_UNadj.tif"
COMMUNES = "admin/new/dong_nai_communes_full.geojson.gz"
PROVINCES = "admin/new/provinces_2026.geojson.gz"
DISTRICTS = "admin/old/districts_692.geojson.gz"
CENSUS = "population/census2019_district_age.csv.gz"

NEW = ["--set=vn-2025", "--valid-from=2025-07-01", "--code-field=code", "--name-field=name",
       "--full-name-field=full_name"]  # fmt: skip
OLD = ["--set=vn-2024", "--valid-from=2015-01-01", "--valid-to=2025-07-01"]
DAMS = ["water/mekong_hydropower_dams_2020.geojson.gz", "--source=mekong-dams-2020", "--crs=file",
        "--where=Country=Vietnam", "--kind=reservoir_hydro", "--name-field=Project Name",
        "--lifecycle-field=Status", "--outside=skip"]  # fmt: skip
OSM = ["water/cambodia_water_bodies_osm_shp.zip", "--source=osm-2016", "--crs=file", "--osm",
       "--outside=skip", f"--near-km={NEAR_KM}", "--accept-good"]  # fmt: skip

# What a page would fetch by itself. A link to a source's licence is the reader's choice.
FETCHES = re.compile(
    r"""(?:\bsrc\s*=\s*["']?|<link\b[^>]*\bhref\s*=\s*["']?|\burl\(\s*["']?|@import\s+["']?
        |\bimport\b[^;\n]{0,80}["']|\bfetch\(\s*["'`])(?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass
class Road:
    """The files, what each command printed, and the figures before and after the invention."""

    data: Path
    out: Path
    said: dict[str, str] = field(default_factory=dict)
    unseen: list[dict[str, Any]] = field(default_factory=list)
    verdicts_unseen: Counter[str] = field(default_factory=Counter)
    seen: list[dict[str, Any]] = field(default_factory=list)

    def run(self, step: str, command: str, *words: str) -> str:
        told = io.StringIO()
        given = [str(self.data / word) if "/" in word else word for word in words]
        lang = ["--lang=en"] if command in {"load_units", "import_hazards", "fit_outlines"} else []
        call_command(command, *given, *lang, stdout=told, stderr=told)
        self.said[step] = told.getvalue()
        return self.said[step]

    def shapes(self, file: str, code: str) -> dict[str, Any]:
        """Return {code: outline} of a raw file."""
        meta, _ids, wkb, columns = pyogrio.raw.read(f"/vsigzip/{self.data / file}")
        codes = columns[list(meta["fields"]).index(code)]
        return dict(zip(map(str, codes), shapely.from_wkb(wkb), strict=True))

    @cached_property
    def communes(self) -> dict[str, Any]:
        return self.shapes(COMMUNES, "code")


@pytest.fixture(scope="module")
def road(
    shared_data: Path, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Road]:
    """Walk the whole road once, for good; take everything away again after the module."""
    walked = Road(shared_data, tmp_path_factory.mktemp("real-data"))
    with django_db_blocker.unblock():
        rows = connection.creation.serialize_db_to_string()
        try:
            _load_units(walked)
            _load_waters_and_people(walked)
            _work_out(walked)
            yield walked
        finally:
            call_command("flush", verbosity=0, interactive=False, **KEEP)
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
            connection.creation.deserialize_db_from_string(rows)


def _load_units(road: Road) -> None:
    road.run("provinces", "load_units", PROVINCES, "--level=province", *NEW)
    road.run(
        "communes", "load_units", COMMUNES, "--level=commune", "--parent-field=province_code", *NEW
    )
    road.run("fit", "fit_outlines", "--set=vn-2025", "--level=province", f"--code={PROVINCE}")
    road.run(
        "old provinces", "load_units", "admin/old/provinces_62of63.geojson.gz", "--level=province",
        "--code-field=province_code", "--name-field=name", *OLD,
    )  # fmt: skip
    road.run(
        "old districts", "load_units", DISTRICTS, "--level=district",
        "--parent-field=province_code", "--code-field=district_code", "--name-field=name", *OLD,
    )  # fmt: skip
    road.run(
        "old communes", "load_units", "admin/old/binh_phuoc_communes_c2010.geojson.gz",
        "--level=commune", "--parent-level=district", "--code-field=gso_code_2019",
        "--name-field=commune", "--accept-good", *OLD,
    )  # fmt: skip


def _load_waters_and_people(road: Road) -> None:
    for step in ("first", "again"):
        road.run(f"dams {step}", "import_hazards", *DAMS)
        road.run(f"osm {step}", "import_hazards", *OSM)
    road.run("raster", "load_population", RASTER, "--name=vnm-2020", "--current")
    road.run(
        "shares", "load_child_shares", CENSUS, "--dataset=vnm-2020", "--set=vn-2024",
        "--level=district", "--code-field=district_code_2019", "--under15-field=pop_0_14",
        "--age15to19-field=all_15-19", "--total-field=total", "--source=Tổng điều tra 2019",
    )  # fmt: skip


def _work_out(road: Road) -> None:
    exposure = ["run_exposure", *(f"--within={metres}" for metres in DISTANCES_M)]
    road.run("assess", "assess_compliance")
    of_province = [*exposure, f"--unit={PROVINCE}", "--json"]
    road.unseen = json.loads(road.run("figures unseen", *of_province))
    road.verdicts_unseen = _verdicts()
    road.run("invent", "invent_observations", "--count=200", "--seed=7")
    road.run("figures of the country", *exposure)
    road.seen = json.loads(road.run("figures seen", *of_province))
    html = road.out / "coverage.html"
    call_command("render_coverage_map", f"--unit={PROVINCE}", f"--output={html}", "--lang=en",
                 stdout=io.StringIO())  # fmt: skip


def _verdicts() -> Counter[str]:
    counted = WaterHazard.objects.values_list("assessment__verdict").annotate(n=Count("pk"))
    return Counter(dict(counted.order_by()))


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
        is_there = hazard.unit.code in inside if inside else _is_near(hazard, point, road.communes,
                                                                      provinces)  # fmt: skip
        if not is_there:
            wrong.append((hazard.source_id, hazard.unit.code, inside))

    assert wrong == []
    taken = WaterHazard.objects.filter(unit__level="commune")
    assert Counter(taken.values_list("source", flat=True)) == {
        "mekong-dams-2020": 6,
        "osm-2016": 12,
    }


def _is_near(hazard: WaterHazard, point: Any, communes: Any, provinces: Any) -> bool:
    """In no commune: then in the outline of its province, or as near to its unit as was allowed."""
    unit = hazard.unit
    outline = communes[unit.code] if unit.level == "commune" else provinces[unit.code]
    if outline.covers(point):
        return unit.level == "province"
    far_km = outline.distance(point) * 111.4  # a degree is at most that long here
    others = [*communes.values(), *(p for code, p in provinces.items() if code != PROVINCE)]
    nearest = STRtree(others).nearest(point)
    is_nearest = outline.distance(point) <= others[nearest].distance(point) * 1.1
    return hazard.source == "osm-2016" and far_km < NEAR_KM * 1.05 and is_nearest


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


def _zonal(raster: Any, shapes: list[Any], ops: list[str]) -> list[dict[str, Any]]:
    import exactextract

    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    found = exactextract.exact_extract(raster, features, ops)
    return [row["properties"] for row in found]


def _sums(path: Path, shapes: list[Any]) -> np.ndarray:
    with rasterio.open(path) as source:
        return np.array([row["sum"] for row in _zonal(source, shapes, ["sum"])])


def _census_shares(path: Path) -> dict[str, float]:
    shares = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            bands = [row["total"], row["pop_0_14"], row["all_15-19"]]
            if row["district_code_2019"] and all(bands):
                total, under_15, to_19 = map(float, bands)
                shares[row["district_code_2019"]] = (under_15 + to_19 / 5) / total
    return shares


@pytest.fixture(scope="module")
def children_raster(road: Road) -> Path:
    """Return people times the share of children, cell by cell, around the province.

    On a border between districts: the mean of their shares by the parts of the cell. In no
    district: the share of the nearest.
    """
    shares = _census_shares(road.data / CENSUS)
    districts = {
        code: shape for code, shape in road.shapes(DISTRICTS, "district_code").items()
        if code in shares
    }  # fmt: skip
    west, south, east, north = shapely.unary_union(list(road.communes.values())).bounds
    with rasterio.open(road.data / RASTER) as source:
        window = rasterio.windows.from_bounds(
            west - 0.05, south - 0.05, east + 0.05, north + 0.05, source.transform
        ).round_offsets().round_lengths()  # fmt: skip
        people = source.read(1, window=window).astype("float64")
        people[people == source.nodata] = np.nan
        transform = source.window_transform(window)
        profile = source.profile | {
            "dtype": "float64", "nodata": np.nan, "transform": transform,
            "height": people.shape[0], "width": people.shape[1],
        }  # fmt: skip
    path = road.out / "children.tif"
    with rasterio.open(path, "w", **profile) as target:
        target.write(people, 1)
    share = _share_of_cells(path, people.shape, transform, districts, shares)
    with rasterio.open(path, "r+") as target:
        target.write(people * share, 1)
    return path


def _share_of_cells(
    path: Path, shape: Any, transform: Any, districts: dict[str, Any], shares: dict[str, float]
) -> np.ndarray:
    codes, outlines = list(districts), np.array(list(districts.values()), dtype=object)
    box = shapely.box(*rasterio.transform.array_bounds(*shape, transform))
    near = np.flatnonzero(shapely.intersects(outlines, box))
    cover, weighted = np.zeros(shape), np.zeros(shape)
    with rasterio.open(path) as source:
        parts = _zonal(source, list(outlines[near]), ["cell_id", "coverage"])
    for place, part in zip(near, parts, strict=True):
        cells = np.asarray(part["cell_id"], dtype=int)
        np.add.at(cover.reshape(-1), cells, part["coverage"])
        weight = np.asarray(part["coverage"]) * shares[codes[place]]
        np.add.at(weighted.reshape(-1), cells, weight)
    share = np.divide(weighted, cover, out=np.full(shape, np.nan), where=cover > 0)
    tree = STRtree(outlines)
    for row, col in zip(*np.nonzero(cover == 0), strict=True):
        centre = shapely.Point(*rasterio.transform.xy(transform, row, col))
        share[row, col] = shares[codes[tree.nearest(centre)]]
    return share


def _of_communes(figures: list[dict[str, Any]], key: str) -> dict[str, float]:
    return {unit["code"]: unit[key] for unit in figures if unit["level"] == "commune"}


def test_people_of_each_commune_agree_with_exactextract(road: Road) -> None:
    people = _of_communes(road.seen, "people_total")

    oracle = _sums(road.data / RASTER, [road.communes[code] for code in people])

    np.testing.assert_allclose(list(people.values()), oracle, rtol=PEOPLE_TO_EXACTEXTRACT)


def test_children_of_each_commune_agree_with_exactextract(
    road: Road, children_raster: Path
) -> None:
    children = _of_communes(road.seen, "children_total")

    oracle = _sums(children_raster, [road.communes[code] for code in children])

    np.testing.assert_allclose(list(children.values()), oracle, rtol=CHILDREN_TO_EXACTEXTRACT)


@pytest.mark.parametrize("key", ["people_total", "children_total"])
def test_the_communes_make_up_the_province(road: Road, children_raster: Path, key: str) -> None:
    communes = _of_communes(road.seen, key)
    (province,) = [unit for unit in road.seen if unit["level"] == "province"]
    outline = shapely.unary_union(list(road.communes.values()))
    raster = road.data / RASTER if key == "people_total" else children_raster

    (whole,) = _sums(raster, [outline])

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
        assert said == {(True, "invented", "Quan sát bịa để thử, không có thật")}
    told = SafeguardObservation.objects.values("hazard").distinct().count()
    assert told == 200
    assert all(_verdicts()[verdict] for verdict in (*UNPROTECTED, Verdict.COMPLIANT))


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


def _codes_in(path: Path) -> list[str]:
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        return [row["Code"] for row in rows]
    if path.suffix == ".geojson":
        found = json.loads(path.read_text(encoding="utf-8"))
        assert found["count"] == len(found["features"])
        return [feature["properties"]["code"] for feature in found["features"]]
    cells = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_col=2, max_col=2)
    return [cell.value for (cell,) in cells if str(cell.value).startswith("AT-")]


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
    assert marked == told & set(_codes_in(output))
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
        assert _codes_in(output) == expected
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
