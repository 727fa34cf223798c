"""The raster's children beside the office's own counts: raw, rescaled, and the factor."""

import csv
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.roles import Role
from maps.models import ExposureRun, OfficialCount
from maps.selectors.registry import registry_revision
from tests.factories.accounts import user_with_role
from tests.factories.exposure import PEOPLE, SHARE, disk_share, run, two_communes
from tests.factories.maps import at_cell, box_of_cells, make_hazard, make_unit

pytestmark = pytest.mark.django_db

WEST = SHARE * sum(row[0] + row[1] / 2 for row in PEOPLE)  # the border halves column 1
EAST = SHARE * sum(row[2] + row[1] / 2 for row in PEOPLE)


@pytest.fixture
def province(tmp_path):
    made = two_communes(tmp_path)
    make_hazard(made["west"], at_cell(0, 0))
    make_hazard(made["east"], at_cell(2, 2))
    return made


def load(tmp_path, *lines, level="commune", on="2026-01-01"):
    path = tmp_path / "counts.csv"
    path.write_text("code,children\n" + "\n".join(lines) + "\n", encoding="utf-8")
    call_command(
        "load_official_counts", str(path), set="now", level=level, code_field="code",
        children_field="children", counted_on=on, source="Sở LĐTBXH",
        report=tmp_path / "report.csv",
    )  # fmt: skip
    with (tmp_path / "report.csv").open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_each_commune_is_brought_to_its_own_count_and_the_province_to_their_sum(
    province, tmp_path, capsys
):
    load(tmp_path, "00001,1000", "00002,500")

    found = run(capsys, "--within", "300")

    near = {
        "00001": SHARE * 100 * disk_share(0, 300) * 1000 / WEST,
        "00002": SHARE * 900 * disk_share(2, 300) * 500 / EAST,
    }
    for code, official in (("00001", 1000), ("00002", 500)):
        assert found[code]["children_official"] == pytest.approx(official)
        adjusted = found[code]["children_exposed_adjusted"]["300"]
        assert adjusted == pytest.approx(near[code], rel=5e-3)
        assert found[code]["children_total"] != pytest.approx(official)  # the raw one stays
    assert found["75"]["children_official"] == pytest.approx(1500)
    whole = found["75"]["children_exposed_adjusted"]["300"]
    assert whole == pytest.approx(sum(near.values()), rel=5e-3)
    facts = ExposureRun.objects.get().facts["official_counts"]
    assert (facts["units"], facts["sources"]) == (2, ["Sở LĐTBXH"])


def test_without_a_count_of_every_part_the_whole_has_none(province, tmp_path, capsys):
    load(tmp_path, "00001,1000")

    found = run(capsys, "--within", "300")

    assert found["00001"]["children_official"] == pytest.approx(1000)
    for code in ("00002", "75"):
        assert found[code]["children_official"] is None
        assert found[code]["children_exposed_adjusted"]["300"] is None


def test_a_count_of_a_smaller_unit_holds_against_that_of_the_larger(province, tmp_path, capsys):
    province["top"].geometry = province["west"].geometry  # counts are kept by units with outlines
    province["top"].save()
    OfficialCount.objects.create(unit=province["top"], children=900, counted_on=date(2026, 1, 1))
    OfficialCount.objects.create(unit=province["west"], children=300, counted_on=date(2026, 1, 1))

    found = run(capsys, "--within", "300")

    assert found["00001"]["children_official"] == pytest.approx(300)
    assert found["00002"]["children_official"] == pytest.approx(900 * EAST / (WEST + EAST))


def test_the_latest_count_up_to_the_day_holds(province, tmp_path, capsys):
    load(tmp_path, "00001,1000", on="2025-01-01")
    load(tmp_path, "00001,700", on="2026-06-01")

    assert run(capsys, "--within", "300")["00001"]["children_official"] == pytest.approx(700)
    then = run(capsys, "--within", "300", "--as-of", "2026-01-01")
    assert then["00001"]["children_official"] == pytest.approx(1000)
    assert run(capsys, "--within", "300", "--as-of", "2024-01-01")["00001"][
        "children_official"
    ] is None  # fmt: skip


def test_every_row_is_answered_and_the_same_file_again_changes_nothing(province, tmp_path, capsys):
    lines = ("00001,1000", "99999,5", ",7", "00001,8", "00002,-3", "00002,nan", "00002,ba trăm")

    told = load(tmp_path, *lines)

    assert [row["outcome"] for row in told] == ["new", *["refused"] * 6, "without"]
    assert "came before" in told[3]["reason"]
    assert "-3 is no count" in told[4]["reason"]
    assert "not a number" in told[6]["reason"]
    before = registry_revision()
    assert load(tmp_path, *lines)[0]["outcome"] == "same"
    assert registry_revision() == before
    assert load(tmp_path, "00001,1001")[0]["outcome"] == "changed"
    assert registry_revision() != before
    assert OfficialCount.objects.get().children == 1001


@pytest.mark.parametrize(
    ("lines", "level", "words"),
    [
        (("99999,5",), "commune", "no unit with this code"),
        (("00001,5",), "hamlet", "no units of level hamlet"),
        ((), "commune", "the file is empty"),
    ],
)
def test_nothing_is_kept_of_a_file_without_a_good_row(province, tmp_path, lines, level, words):
    with pytest.raises(CommandError, match=words):
        load(tmp_path, *lines, level=level)
    assert not OfficialCount.objects.exists()


def test_people_where_the_raster_has_nobody_are_named(province, tmp_path, capsys):
    make_unit(province["set"], "00003", box_of_cells(10, 11, 10, 11), parent=province["top"])
    load(tmp_path, "00001,10", "00002,10", "00003,10")

    run(capsys, "--within", "300")

    facts = ExposureRun.objects.get().facts["official_counts"]
    assert facts["nobody_in_raster"] == ["Xã 00003"]


def test_the_gap_table_has_the_columns_only_where_somebody_counted(
    province, tmp_path, capsys, client
):
    client.force_login(user_with_role(Role.PLANNER, province["top"]))
    run(capsys, "--within", "300")
    assert "By official count" not in client.get(reverse("maps:gaps")).content.decode()

    load(tmp_path, "00001,1000", "00002,500")
    run(capsys, "--within", "300")

    page = client.get(reverse("maps:gaps"), {"sort": "-factor"})
    text = page.content.decode()
    assert "By official count" in text
    rows = page.context["table"].rows
    assert [row.unit.code for row in rows] == ["00001", "00002"]
    assert rows[0].near.factor == pytest.approx(1000 / WEST)
    assert f"{1000 / WEST:.2f}" in text
    file = client.get(reverse("maps:gaps_export", args=["csv"])).content.decode()
    headings = next(csv.reader(file.split("\n")))
    assert any(heading.endswith("Official / raster") for heading in headings)
