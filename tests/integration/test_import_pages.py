"""A file is brought on the page, read without writing, looked through, taken or thrown away."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hazards.models import ImportJob, WaterHazard
from hazards.services.import_jobs import read_job, write_job
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.places import UnitFactory
from tests.unit.test_common_heads import commune_sheet

pytestmark = pytest.mark.django_db
GOOD = "mã,loại,tên,kinh độ,vĩ độ,độ sâu (m)\n1,ao,Ao Sen,106.55,11.75,2.5\n"


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def inspector(unit, client):
    user = UserFactory(language="vi")
    MembershipFactory(user=user, unit=unit, role="inspector")
    client.force_login(user)
    return user


def bring(client, data, name="ao.csv", source="Xã Lộc Ninh"):
    content = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("imports:list"), {"file": file, "source": source})


def step(client, job, name, **more):
    return client.post(reverse("imports:step", args=[job.public_id]), {"step": name, **more})


def read(client, job, **asked):
    answer = step(client, job, "read", outside="refuse", **{"crs": "4326"} | asked)
    assert answer.status_code == 302
    read_job(job.pk)
    job.refresh_from_db()
    return job


def place_of(unit):
    point = unit.geometry.point_on_surface
    return f"{point.x:.5f}", f"{point.y:.5f}"


def test_from_the_file_to_the_register(unit, inspector, client):
    lon, lat = place_of(unit)
    text = GOOD.replace("106.55", lon).replace("11.75", lat)
    assert bring(client, text).status_code == 302
    job = ImportJob.objects.get()
    assert (job.state, job.columns[0], job.actor) == ("uploaded", "mã", inspector)

    job = read(client, job)
    assert (job.state, job.counts["taken"], job.counts["refused"]) == ("preview", 1, 0)
    assert job.preview["new"] == [[float(lon), float(lat)]]
    assert not WaterHazard.objects.exists()
    page = client.get(reverse("imports:job", args=[job.public_id])).content.decode()
    assert "Ghi vào sổ" in page

    step(client, job, "write")
    write_job(job.pk)
    job.refresh_from_db()
    hazard = WaterHazard.objects.get()
    assert (job.state, hazard.name, hazard.unit) == ("done", "Ao Sen", unit)


def test_the_second_file_of_a_source_shows_what_would_move(unit, inspector, client):
    lon, lat = place_of(unit)
    text = GOOD.replace("106.55", lon).replace("11.75", lat)
    bring(client, text)
    first = read(client, ImportJob.objects.get(), name_field="tên")
    step(client, first, "write")
    write_job(first.pk)

    bring(client, text.replace(lat, f"{float(lat) + 0.001:.5f}"))
    job = ImportJob.objects.first()
    assert job.asked["name_field"] == "tên"  # remembered from the file before
    job = read(client, job)

    [move] = job.preview["moves"]
    assert (job.counts["taken"], job.counts["updated"]) == (0, 1)
    assert move["metres"] == pytest.approx(110.6, abs=0.5)  # a thousandth of a degree of latitude


def test_bad_rows_are_named_and_good_ones_taken_only_when_asked(unit, inspector, client):
    lon, lat = place_of(unit)
    text = GOOD.replace("106.55", lon).replace("11.75", lat) + f"2,biển,Xa,{lon},{lat},\n"
    bring(client, text)
    job = read(client, ImportJob.objects.get())

    [remark] = job.preview["remarks"]
    assert (remark["row"], remark["field"], remark["value"]) == (3, "loại", "biển")
    step(client, job, "write")
    write_job(job.pk)
    job.refresh_from_db()
    assert (job.state, WaterHazard.objects.count()) == ("preview", 0)
    step(client, job, "write", accept_good="1")
    write_job(job.pk)
    assert WaterHazard.objects.count() == 1
    table = client.get(reverse("imports:remarks", args=[job.public_id]))
    assert "biển" in b"".join(table.streaming_content).decode()


def test_a_sheet_with_a_merged_head_is_understood(unit, inspector, client, tmp_path):
    bring(client, commune_sheet(tmp_path / "ao.xlsx").read_bytes(), "ao.xlsx")
    job = read(client, ImportJob.objects.get())

    assert job.state == "preview", job.message
    assert job.counts["rows"] == 2
    assert {remark["field"] for remark in job.preview["remarks"]} <= {"geometry"}


def test_what_cannot_be_read_is_refused_at_the_door_and_leaves_nothing(inspector, client):
    for data, name in ((b"", "a.csv"), (b"%PDF-1.4", "a.csv"), (b"PK\x03\x04cut", "a.xlsx"),
                       (b"a,b\n", "a.csv"), (b"x", "a.exe")):  # fmt: skip
        assert bring(client, data, name).status_code == 422
    assert not ImportJob.objects.exists()


def test_a_table_is_not_read_before_somebody_says_its_coordinate_system(unit, inspector, client):
    bring(client, GOOD)
    job = ImportJob.objects.get()
    page = client.get(reverse("imports:job", args=[job.public_id])).content.decode()
    assert "theo tệp" not in page  # a table cannot say it
    answer = step(client, job, "read", outside="refuse", crs="")

    assert answer.status_code == 422
    assert "Hãy chọn hệ tọa độ." in answer.content.decode()
    job.refresh_from_db()
    assert job.state == "uploaded"
    assert step(client, job, "discard").status_code == 302
    job.refresh_from_db()
    assert job.state == "discarded"


def test_a_page_names_no_options_of_commands(unit, inspector, client):
    bring(client, GOOD)
    job = read(client, ImportJob.objects.get(), crs="9212")  # degrees taken for metres

    said = " ".join(f"{one['what']} {one['to_do']}" for one in job.preview["remarks"])
    assert "Hãy kiểm tra hệ tọa độ của tệp." in said
    kept = client.get(reverse("imports:remarks", args=[job.public_id]))
    assert "--" not in said + b"".join(kept.streaming_content).decode()


def test_nobody_else_sees_the_file(unit, inspector, client):
    bring(client, GOOD)
    job = ImportJob.objects.get()
    other = UserFactory()
    MembershipFactory(user=other, unit=unit, role="administrator")
    client.force_login(other)

    for name in ("imports:job", "imports:remarks"):
        assert client.get(reverse(name, args=[job.public_id])).status_code == 404
    assert step(client, job, "discard").status_code == 404
    assert client.get(reverse("imports:list")).context["page"].paginator.count == 0


def test_a_file_at_another_step_stays_there(unit, inspector, client):
    bring(client, GOOD)
    job = ImportJob.objects.get()
    ImportJob.objects.update(state="writing")

    assert step(client, job, "discard").status_code == 302
    job.refresh_from_db()
    assert job.state == "writing"


def test_the_empty_workbook_filled_in_is_taken(unit, inspector, client):
    answer = client.get(reverse("imports:template"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 2
    lon, lat = place_of(unit)
    sheet.append(["A1", "ao, ao nuôi cá", "Ao Sen", lon.replace(".", ","), lat.replace(".", ","),
                  "2,5", "UBND xã", None])  # fmt: skip
    filled = io.BytesIO()
    book.save(filled)

    bring(client, filled.getvalue(), "mau.xlsx")
    job = read(client, ImportJob.objects.get())

    assert (job.state, job.counts["taken"]) == ("preview", 1), (job.message, job.preview)
