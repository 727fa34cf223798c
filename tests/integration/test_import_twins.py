"""Rows that are a water of the register already: told before writing, left out if wished."""

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.models import ImportJob, WaterHazard
from hazards.services.import_jobs import write_job
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.integration.test_import_pages import bring, read, step

pytestmark = pytest.mark.django_db
M = 1 / 111_320  # degrees of latitude in a metre, nearly
HEAD = "mã,loại,tên,kinh độ,vĩ độ\n"


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def pond(unit):
    at = unit.geometry.point_on_surface
    point = Point(at.x, at.y, srid=4326)
    return HazardFactory(
        unit=unit, name="Ao Sen Lùng", name_plain="ao sen lung", kind="pond", geometry=point,
        location=point,
    )  # fmt: skip


def table(pond, *rows):
    """Rows (id, name, kind, metres to the north of the pond)."""
    lon, lat = pond.location.x, pond.location.y
    lines = [
        f"{key},{kind},{name},{lon},{lat + north_m * M}\n" for key, name, kind, north_m in rows
    ]
    return HEAD + "".join(lines)


FOUR = (
    (1, "Ao Sen Lùng", "ao", 8),  # the same
    (2, "", "ao", 60),  # nameless and near: perhaps
    (3, "Giếng Ông Tư", "giếng", 5),  # another kind altogether
    (4, "Ao Sen Lùng", "ao", 2000),  # the same name, far away
)


def test_the_preview_names_what_may_be_there_already(unit, pond, client):
    user = UserFactory(language="vi")
    MembershipFactory(user=user, unit=unit, role="inspector")
    client.force_login(user)
    bring(client, table(pond, *FOUR))
    job = read(client, ImportJob.objects.get())

    assert job.counts["taken"] == 4
    assert job.preview["compared"] == 4
    assert job.preview["twins_same"] == 1
    first = job.preview["twins"][0]
    assert (first["row"], first["code"], first["is_same"]) == (2, pond.code, True)
    assert first["metres"] == pytest.approx(8, abs=0.2)
    assert {twin["row"] for twin in job.preview["twins"]} <= {2, 3}  # the head is row 1
    page = client.get(reverse("imports:job", args=[job.public_id])).text
    assert "Có thể đã có trong sổ" in page
    assert pond.code in page

    step(client, job, "write", skip_twins="1")
    write_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["taken"], job.counts["outside"]) == ("done", 3, 1)
    assert WaterHazard.objects.filter(name="Ao Sen Lùng").count() == 2  # the pond, and the far one


def test_a_repeat_leaves_the_same_rows_out_and_changes_nothing(pond, tmp_path):
    path = tmp_path / "ao.csv"
    path.write_text(table(pond, *FOUR), encoding="utf-8")
    options = ImportOptions(path=path, source="xã", crs="4326", twins="skip")
    first, again = import_hazards(options), import_hazards(options)
    assert (first.taken, first.outside, first.refused) == (3, 1, 0)
    assert (again.taken, again.outside, again.unchanged) == (0, 1, 3)
    [told] = [remark for remark in first.remarks if remark.outcome == "outside"]
    assert pond.code in told.what
    assert "8 m" in told.what


def test_nobody_is_told_of_a_twin_outside_his_area(unit, pond, client):
    """The pond lies at the border; whoever may edit the other commune alone does not hear of it."""
    other = UnitFactory()
    WaterHazard.objects.filter(pk=pond.pk).update(unit=other)
    user = UserFactory(language="vi")
    MembershipFactory(user=user, unit=unit, role="inspector")
    client.force_login(user)
    bring(client, table(pond, FOUR[0]))
    job = read(client, ImportJob.objects.get())
    assert (job.counts["taken"], job.preview["twins"]) == (1, [])


def test_two_waters_of_one_source_under_two_numbers_are_two(pond, tmp_path):
    WaterHazard.objects.filter(pk=pond.pk).update(source="xã", source_id="99")
    path = tmp_path / "ao.csv"
    path.write_text(table(pond, (1, "Ao Sen", "ao", 20)), encoding="utf-8")
    report = import_hazards(ImportOptions(path=path, source="xã", crs="4326", twins="skip"))
    assert (report.taken, report.outside) == (1, 0)
