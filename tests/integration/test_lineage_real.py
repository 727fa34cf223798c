"""The merger of 2025 on the real tables: known faults are named, every commune has its heirs."""

from collections import Counter
from datetime import date

import pytest
from django.db.models import Count, Sum

from common.vectors import read_source
from places.lineage.codes import CodesOptions, load_codes
from places.lineage.load import load_lineage
from places.lineage.options import LineageOptions
from places.lineage.renaming import name_on, rename_units
from places.lineage.shares import compute_area_shares
from places.load.load import load_units
from places.load.options import UnitsOptions
from places.models import AdminUnit, UnitLineage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OLD_LEVELS = (
    ("province", "province_code", "province"),
    ("district", "district_code", "district"),
    ("commune", "commune_code", "commune"),
)
NEW_LEVELS = (("province", "province_code", "province"), ("commune", "commune_code", "full_name"))


@pytest.fixture
def codes(shared_data):
    folder = shared_data / "codes"
    old = load_codes(CodesOptions(
        path=folder / "units_old_2025-03-01.csv.gz", set_name="old",
        valid_from=date(2025, 3, 1), levels=OLD_LEVELS,
    ))  # fmt: skip
    new = load_codes(CodesOptions(
        path=folder / "units_new_2025-07-01.csv.gz", set_name="new",
        valid_from=date(2025, 7, 1), levels=NEW_LEVELS,
    ))  # fmt: skip
    assert (old.refused, new.refused) == (0, 0)
    return folder


def said_of(report, outcome):
    return {
        (remark.field, remark.value): f"{remark.what} {remark.to_do}"
        for remark in report.remarks
        if remark.outcome == outcome
    }


def test_the_whole_merger(codes):
    units = AdminUnit.objects.values_list("boundary_set__name", "level")
    assert Counter(units) == {
        ("old", "province"): 63, ("old", "district"): 696, ("old", "commune"): 10_047,
        ("new", "province"): 34, ("new", "commune"): 3_321,
    } | Counter()  # fmt: skip

    to_new = load_lineage(LineageOptions(
        path=codes / "map_old_to_new_2025-07-01.csv.gz", from_set="old", to_set="new",
        accept_good=True,
    ))  # fmt: skip
    to_old = load_lineage(LineageOptions(
        path=codes / "map_new_to_old_2025-07-01.csv.gz", from_set="old", to_set="new",
        accept_good=True,
    ))  # fmt: skip

    # Codes that do not exist are refused, with the unit that has the name.
    refused = said_of(to_new, "refused")
    assert "06978" in refused["new_code", "06970"]
    assert "23938" in refused["new_code", "23737"]
    assert {value for field, value in refused if field == "new_code"} == {"06970", "23737"}
    # Five islands stand with the code of their district, in one of the two tables only.
    islands = [code for (field, code), what in said_of(to_old, "noted").items()
               if field == "old_code" and "district" in what]  # fmt: skip
    assert sorted(islands) == ["318", "471", "498", "536", "755"]
    # 460 old communes are split, and the report says so.
    splits = (
        AdminUnit.objects.filter(boundary_set__name="old", level="commune")
        .annotate(heirs=Count("successors")).filter(heirs__gt=1)
    )  # fmt: skip
    assert splits.count() == 460
    assert splits.order_by("-heirs").first().heirs == 5
    # All of old Bình Phước go to one new commune each; 40 of these.
    old_bp = UnitLineage.objects.filter(
        from_unit__level="commune", from_unit__parent__parent__code="70",
        from_unit__boundary_set__name="old",
    )  # fmt: skip
    assert (old_bp.count(), old_bp.values("from_unit").distinct().count()) == (111, 111)
    assert old_bp.values("to_unit").distinct().count() == 40
    # Whoever has no successor is named by number in a notice; nobody is lost in silence.
    lonely = AdminUnit.objects.filter(
        boundary_set__name="old", level="commune", successors__isnull=True
    ).count()
    notice = next(text for text in to_old.notices if "old" in text and str(lonely) in text)
    assert str(lonely) in notice


def test_the_second_list_of_old_units_differs_by_twelve(codes, shared_data):
    first = set(AdminUnit.objects.filter(boundary_set__name="old", level="commune")
                .values_list("code", flat=True))  # fmt: skip
    second = read_source(shared_data / "codes/units_old_2025-03-01_second_source.csv.gz")
    missing = first - set(second.texts("commune_code"))

    assert len(missing) == 12
    assert {"07693", "18448", "25186"} <= missing


def test_new_types_of_april_2026_rename_and_change_no_code(codes):
    words = {
        "path": codes / "units_new_2026-07-25.csv.gz", "set_name": "new", "level": "commune",
        "code_field": "commune_code", "full_name_field": "full_name",
        "effective_on": date(2026, 4, 30),
    }  # fmt: skip
    before = set(AdminUnit.objects.values_list("pk", "code"))
    report = rename_units(**words)

    assert report.refused == 0
    assert set(AdminUnit.objects.values_list("pk", "code")) == before
    dong_nai = AdminUnit.objects.filter(boundary_set__name="new", parent__code="75")
    renamed = [unit for unit in dong_nai if unit.former_names.exists()]
    assert len(renamed) == 10
    for unit in renamed:
        assert unit.full_name.startswith("Phường")
        assert name_on(unit, date(2026, 4, 29)).startswith("Xã")
    spelled = rename_units(**words, spelling_too=True)
    assert (
        report.updated + spelled.updated == 202
    )  # communes; the remark on the data counts three more


def test_swapped_names_are_noticed(shared_data):
    report = load_units(UnitsOptions(
        path=shared_data / "admin/new/communes_2026_simplified.geojson.gz", level="commune",
        code_field="code", name_field="name", full_name_field="full_name", set_name="c2026",
        valid_from=date(2025, 7, 1), second_name_field="source_name", accept_good=True,
        dry_run=True,
    ))  # fmt: skip
    noted = {remark.value: remark.what for remark in report.remarks
             if remark.field == "source_name"}  # fmt: skip

    assert len(noted) == 16
    assert "Pà Vầy Sủ" in noted["00829"]
    assert "Thắng Mố" in noted["01096"]
    assert {"31299", "31213", "10543", "11848"} <= set(noted)


def test_shares_of_old_bình_phước_add_up_where_both_outlines_are_known(shared_data):
    load_units(UnitsOptions(
        path=shared_data / "admin/old/binh_phuoc_communes_c2010.geojson.gz", level="commune",
        code_field="commune_id", name_field="commune", full_name_field="commune", set_name="c2010",
        valid_from=date(2010, 1, 1), accept_good=True,
    ))  # fmt: skip
    load_units(UnitsOptions(
        path=shared_data / "admin/new/dong_nai_communes_full.geojson.gz", level="commune",
        code_field="code", name_field="name", full_name_field="full_name", set_name="c2026",
        valid_from=date(2025, 7, 1), accept_good=True,
    ))  # fmt: skip

    done = compute_area_shares(from_set="c2010", to_set="c2026", derive=True)

    sums = UnitLineage.objects.values("from_unit").annotate(total=Sum("share_by_area"))
    assert done.units == len(sums) > 100
    assert max(abs(row["total"] - 1) for row in sums) <= 1e-6
    assert all(share > 0.001 for share in done.outside.values())
