"""A boundary set is looked through before it goes live: each fault with its unit and its size."""

import json

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import CommandError, call_command

from hazards.services.boundary_set import BoundarySetFaultsError, use_boundary_set
from places.lineage.checks import check_for_use, check_set
from places.models import AdminUnit
from tests.factories.places import BoundarySetFactory, UnitFactory

pytestmark = pytest.mark.django_db
HA = 1e4


@pytest.fixture
def live():
    return BoundarySetFactory(name="live", is_current=False)


def unit(boundary_set, code, *boxes, **values):
    shape = shapely.MultiPolygon([shapely.box(*box) for box in boxes])
    return UnitFactory(
        boundary_set=boundary_set, code=code, level="commune",
        geometry=GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326), **values,
    )  # fmt: skip


def kinds(faults):
    return sorted((fault.severity, fault.kind) for fault in faults)


def test_a_clean_set_has_no_fault(live, capsys):
    unit(live, "1", (106, 11, 106.5, 12))
    unit(live, "2", (106.5, 11, 107, 12))

    assert check_set("live", "commune") == []
    call_command("check_boundary_set", "live", "--lang=en")
    assert "no fault found" in capsys.readouterr().out


def test_overlaps_block_when_ground_is_claimed_twice(live):
    one = unit(live, "1", (106, 11, 106.5, 12))
    two = unit(live, "2", (106.49, 11, 107, 12))  # 0.01 of 0.5 degrees: 2 %

    [fault] = check_set("live", "commune")

    assert (fault.severity, fault.kind, fault.units) == ("blocking", "overlap", (one, two))
    # 0.01 degrees at 11.5 N are 1.09 km, one degree north 110.6 km
    assert fault.area_m2 == pytest.approx(1.0905e3 * 110.62e3, rel=2e-3)


def test_a_hole_that_no_unit_covers(live):
    unit(live, "1", (106, 11, 106.4, 12), (106.4, 11, 106.6, 11.4), (106.4, 11.6, 106.6, 12))
    unit(live, "2", (106.6, 11, 107, 12))

    [fault] = [one for one in check_set("live", "commune") if one.kind == "gap"]

    assert fault.severity == "blocking"
    assert fault.area_m2 == pytest.approx(0.2 * 109.05e3 * 0.2 * 110.62e3, rel=2e-3)


def test_islands_missing_outlines_codes_and_parents(live):
    province = UnitFactory(boundary_set=live, code="P", level="province")
    unit(live, "1", (106, 11, 106.5, 12), (111, 16, 111.1, 16.1), parent=province)
    UnitFactory(boundary_set=live, code="", level="commune", geometry=None)

    assert kinds(check_set("live", "commune")) == [
        ("blocking", "no_outline"), ("blocking", "no_parent"), ("remark", "island"),
        ("warning", "no_code"),
    ]  # fmt: skip


def test_the_command_ends_with_an_error_and_writes_a_map(live, tmp_path, capsys):
    unit(live, "1", (106, 11, 106.5, 12))
    unit(live, "2", (106.4, 11, 107, 12))
    path = tmp_path / "faults.geojson"

    with pytest.raises(CommandError):
        call_command("check_boundary_set", "live", "--geojson", str(path), "--lang=en")

    [feature] = json.loads(path.read_text())["features"]
    assert feature["properties"]["units"] == ["1", "2"]
    assert feature["geometry"]["type"] == "Polygon"
    assert kinds(check_set("live", level="hamlet")) == [("blocking", "empty")]


def test_the_command_looks_at_all_that_a_switch_would_look_at(live, capsys):
    """A province without communes holds waters itself; two of them claim the same ground."""
    whole = UnitFactory(boundary_set=live, code="A", level="province", tree_left=1, tree_right=4)
    unit(live, "1", (106, 11, 106.5, 12), parent=whole, tree_left=2, tree_right=3)
    for n, west in enumerate((108, 108.5)):
        shape = shapely.MultiPolygon([shapely.box(west, 11, west + 1, 12)])
        UnitFactory(
            boundary_set=live, code=f"B{n}", level="province", full_name=f"Tỉnh {n}",
            geometry=GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326),
            tree_left=10 + 2 * n, tree_right=11 + 2 * n,
        )  # fmt: skip

    assert check_set("live", "commune") == []
    assert ("blocking", "overlap") in kinds(check_for_use("live"))
    with pytest.raises(CommandError):
        call_command("check_boundary_set", "live", "--lang=en")
    assert "B0 Tỉnh 0 + B1 Tỉnh 1" in capsys.readouterr().out
    call_command("check_boundary_set", "live", "--level=commune", "--lang=en")
    with pytest.raises(BoundarySetFaultsError, match="overlaps Tỉnh 1"):
        use_boundary_set(name="live")


@pytest.mark.slow
def test_the_communes_of_đồng_nai_do_not_overlap(shared_data):
    call_command(
        "load_units", str(shared_data / "admin/new/dong_nai_communes_full.geojson.gz"),
        "--level=commune", "--code-field=code", "--name-field=name", "--set=c2026",
        "--valid-from=2025-07-01",
    )  # fmt: skip
    assert AdminUnit.objects.count() == 95
    assert not [fault for fault in check_set("c2026", "commune") if fault.kind == "overlap"]
