"""Which old unit became which new ones: shares, splits, names with dates, and what is refused."""

from datetime import date
from itertools import pairwise

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.models import WaterHazard
from places.lineage.codes import CodesOptions, bare_name, load_codes
from places.lineage.load import load_lineage
from places.lineage.options import LineageColumnsError, LineageOptions, NoOutlinesError
from places.lineage.renaming import name_on, rename_units
from places.lineage.shares import compute_area_shares, set_children_shares
from places.models import AdminUnit, BoundarySet, UnitLineage
from places.names import name_key
from tests.factories.hazards import HazardFactory
from tests.factories.places import BoundarySetFactory, UnitFactory

pytestmark = pytest.mark.django_db


def box(west, south, east, north):
    shape = shapely.MultiPolygon([shapely.box(west, south, east, north)])
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)


def unit(boundary_set, code, name, bounds=None):
    return UnitFactory(
        boundary_set=boundary_set, code=code, level="commune", full_name=name,
        geometry=box(*bounds) if bounds else None,
    )  # fmt: skip


@pytest.fixture
def sets():
    return (
        BoundarySetFactory(name="old", is_current=False),
        BoundarySetFactory(name="new", is_current=False),
    )


def table(tmp_path, rows, head="old_code,old_name,new_code,new_name"):
    path = tmp_path / "map.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def load(path, **options):
    return load_lineage(LineageOptions(path=path, from_set="old", to_set="new", **options))


def test_pairs_are_stored_once_and_faults_are_named(sets, tmp_path):
    old, new = sets
    for code, name in (("1", "Xã Hoà Bình"), ("2", "Xã Hai"), ("9", "Xã Cô Đơn")):
        unit(old, code, name)
    UnitFactory(boundary_set=old, code="318", level="district", full_name="Huyện Đảo")
    for code, name in (("A", "Xã Mới"), ("B", "Xã Ba Chẽ"), ("C", "Xã Không Ai")):
        unit(new, code, name)
    path = table(
        tmp_path,
        [
            "1,Xã Hòa Bình,A,Xã Mới",  # another place of the tone mark: the same name
            "2,Xã Hai,A,Xã Khác",
            "2,Xã Hai,X,Xã Ba Chẽ",
            "7,Xã Bảy,A,Xã Mới",
            "318,Huyện Đảo,B,Xã Ba Chẽ",
            "1,Xã Hòa Bình,A,Xã Mới",
        ],
    )

    checked = load(path)
    assert (checked.is_written, UnitLineage.objects.count()) == (False, 0)
    report = load(path, accept_good=True)
    again = load(path, accept_good=True)

    assert (report.taken, report.refused, again.taken, again.unchanged) == (3, 2, 0, 3)
    said = {
        (remark.row, remark.outcome): f"{remark.what} {remark.to_do}" for remark in report.remarks
    }
    assert "Xã Ba Chẽ" in said[4, "refused"]
    assert (5, "refused") in said
    assert "Xã Khác" in said[3, "noted"]
    assert "district" in said[6, "noted"]
    assert (7, "noted") in said
    assert any("9 Xã Cô Đơn" in notice for notice in report.notices)
    assert any("C Xã Không Ai" in notice for notice in report.notices)


def test_whom_an_earlier_file_joined_is_not_called_lonely(sets, tmp_path):
    old, new = sets
    unit(old, "1", "Xã Một")
    for code, name in (("A", "Xã Mới"), ("B", "Xã Đảo")):
        unit(new, code, name)

    first = load(table(tmp_path, ["1,Xã Một,A,Xã Mới"]))
    assert any("B Xã Đảo" in notice for notice in first.notices)
    second = load(table(tmp_path, ["1,Xã Một,B,Xã Đảo"]))

    assert not any("without a" in notice for notice in second.notices)
    assert any("split among several: 1" in notice for notice in second.notices)


def test_a_table_without_the_columns_is_refused(sets, tmp_path):
    with pytest.raises(LineageColumnsError):
        load(table(tmp_path, ["1,2"], head="a,b"))
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_lineage", str(tmp_path / "map.csv"), from_set="nowhere", to_set="new")


def test_shares_by_area_add_up_to_one_and_say_what_lies_outside(sets):
    old, new = sets
    split = unit(old, "1", "Xã Một", (106, 11, 107, 12))
    whole = unit(old, "2", "Xã Hai", (107, 11, 107.5, 12))
    west, east = (
        unit(new, "A", "Xã Tây", (106, 11, 106.25, 12)),
        unit(new, "B", "Xã Đông", (106.25, 11, 107.4, 12)),
    )
    for pair in ((split, west), (split, east), (whole, east)):
        UnitLineage.objects.create(from_unit=pair[0], to_unit=pair[1])

    done = compute_area_shares(from_set="old", to_set="new")

    shares = {(row.from_unit, row.to_unit): row.share_by_area for row in UnitLineage.objects.all()}
    assert shares[split, west] == pytest.approx(0.25, abs=1e-4)  # sides are geodesics
    assert shares[split, east] == pytest.approx(0.75, abs=1e-4)
    assert shares[whole, east] == 1.0
    assert done.outside == {whole: pytest.approx(0.2, abs=1e-4)}
    assert (done.pairs, done.units, done.unlisted) == (3, 2, [])
    assert set_children_shares({(split.pk, west.pk): 0.6, (west.pk, east.pk): 1.0}) == 1


def test_an_overlap_that_no_table_lists_is_told_or_taken(sets):
    old, new = sets
    one = unit(old, "1", "Xã Một", (106, 11, 107, 12))
    other = unit(new, "A", "Xã Khác", (106, 11, 107, 12))

    told = compute_area_shares(from_set="old", to_set="new")
    assert [(a, b) for a, b, _share in told.unlisted] == [(one, other)]
    compute_area_shares(from_set="old", to_set="new", derive=True)
    assert UnitLineage.objects.get().share_by_area == 1.0


def test_sets_without_outlines_have_no_shares_by_area(sets):
    with pytest.raises(NoOutlinesError):
        compute_area_shares(from_set="old", to_set="new")


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.floats(106.01, 106.99), min_size=1, max_size=6, unique=True))
def test_however_a_unit_is_cut_its_shares_add_up(cuts):
    UnitLineage.objects.all().delete()
    AdminUnit.objects.all().delete()
    BoundarySet.objects.all().delete()
    old, new = (BoundarySetFactory(name=name, is_current=False) for name in ("old", "new"))
    unit(old, "1", "Xã Một", (106, 11, 107, 12))
    edges = [106, *sorted(cuts), 107]
    for n, (west, east) in enumerate(pairwise(edges)):
        unit(new, str(n), f"Xã {n}", (west, 11, east, 12))

    compute_area_shares(from_set="old", to_set="new", derive=True)

    shares = list(UnitLineage.objects.values_list("share_by_area", flat=True))
    assert sum(shares) == pytest.approx(1, abs=1e-9)


def test_a_list_of_codes_makes_units_without_outlines(tmp_path):
    path = table(
        tmp_path,
        ["01,Tỉnh A,001,Huyện B,00001,Xã C", "01,Tỉnh A,001,Huyện B,00004,Xã D",
         "01,Tỉnh A,002,Huyện Đảo,,"],
        head="p,province,d,district,c,commune",
    )  # fmt: skip
    options = CodesOptions(
        path=path, set_name="list", valid_from=date(2025, 3, 1),
        levels=(("province", "p", "province"), ("district", "d", "district"),
                ("commune", "c", "commune")),
    )  # fmt: skip

    report, again = load_codes(options), load_codes(options)

    assert (report.taken, report.refused, again.taken, again.unchanged) == (5, 0, 0, 5)
    commune = AdminUnit.objects.get(code="00004")
    assert (commune.name, commune.parent.code, commune.parent.parent.code) == ("D", "001", "01")
    assert [remark.row for remark in report.remarks] == [4]
    province = AdminUnit.objects.get(level="province")
    assert province.tree_left < commune.tree_left <= province.tree_right
    assert bare_name("Thị trấn Ba Chẽ") == "Ba Chẽ"


def test_one_code_with_two_names_is_refused(tmp_path):
    path = table(tmp_path, ["1,Xã A", "1,Xã B"], head="c,commune")
    report = load_codes(
        CodesOptions(path=path, set_name="list", valid_from=date(2025, 3, 1),
                     levels=(("commune", "c", "commune"),))
    )  # fmt: skip
    assert (report.refused, AdminUnit.objects.count()) == (1, 0)


def test_a_new_type_keeps_outline_hazards_and_the_name_of_before(sets, tmp_path):
    ward = unit(sets[1], "26119", "Xã Trảng Bom", (106, 11, 107, 12))
    hazard = HazardFactory(unit=ward)
    path = table(tmp_path, ["26119,Phường Trảng Bom", "1,Xã Lạ"], head="code,full_name")
    words = {
        "path": path, "set_name": "new", "level": "commune", "code_field": "code",
        "full_name_field": "full_name", "effective_on": date(2026, 4, 30),
    }  # fmt: skip

    report, again = rename_units(**words), rename_units(**words)

    ward.refresh_from_db()
    assert (report.updated, report.refused, again.updated, again.unchanged) == (1, 1, 0, 1)
    assert (ward.full_name, ward.name) == ("Phường Trảng Bom", "Trảng Bom")
    assert name_on(ward, date(2026, 4, 29)) == "Xã Trảng Bom"
    assert name_on(ward, date(2026, 4, 30)) == "Phường Trảng Bom"
    assert WaterHazard.objects.get().unit == ward == hazard.unit
    assert ward.geometry.num_coords == 5


def test_names_that_differ_in_tone_place_alone_are_one():
    assert name_key("Xã Hoà  Bình") == name_key("xã Hòa Bình")
    assert name_key("Xã Lộc Thạnh") != name_key("Xã Lộc Thành")
