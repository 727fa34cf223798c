"""The real boundaries, three-tier and two-tier, load whole and quickly."""

import time
from datetime import date

import pytest

from places.load.load import load_units
from places.load.options import UnitsOptions
from places.models import AdminUnit, BoundarySet
from places.selectors import finest_levels

pytestmark = pytest.mark.django_db

NEW = {"valid_from": date(2025, 7, 1), "set_name": "vn-2025", "code_field": "code",
       "name_field": "name", "full_name_field": "full_name"}  # fmt: skip
OLD = {"valid_from": date(2015, 1, 1), "valid_to": date(2025, 7, 1), "set_name": "vn-2024",
       "name_field": "name"}  # fmt: skip


def test_two_tiers_of_the_new_dong_nai(shared_data):
    folder = shared_data / "admin/new"
    load_units(UnitsOptions(path=folder / "provinces_2026.geojson.gz", level="province", **NEW))
    communes = UnitsOptions(
        path=folder / "dong_nai_communes_full.geojson.gz",
        level="commune",
        parent_field="province_code",
        **NEW,
    )

    first, again = load_units(communes), load_units(communes)

    assert (first.taken, first.refused) == (95, 0)
    assert (again.taken, again.updated, again.unchanged) == (0, 0, 95)
    assert not [remark for remark in first.remarks if "overlaps" in remark.what]
    dong_nai = AdminUnit.objects.get(code="75")
    assert AdminUnit.objects.within(dong_nai).count() == 96
    area_m2 = sum(AdminUnit.objects.filter(parent=dong_nai).values_list("area_m2", flat=True))
    assert area_m2 / 1e6 == pytest.approx(12_737, rel=0.001)  # km², as published
    assert finest_levels(BoundarySet.objects.get()).count() == 33 + 95


def test_three_tiers_before_july_2025(shared_data):
    folder = shared_data / "admin/old"
    province = UnitsOptions(
        path=folder / "provinces_62of63.geojson.gz",
        level="province",
        code_field="province_code",
        where=("province_code=70",),
        **OLD,
    )
    districts = UnitsOptions(
        path=folder / "districts_692.geojson.gz",
        level="district",
        code_field="district_code",
        parent_field="province_code",
        where=("province_code=70",),
        **OLD,
    )
    communes = UnitsOptions(
        path=folder / "binh_phuoc_communes_c2010.geojson.gz",
        level="commune",
        code_field="gso_code_2019",
        parent_level="district",
        accept_good=True,
        **{**OLD, "name_field": "commune"},
    )

    reports = [load_units(options) for options in (province, districts, communes)]

    assert [report.taken for report in reports] == [1, 11, 109]
    # Lộc Thạnh and Lộc Thành have no code; the hand-thinned outlines overlap in slivers
    assert {remark.what for remark in reports[2].refusals} == {"has no code."}
    assert sum("overlaps" in remark.what for remark in reports[2].remarks) > 100
    assert AdminUnit.objects.get(code="688").full_name == "Thị xã Phước Long"
    assert AdminUnit.objects.filter(level="commune", parent__code="698").exists()  # Phú Riềng
    assert list(AdminUnit.objects.values_list("depth", flat=True).distinct().order_by("depth")) == [
        0, 1, 2,
    ]  # fmt: skip


def test_all_communes_of_the_country_are_checked_in_a_minute(shared_data):
    folder = shared_data / "admin/new"
    load_units(UnitsOptions(path=folder / "provinces_2026.geojson.gz", level="province", **NEW))
    start = time.perf_counter()

    report = load_units(
        UnitsOptions(
            path=folder / "communes_2026_simplified.geojson.gz",
            level="commune",
            parent_field="province_code",
            **NEW,
        )
    )

    assert (report.taken, report.refused) == (3321, 0)
    assert time.perf_counter() - start < 120  # seconds; 14 alone on two cores
