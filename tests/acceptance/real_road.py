"""The steps of docs/howto/real-data.md, by its own commands, for test_real_data.py."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from django.core.management import call_command
from django.db.models import Count

from hazards.models import WaterHazard

PROVINCE = "75"  # Thành phố Đồng Nai
DISTANCES_M = ("200", "500")
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


def load_units(road: Road) -> None:
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


def load_waters_and_people(road: Road) -> None:
    for step in ("first", "again"):
        road.run(f"dams {step}", "import_hazards", *DAMS)
        road.run(f"osm {step}", "import_hazards", *OSM)
    road.run("raster", "load_population", RASTER, "--name=vnm-2020", "--current")
    road.run(
        "shares", "load_child_shares", CENSUS, "--dataset=vnm-2020", "--set=vn-2024",
        "--level=district", "--code-field=district_code_2019", "--under15-field=pop_0_14",
        "--age15to19-field=all_15-19", "--total-field=total", "--source=Tổng điều tra 2019",
    )  # fmt: skip


def work_out(road: Road) -> None:
    exposure = ["run_exposure", *(f"--within={metres}" for metres in DISTANCES_M)]
    road.run("assess", "assess_compliance")
    of_province = [*exposure, f"--unit={PROVINCE}", "--json"]
    road.unseen = json.loads(road.run("figures unseen", *of_province))
    road.verdicts_unseen = verdicts_kept()
    road.run("invent", "invent_observations", "--count=200", "--seed=7")
    road.run("figures of the country", *exposure)
    road.seen = json.loads(road.run("figures seen", *of_province))
    html = road.out / "coverage.html"
    call_command("render_coverage_map", f"--unit={PROVINCE}", f"--output={html}", "--lang=en",
                 stdout=io.StringIO())  # fmt: skip


def verdicts_kept() -> Counter[str]:
    counted = WaterHazard.objects.values_list("assessment__verdict").annotate(n=Count("pk"))
    return Counter(dict(counted.order_by()))
