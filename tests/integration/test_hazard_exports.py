"""The list as CSV, XLSX, GeoJSON and by the command: the same rows as the page, safe to open."""

import csv
import io
import json
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.roles import Role
from hazards.models import HazardAssessment
from hazards.services.assessment import assess
from tests.factories.accounts import user_with_role
from tests.factories.hazard_scenes import Scene, days_ago, make_scene, observe
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def fetch(client, user, format_name: str, name: str = "noncompliances", **query) -> bytes:
    client.force_login(user)
    response = client.get(reverse("hazards:export", args=[name, format_name]), query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def csv_rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def sheet_rows(body: bytes) -> list[dict[str, object]]:
    """Return the rows under the headings of the first sheet, up to the first empty one."""
    lines = list(load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True))
    head = next(at for at, line in enumerate(lines) if line[1] == "Code")
    rows = []
    for line in lines[head + 1 :]:
        if line[0] is None:
            break
        rows.append(dict(zip(lines[head], line, strict=True)))
    return rows


QUERIES = [
    {},
    {"missing": "sign"},
    {"verdict": ["noncompliant", "not_surveyed"], "sort": "-days"},
    {"q": "suoi", "verdict": ["partly", "not_surveyed"]},
]


@pytest.mark.parametrize("query", QUERIES)
def test_page_files_and_command_have_the_same_rows_in_the_same_order(
    scene, client, tmp_path, query
):
    client.force_login(scene.inspector)
    page = client.get(reverse("hazards:noncompliances"), query)
    codes = [row.hazard.code for row in page.context["rows"]]

    from_csv = csv_rows(fetch(client, scene.inspector, "csv", **query))
    from_xlsx = sheet_rows(fetch(client, scene.inspector, "xlsx", **query))
    from_geojson = json.loads(fetch(client, scene.inspector, "geojson", **query))
    by_command = run_command(scene, tmp_path / "list.csv", "csv", query)

    assert [row["Code"] for row in from_csv] == codes
    assert [row["Code"] for row in from_xlsx] == codes
    assert [item["properties"]["code"] for item in from_geojson["features"]] == codes
    assert [row["Code"] for row in csv_rows(by_command)] == codes
    assert from_geojson["count"] == page.context["page"].total == len(codes) > 0


def run_command(scene: Scene, output, format_name: str, query=None, **more) -> bytes:
    names = {"q": "text"}
    options = {names.get(key, key): value for key, value in (query or {}).items()}
    call_command(
        "export_noncompliances",
        unit=scene.unit_a.code, format=format_name, output=output, lang="en",
        stdout=io.StringIO(), **(options | more),
    )  # fmt: skip
    return output.read_bytes()


def test_csv_begins_with_the_mark_of_utf8_and_runs_no_formula(scene, client):
    hazard = scene.hazards["bare"]
    hazard.name = '=HYPERLINK("http://example.org","Ao")'
    hazard.hamlet = "-1+2"
    hazard.save()

    body = fetch(client, scene.inspector, "csv")

    assert body.startswith(b"\xef\xbb\xbf")
    row = next(row for row in csv_rows(body) if row["Code"] == hazard.code)
    assert row["Name of the hazard"].startswith("'=HYPERLINK")
    assert row["Hamlet"] == "'-1+2"


def test_a_workbook_keeps_text_as_text_and_figures_as_figures(scene, client):
    hazard = scene.hazards["bare"]
    hazard.name = "=1+1"
    hazard.save()
    HazardAssessment.objects.filter(hazard=hazard).update(children_near=12.6, children_near_m=200)

    book = load_workbook(io.BytesIO(fetch(client, scene.inspector, "xlsx")))
    sheet, notes = book.worksheets
    row = next(line for line in sheet.iter_rows() if line[1].value == hazard.code)

    cells = {sheet.cell(head_row(sheet), cell.column).value: cell for cell in row}
    assert (cells["Name of the hazard"].value, cells["Name of the hazard"].data_type) == (
        "=1+1", "s",
    )  # fmt: skip
    assert cells["Commune code"].data_type == "s"
    assert cells["Children near"].value == 12.6
    assert cells["Last look"].is_date
    assert sheet.freeze_panes == f"D{head_row(sheet) + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{head_row(sheet)}:")
    assert sheet.print_title_rows == f"${head_row(sheet)}:${head_row(sheet)}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert notes.title == "Notes"


def head_row(sheet) -> int:
    return next(cell.row for cell in sheet["B"] if cell.value == "Code")


def test_a_workbook_says_of_itself_what_an_official_signs(scene, client):
    sheet = load_workbook(io.BytesIO(fetch(client, scene.inspector, "xlsx"))).worksheets[0]
    text = "\n".join(str(cell.value) for cell in sheet["A"] if cell.value)

    assert scene.unit_a.full_name in text
    assert "LIST OF HAZARDS THAT ARE NOT COMPLIANT" in text
    assert "2696/UBND-KGVX" in text
    assert "Deep water must carry a warning sign and a barrier (in force from" in text
    assert "3 hazards in this list, of 5 with the same filters and any verdict." in text
    assert "Not surveyed: 1" in text


def test_the_states_of_a_duty_are_told_apart(scene, client):
    late = HazardFactory(unit=scene.unit_a, name="Kênh cũ")
    observe(late, 800, sign="present", barrier="missing")
    assess()

    rows = csv_rows(fetch(client, scene.inspector, "csv", name="list"))
    signs = {row["Name of the hazard"]: row["Warning sign"] for row in rows}

    assert signs["Ao ông Tám"] == "Missing or broken"
    assert signs["Hồ Suối Giai"] == "Present"
    assert signs["Hố đất Suối Lai"] == "Not looked at yet"
    assert signs["Kênh cũ"] == "Check overdue"
    assert {row["Cover"] for row in rows} == {"Not required"}


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "geojson"])
def test_a_household_is_named_only_to_who_works_on_the_register(scene, client, format_name):
    own = fetch(client, scene.inspector, format_name)
    others = fetch(client, scene.planner, format_name)

    assert "Nguyễn Văn Mừng" in words_of(own, format_name)
    assert "Nguyễn Văn Mừng" not in words_of(others, format_name)
    assert "Household" in words_of(others, format_name)
    assert "Công ty Thủy lợi" in words_of(others, format_name)


def words_of(body: bytes, format_name: str) -> str:
    if format_name != "xlsx":
        return body.decode()
    sheets = load_workbook(io.BytesIO(body)).worksheets
    return "\n".join(str(cell.value) for sheet in sheets for row in sheet for cell in row)


def test_a_planner_cannot_pick_out_one_household_by_its_number(scene, client):
    client.force_login(scene.planner)

    response = client.get(
        reverse("hazards:export", args=["noncompliances", "csv"]), {"body": scene.household.pk}
    )

    assert response.status_code == 400
    assert "body" in response.json()["fields"]


def test_geojson_is_rfc_7946_with_codes_for_machines(scene, client):
    hazard = scene.hazards["bare"]
    ring = "POLYGON((106.6 11.75, 106.6 11.76, 106.61 11.76, 106.61 11.75, 106.6 11.75))"
    type(hazard).objects.filter(pk=hazard.pk).update(geometry=f"SRID=4326;{ring}")  # clockwise

    answer = json.loads(fetch(client, scene.inspector, "geojson"))

    assert answer["type"] == "FeatureCollection"
    assert "crs" not in answer
    feature = next(one for one in answer["features"] if one["id"] == hazard.code)
    assert feature["properties"]["verdict"] == "noncompliant"
    assert feature["properties"]["sign"] == "unmet"
    assert signed_area(feature["geometry"]["coordinates"][0]) > 0


def signed_area(ring: list[list[float]]) -> float:
    """Return twice the area of a ring, positive when it turns left."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def test_an_export_is_written_in_the_audit_trail(scene, client):
    fetch(client, scene.inspector, "geojson", missing="sign")

    entry = AuditEntry.objects.get(verb="export_list")
    assert entry.actor == scene.inspector
    assert entry.facts == {"list": "noncompliances", "format": "geojson", "rows": 2}


def test_a_surveyor_takes_nothing_away(scene, client):
    client.force_login(user_with_role(Role.SURVEYOR, scene.unit_a))

    response = client.get(reverse("hazards:export", args=["list", "csv"]))

    assert response.status_code == 403


@pytest.mark.parametrize("names", [("list", "pdf"), ("nothing", "csv")])
def test_an_unknown_list_or_format_is_not_found(scene, client, names):
    client.force_login(scene.inspector)

    assert client.get(reverse("hazards:export", args=names)).status_code == 404


def test_files_of_a_day_gone_by_have_the_count_of_the_page(scene, client):
    day = days_ago(11).isoformat()
    client.force_login(scene.inspector)

    page = client.get(reverse("hazards:noncompliances"), {"as_of": day})
    rows = csv_rows(fetch(client, scene.inspector, "csv", as_of=day))

    assert len(rows) == page.context["page"].total == 2


def test_the_paper_has_every_row_the_basis_and_room_for_signatures(scene, client):
    client.force_login(scene.inspector)

    text = client.get(reverse("hazards:noncompliances_print")).content.decode()

    assert text.count("<tr>") == 1 + 3
    for words in (
        "2696/UBND-KGVX",
        "Deep water must carry",
        "Drawn up by",
        "3 hazards in this list",
    ):
        assert words in text


def test_the_command_closes_with_one_line_of_facts(scene, tmp_path):
    out = io.StringIO()
    target = tmp_path / "list.xlsx"

    call_command(
        "export_noncompliances",
        unit=scene.unit_a.code,
        format="xlsx",
        output=target,
        stdout=out,
        lang="en",
    )

    line = out.getvalue().strip()
    assert line.startswith(f"Hazards written: 3 of 5 in {scene.unit_a}, as of ")
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]


def test_the_command_names_households_only_when_asked(scene, tmp_path):
    hidden = run_command(scene, tmp_path / "a.csv", "csv").decode()
    named = run_command(scene, tmp_path / "b.csv", "csv", name_households=True).decode()

    assert "Nguyễn Văn Mừng" not in hidden
    assert "Household" in hidden
    assert "Nguyễn Văn Mừng" in named


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "00000"}, "There is no unit with the code 00000 in the current boundary set"),
        ({"set": "gone"}, "in the boundary set gone"),
        ({"body": "somebody"}, "--body somebody: give the number of a body"),
        ({"folder": "missing"}, "There is no folder"),
    ],
)
def test_the_command_refuses_with_one_clear_message_and_writes_nothing(
    scene, tmp_path, options, message
):
    folder = tmp_path / options.pop("folder", "")
    options = {"unit": scene.unit_a.code} | options

    with pytest.raises(CommandError, match=message):
        call_command(
            "export_noncompliances",
            format="csv",
            output=folder / "list.csv",
            lang="en",
            **options,
        )

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("argument", ["--as-of=2999-01-01", "--as-of=soon", "--kind=sea"])
def test_the_command_refuses_days_to_come_and_unknown_words(scene, tmp_path, argument):
    target = tmp_path / "list.csv"

    with pytest.raises(CommandError, match="argument"):
        call_command(
            "export_noncompliances", f"--unit={scene.unit_a.code}", "--format=csv",
            f"--output={target}", argument,
        )  # fmt: skip

    assert not target.exists()
