"""A user of commune A gets nothing of commune B, and cannot tell hidden from absent."""

import io
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Membership
from accounts.roles import Role
from hazards.models import HazardPhoto
from tests.factories.hazard_scenes import Scene, days_ago, make_scene

pytestmark = pytest.mark.django_db

SECRET_NAME = "Ao Bình Minh"  # the one hazard of commune B


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def body_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode()
    sheets = load_workbook(io.BytesIO(content)).worksheets
    return "\n".join(str(cell.value) for sheet in sheets for row in sheet for cell in row)


def list_addresses() -> list[str]:
    files = [
        reverse("hazards:export", args=[name, format_name])
        for name in ("list", "noncompliances")
        for format_name in ("csv", "xlsx", "geojson")
    ]
    pages = ["list", "points", "noncompliances", "noncompliances_print"]
    return [*(reverse(f"hazards:{name}") for name in pages), *files]


@pytest.mark.parametrize("address", list_addresses())
@pytest.mark.parametrize("query", ["", "unit", "q", "code", "as_of", "body"])
def test_no_list_map_or_file_holds_anything_of_another_commune(scene, client, address, query):
    client.force_login(scene.inspector)
    other = scene.hazards["other"]
    asked = {
        "": {},
        "unit": {"unit": scene.unit_b.pk},
        "q": {"q": "binh minh"},
        "code": {"q": other.code},
        "as_of": {"as_of": days_ago(1).isoformat()},
        "body": {"body": scene.company.pk},
    }[query]

    response = client.get(address, asked)
    text = body_of(response)

    assert response.status_code == 200
    assert SECRET_NAME not in text
    assert scene.unit_b.full_name not in text
    if query not in {"code", "q"}:
        assert other.code not in text


@pytest.mark.parametrize("name", ["record", "edit", "observe"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_hidden_record_and_one_that_is_not_there_answer_alike(scene, client, name, method):
    client.force_login(scene.inspector)
    hidden = scene.hazards["other"].code
    absent = "AT-9999999-9"

    answers = []
    for code in (hidden, absent):
        response = getattr(client, method)(reverse(f"hazards:{name}", args=[code]))
        answers.append((response.status_code, body_of(response).replace(code, "")))

    if (name, method) != ("record", "post"):
        assert answers[0][0] == 404
    assert _without_tokens(answers[0][1]) == _without_tokens(answers[1][1])


def _without_tokens(text: str) -> list[str]:
    """Leave out lines with a CSRF token, which is new each time."""
    return [line for line in text.splitlines() if "csrf" not in line.lower()]


def test_a_photo_of_another_commune_is_not_found(scene, client):
    photo = HazardPhoto.objects.create(
        hazard=scene.hazards["other"], taken_on=days_ago(1), image_name="any.jpg",
        original_sha256="0" * 64, source_kind="submission", source_uuid=uuid.uuid4(),
    )  # fmt: skip
    client.force_login(scene.inspector)

    hidden = client.get(reverse("hazards:photo", args=[photo.public_id, "full"]))
    absent = client.get(reverse("hazards:photo", args=[uuid.uuid4(), "full"]))

    assert hidden.status_code == absent.status_code == 404


def test_a_role_in_two_communes_exports_only_where_it_may(scene, client):
    """Surveyor in B, inspector in A: he sees both lists, and takes away only A's."""
    Membership.objects.create(user=scene.inspector, role=Role.SURVEYOR, unit=scene.unit_b)
    client.force_login(scene.inspector)
    in_b = {"unit": scene.unit_b.pk}

    page = client.get(reverse("hazards:list"), in_b)
    csv = client.get(reverse("hazards:export", args=["list", "csv"]), in_b)

    assert SECRET_NAME in page.content.decode()
    assert page.context["export_count"] == 0
    assert SECRET_NAME not in body_of(csv)


def test_households_are_named_only_where_the_role_is_held(scene, client):
    """Planner in A and inspector in B: the household of A stays hidden."""
    Membership.objects.create(user=scene.planner, role=Role.INSPECTOR, unit=scene.unit_b)
    client.force_login(scene.planner)

    csv = client.get(reverse("hazards:export", args=["list", "csv"]), {"unit": scene.unit_a.pk})

    assert "Nguyễn Văn Mừng" not in body_of(csv)


@pytest.mark.parametrize("address", list_addresses())
def test_nobody_reads_a_list_without_signing_in(client, address, db):
    response = client.get(address)

    assert response.status_code == 302
    assert "login" in response["Location"]
