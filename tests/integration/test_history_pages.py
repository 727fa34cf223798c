"""The pages of changes: readable, bounded by area and role, and able to undo."""

import uuid
from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from accounts.roles import Role
from hazards.models import SafeguardObservation, WaterHazard
from history.context import acting
from history.selectors.changes import events_of_hazard, told
from tests.factories.accounts import UserFactory, user_with_role
from tests.factories.hazard_scenes import make_scene
from tests.factories.hazards import DepthObservationFactory, SafeguardObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def chief():
    return UserFactory(is_superuser=True, is_staff=True)


def test_a_move_is_told_in_metres_and_words(scene):
    hazard = scene.hazards["bare"]
    WaterHazard.objects.filter(pk=hazard.pk).update(geometry=Point(106.8, 11.75, srid=4326))
    with acting(actor=scene.inspector, verb="update_hazards", reason="đo lại"):
        WaterHazard.objects.filter(pk=hazard.pk).update(
            geometry=Point(106.801, 11.75, srid=4326), kind="lake", responsible_body=scene.company
        )

    entry = told(events_of_hazard(hazard.pk)[:1])[0]

    assert (entry.who, entry.reason) == (scene.inspector.display_name(), "đo lại")
    shown = {change.label: (change.before, change.after) for change in entry.fields}
    assert shown["kind"] == ("pond, fish pond", "natural lake, lagoon")
    assert shown["responsible body"] == (scene.household.name, "Công ty Thủy lợi")
    moved = next(change for change in entry.fields if change.shapes)
    assert moved.moved_m == pytest.approx(108.87, abs=0.1)  # 0.001° of longitude at 11.75° N


def test_what_was_added_is_told_as_long_as_it_stands_as_it_was_added(scene):
    hazard = scene.hazards["bare"]
    seen = SafeguardObservationFactory(
        hazard=hazard, duty="sign", state="missing", observed_on=date(2026, 8, 9)
    )
    DepthObservationFactory(hazard=hazard, depth_class="gt_2", observed_on=date(2026, 8, 9))

    added = {entry.record: entry.added for entry in told(events_of_hazard(hazard.pk)[:2])}
    assert added["safeguard observation"] == "warning sign: missing, 9 Aug 2026"
    assert added["depth observation"].endswith("9 Aug 2026")

    SafeguardObservation.objects.filter(pk=seen.pk).update(state="damaged")
    entries = told(events_of_hazard(hazard.pk)[:3])
    assert [entry.op for entry in entries] == ["changed", "added", "added"]
    assert [bool(entry.added) for entry in entries] == [False, True, False]


def test_the_page_is_for_those_who_edit_there(scene, client):
    address = reverse("hazards:history", args=[scene.hazards["bare"].code])
    client.force_login(scene.inspector)
    assert client.get(address).status_code == 200
    client.force_login(scene.planner)
    assert client.get(address).status_code == 403
    client.force_login(user_with_role(Role.INSPECTOR, scene.unit_b))
    assert client.get(address).status_code == 404


def test_an_administrator_sees_his_area_only(scene, client):
    with acting(actor=scene.inspector, verb="update_hazards"):
        WaterHazard.objects.update(note="đổi")
    client.force_login(user_with_role(Role.ADMINISTRATOR, scene.unit_b))

    page = client.get(reverse("hazards:changes"))

    hazards = {entry.hazard_id for entry in page.context["entries"]}
    assert hazards == {scene.hazards["other"].pk}


def test_a_batch_is_previewed_and_undone_on_the_page(scene, client, chief):
    batch = uuid.uuid4()
    with acting(actor=scene.inspector, verb="import_hazards", batch=batch):
        WaterHazard.objects.filter(unit=scene.unit_a).update(note="nhầm")
    client.force_login(chief)
    address = reverse("hazards:undo")

    assert client.get(address, {"batch": batch}).context["plan"].undone == 5
    refused = client.post(address, {"batch": batch, "reason": ""})
    assert refused.status_code == 422
    done = client.post(address, {"batch": batch, "reason": "nhầm tệp"})

    assert done.status_code == 302
    assert not WaterHazard.objects.filter(note="nhầm").exists()
    assert client.get(reverse("hazards:changes")).context["batches"][0]["reason"] == "nhầm tệp"


def test_who_does_not_administer_all_of_it_may_not_undo(scene, client):
    both, own = uuid.uuid4(), uuid.uuid4()
    with acting(actor=scene.inspector, batch=both):
        WaterHazard.objects.update(note="cả hai xã")
    with acting(actor=scene.inspector, batch=own):
        WaterHazard.objects.filter(unit=scene.unit_a).update(note="xã A")
    client.force_login(user_with_role(Role.ADMINISTRATOR, scene.unit_a))
    address = reverse("hazards:undo")

    assert client.get(address, {"batch": both}).status_code == 403
    assert client.post(address, {"batch": both, "reason": "x"}).status_code == 403
    assert client.get(address, {"batch": own}).status_code == 200
    client.force_login(user_with_role(Role.ADMINISTRATOR, scene.unit_b))
    assert client.get(address, {"batch": own}).status_code == 403
    shown = client.get(reverse("hazards:changes")).context["batches"]
    assert [batch["batch"] for batch in shown] == [both]


def test_a_code_from_elsewhere_is_unknown(scene, client):
    client.force_login(scene.inspector)
    client.get(reverse("hazards:noncompliances_print"))
    from history.models import PrintedList

    code = PrintedList.objects.get().code
    address = reverse("hazards:check_list")
    assert client.get(address, {"code": code}).context["found"].same
    client.force_login(user_with_role(Role.INSPECTOR, scene.unit_b))
    assert client.get(address, {"code": code}).status_code == 404
