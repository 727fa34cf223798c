"""Documents of hazards: told by their bytes, kept exactly, for those who may see the hazard."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from hazards.models import HazardAttachment
from hazards.services.assessment import assess
from hazards.services.merging import merge
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def office(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.fixture
def pond():
    hazard = HazardFactory(unit=UnitFactory(place=0))
    assess()
    return hazard


@pytest.fixture
def desk(client, pond):
    client.force_login(user_with_role(Role.INSPECTOR, pond.unit))
    return client


def attach(desk, pond, data, name="qd.pdf", **more):
    sent = {"file": SimpleUploadedFile(name, data), "kind": "decision", "title": "QĐ 12"} | more
    return desk.post(reverse("hazards:attach", args=[pond.code]), sent)


def test_a_document_comes_back_byte_for_byte_and_is_never_shown_by_the_browser(desk, pond):
    attach(desk, pond, PDF, dated_on="2026-05-01")

    kept = HazardAttachment.objects.get()
    assert (kept.sha256, kept.media_type) == (hashlib.sha256(PDF).hexdigest(), "application/pdf")
    answer = desk.get(reverse("hazards:attachment", args=[kept.public_id]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "QĐ 12" in desk.get(reverse("hazards:record", args=[pond.code])).content.decode()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (office("word/document.xml"), "wordprocessingml"),
        (office("xl/workbook.xml"), "spreadsheetml"),
        (b"\xff\xd8\xff\xe0" + b"0" * 80, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 80, "image/png"),
    ],
)
def test_what_it_is_is_told_by_its_bytes_whatever_its_name(desk, pond, data, media_type):
    attach(desk, pond, data, name="../../scan.exe")

    kept = HazardAttachment.objects.get()
    assert media_type in kept.media_type
    assert kept.stored_name == f"{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ" + b"0" * 80,
        b"PK\x03\x04 broken",
        office("word/document.xml", "word/vbaProject.bin"),
        office("other.txt"),
    ],
)
def test_what_could_do_harm_is_refused_and_nothing_is_written(desk, pond, data):
    answer = attach(desk, pond, data, name="decision.pdf")

    assert answer.status_code == 422
    assert "decision.pdf" in answer.content.decode()
    assert not HazardAttachment.objects.exists()


def test_too_large_and_twice_are_refused(desk, pond, settings):
    attach(desk, pond, PDF)
    assert attach(desk, pond, PDF).status_code == 422
    settings.ATTACHMENT_MAX_BYTES = 10
    assert attach(desk, pond, PDF + b"more").status_code == 422
    assert HazardAttachment.objects.count() == 1


def test_taken_off_it_is_sent_no_more_but_may_come_again(desk, pond):
    attach(desk, pond, PDF)
    kept = HazardAttachment.objects.get()

    desk.post(reverse("hazards:attachment_withdraw", args=[kept.public_id]))

    assert desk.get(reverse("hazards:attachment", args=[kept.public_id])).status_code == 404
    assert attach(desk, pond, PDF).status_code == 302


def test_a_merged_record_takes_its_documents_along(desk, pond):
    other = HazardFactory(unit=pond.unit)
    attach(desk, other, PDF)

    merge(survivor=pond, merged=other, actor=user_with_role(Role.INSPECTOR, pond.unit))

    assert HazardAttachment.objects.get().hazard == pond
