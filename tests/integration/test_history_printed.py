"""A list that left the house can be made again, whatever has become of the register since."""

import pytest
from django.core.management import CommandError, call_command

from hazards.models import ComplianceRule, SafeguardObservation, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess
from hazards.services.printed import check_printed_list, record_printed_list
from history.errors import PrintedListUnknownError
from history.models import PrintedList
from tests.factories.hazard_scenes import make_scene, observe
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed():
    scene = make_scene()
    wanted = HazardFilter(verdicts=("noncompliant", "partly"), unit=scene.unit_a, sort="children")
    rows = rows_for(reader_for(scene.inspector), wanted)
    made = record_printed_list(rows=rows, list_name="g", file_format="xlsx", actor=scene.inspector)
    return scene, made


def test_it_is_identical_after_all_has_changed(printed, capsys):
    scene, made = printed
    hazard = scene.hazards["bare"]
    WaterHazard.objects.filter(pk=hazard.pk).update(name="Khác", responsible_body=None)
    WaterHazard.objects.filter(pk=scene.hazards["sign"].pk).update(unit=scene.unit_b)
    observe(hazard, 0, sign="present", barrier="present")
    observe(scene.hazards["unseen"], 60, sign="missing", barrier="missing")  # told late
    HazardFactory(unit=scene.unit_a)
    ComplianceRule.objects.update(duties=["barrier"])
    assess()

    found = check_printed_list(made.code.lower().replace("-", ""))

    assert made.rows == 3
    assert found.same, found
    call_command("check_printed_list", made.code, lang="en")
    assert capsys.readouterr().out.startswith(f"identical: {made.sha256}")


def test_what_was_changed_past_the_history_is_named(printed):
    scene, made = printed
    row = scene.hazards["bare"]
    SafeguardObservation.objects.filter(hazard=row).update(state="present")
    assert check_printed_list(made.code).same
    stored = PrintedList.objects.get(pk=made.pk)
    stored.row_digests[0][1] = "0" * 16
    stored.sha256 = "0" * 64
    stored.save()

    found = check_printed_list(made.code)

    assert not found.same
    assert found.changed == [stored.row_digests[0][0]]
    with pytest.raises(CommandError, match="not the one that was printed"):
        call_command("check_printed_list", made.code, lang="en")


def test_an_unknown_code_is_refused():
    with pytest.raises(PrintedListUnknownError, match="AAAA-BBBB"):
        check_printed_list("AAAA-BBBB")


def test_the_sheet_and_the_workbook_carry_the_code(printed, client):
    scene, _ = printed
    client.force_login(scene.inspector)

    page = client.get("/hazards/noncompliances/print/")
    sent = client.get("/hazards/export/noncompliances/csv/")

    codes = list(PrintedList.objects.order_by("pk").values_list("code", flat=True))[1:]
    assert codes[0] in page.content.decode()
    assert sent["X-List-Code"] == codes[1]
    assert check_printed_list(codes[0]).same
    assert check_printed_list(codes[1]).same
