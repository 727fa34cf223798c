"""The page of one hazard: verdict, reasons, photos, and what an inspector may write."""

import uuid
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from hazards.models import (
    HazardAssessment,
    HazardPhoto,
    ResponsibleBody,
    SafeguardObservation,
    WaterHazard,
)
from hazards.selectors.reader import reader_for
from hazards.selectors.record import record_on
from tests.factories.hazard_scenes import Scene, days_ago, make_scene, observe
from tests.factories.hazards import DepthObservationFactory, SafeguardFactory, WaiverFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def open_record(client, user, hazard, **query) -> str:
    client.force_login(user)
    response = client.get(reverse("hazards:record", args=[hazard.code]), query)
    assert response.status_code == 200
    return response.content.decode()


def add_photo(hazard, **values) -> HazardPhoto:
    name = storages["derivatives"].save(f"{uuid.uuid4()}.jpg", ContentFile(b"\xff\xd8 a picture"))
    made = {"taken_on": days_ago(3), "image_name": name, "original_sha256": "0" * 64}
    made |= {"source_kind": "submission", "source_uuid": uuid.uuid4()}
    return HazardPhoto.objects.create(hazard=hazard, **(made | values))


def test_a_record_says_the_verdict_why_and_what_to_do_next(scene, client):
    text = open_record(client, scene.inspector, scene.hazards["fence"])

    assert "Partly compliant" in text
    assert "Barrier: “missing”" in text
    assert "2696/UBND-KGVX" in text
    assert "Ask Công ty Thủy lợi to put up or mend: barrier." in text
    assert "Missing or broken" in text


@pytest.mark.parametrize("verdict", ["kept", "overtaken", "missing"])
def test_the_kept_verdict_is_told_only_while_it_holds(verdict, scene, client):
    hazard = scene.hazards["fence"]
    kept = HazardAssessment.objects.filter(hazard=hazard)
    kept.update(verdict="compliant")  # not what the evidence says: shows where the page looked
    if verdict == "overtaken":
        kept.update(changes_on=days_ago(0))
    if verdict == "missing":
        kept.delete()

    told = record_on(hazard, reader=reader_for(scene.inspector), on=days_ago(0)).row.verdict

    assert told == ("compliant" if verdict == "kept" else "partly")


def test_what_nobody_has_looked_at_is_not_called_safe(scene, client):
    text = open_record(client, scene.inspector, scene.hazards["unseen"])

    assert "That does not mean that it is safe" in text
    assert "Send somebody to look for: warning sign, barrier" in text


def test_a_household_is_hidden_from_a_planner_also_in_the_next_step(scene, client):
    hazard = scene.hazards["bare"]

    assert "Nguyễn Văn Mừng" in open_record(client, scene.inspector, hazard)
    assert "Nguyễn Văn Mừng" not in open_record(client, scene.planner, hazard)


def test_a_day_gone_by_shows_only_what_was_known_then(scene, client):
    hazard = scene.hazards["bare"]  # looked at 10 days ago

    text = open_record(client, scene.inspector, hazard, as_of=days_ago(11).isoformat())

    assert "Nobody has looked at this hazard yet" in text
    assert "Not surveyed" in text


def test_before_its_registration_the_record_says_so(scene, client):
    text = open_record(client, scene.inspector, scene.hazards["bare"], as_of="2023-12-31")

    assert "was not in the register yet; it came in on 1 Jan 2024" in text


def test_visits_stand_newest_first_with_who_and_from_where(scene, client):
    hazard = scene.hazards["good"]
    visit = {"hazard": hazard, "observer": scene.inspector, "source_uuid": uuid.uuid4()}
    DepthObservationFactory(observed_on=days_ago(1), depth_m="2.50", **visit)
    photo = add_photo(hazard, taken_on=days_ago(1), source_uuid=visit["source_uuid"])
    client.force_login(scene.inspector)

    record = client.get(reverse("hazards:record", args=[hazard.code])).context["record"]

    assert [found.on for found in record.visits] == [days_ago(1), days_ago(13), days_ago(13)]
    first = record.visits[0]
    assert (first.source, first.observer) == (
        "written down in the office", scene.inspector.display_name(),
    )  # fmt: skip
    assert first.photos == [photo]
    assert first.findings[0].text.startswith("2.5 m")


def test_safeguards_show_how_they_were_last_seen(scene, client):
    hazard = scene.hazards["bare"]
    sign = SafeguardFactory(hazard=hazard, label="Biển bờ đông")
    for days, state in ((9, "present"), (2, "damaged")):
        SafeguardObservation.objects.create(
            hazard=hazard, safeguard=sign, duty="sign", state=state, observed_on=days_ago(days),
            source_kind="office", condition="fallen" if state == "damaged" else "",
        )  # fmt: skip

    text = open_record(client, scene.inspector, hazard)

    assert "Biển bờ đông" in text
    assert "damaged, fallen over" in text


def test_a_waiver_stands_on_the_record(scene, client):
    WaiverFactory(hazard=scene.hazards["bare"], valid_from=days_ago(5), valid_to=date(2999, 1, 1))

    assert "Hồ đang được san lấp" in open_record(client, scene.inspector, scene.hazards["bare"])


def test_a_record_takes_as_many_queries_for_many_visits_as_for_one(scene, client):
    hazard = scene.hazards["bare"]
    open_record(client, scene.inspector, hazard)
    with CaptureQueriesContext(connection) as few:
        open_record(client, scene.inspector, hazard)
    for days in range(20, 40):
        observe(hazard, days, sign="missing", barrier="missing")
        add_photo(hazard, taken_on=days_ago(days))

    with CaptureQueriesContext(connection) as many:
        open_record(client, scene.inspector, hazard)

    assert len(many) == len(few) <= 35


def test_a_photo_is_sent_privately_as_what_it_is(scene, client):
    photo = add_photo(scene.hazards["bare"])
    client.force_login(scene.planner)

    for size in ("full", "thumb"):
        response = client.get(reverse("hazards:photo", args=[photo.public_id, size]))
        assert b"".join(response.streaming_content) == b"\xff\xd8 a picture"
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize("change", [{"image_name": "gone.jpg"}, {"size": "original"}])
def test_a_photo_that_is_not_there_is_not_found(scene, client, change):
    size = change.pop("size", "full")
    photo = add_photo(scene.hazards["bare"], **change)
    client.force_login(scene.inspector)

    assert client.get(reverse("hazards:photo", args=[photo.public_id, size])).status_code == 404


def form_data(hazard, **changes) -> dict[str, object]:
    data = {
        "name": hazard.name, "kind": hazard.kind, "lifecycle": hazard.lifecycle,
        "handover_on": "", "hamlet": "", "max_depth_m": "", "depth_class": hazard.depth_class,
        "depth_method": hazard.depth_method, "responsible_body": hazard.responsible_body_id or "",
        "note": "", "new_body": "", "new_body_kind": "other", "reason": "",
    }  # fmt: skip
    return data | changes


def test_an_inspector_changes_a_record_and_the_verdict_follows(scene, client):
    hazard = scene.hazards["bare"]
    client.force_login(scene.inspector)

    response = client.post(
        reverse("hazards:edit", args=[hazard.code]),
        form_data(hazard, lifecycle="filled", reason="Đã san lấp"),
    )

    assert response.status_code == 302
    hazard.refresh_from_db()
    assert (hazard.lifecycle, hazard.assessment.verdict) == ("filled", "out_of_scope")
    entry = AuditEntry.objects.filter(verb="update_hazards").latest("at")
    assert entry.facts["reason"] == "Đã san lấp"
    assert list(entry.facts["changes"][hazard.code]) == ["lifecycle"]


def test_a_new_responsible_body_is_named_in_the_same_step(scene, client):
    hazard = scene.hazards["sign"]
    client.force_login(scene.inspector)

    client.post(
        reverse("hazards:edit", args=[hazard.code]),
        form_data(hazard, new_body="Hợp tác xã Thống Nhất", new_body_kind="cooperative"),
    )

    hazard.refresh_from_db()
    assert hazard.responsible_body.name == "Hợp tác xã Thống Nhất"
    assert hazard.responsible_body.unit == scene.unit_a


def test_what_cannot_be_saved_is_said_and_what_was_typed_is_kept(scene, client):
    hazard = scene.hazards["bare"]
    client.force_login(scene.inspector)

    response = client.post(
        reverse("hazards:edit", args=[hazard.code]),
        form_data(hazard, name="®Ëp míi", new_body="Hợp tác xã Mới"),
    )

    assert response.status_code == 422
    assert "old encoding TCVN3" in response.content.decode()
    assert "®Ëp míi" in response.content.decode()
    hazard.refresh_from_db()
    assert hazard.name == "Ao ông Tám"
    assert not ResponsibleBody.objects.filter(name="Hợp tác xã Mới").exists()


def look(**changes) -> dict[str, object]:
    data = {
        "observed_on": days_ago(0).isoformat(), "sign": "not_checked", "barrier": "not_checked",
        "cover": "not_checked", "depth_class": "unknown", "method": "unknown",
    }  # fmt: skip
    return data | changes


def test_an_inspector_writes_down_a_look_and_the_verdict_follows(scene, client):
    hazard = scene.hazards["fence"]
    client.force_login(scene.inspector)

    response = client.post(
        reverse("hazards:observe", args=[hazard.code]),
        look(barrier="present", depth_m="2.4", method="measured"),
    )

    assert response.status_code == 302
    hazard.refresh_from_db()
    assert hazard.assessment.verdict == "compliant"
    seen = SafeguardObservation.objects.get(hazard=hazard, observed_on=days_ago(0))
    assert (seen.duty, seen.source_kind, seen.observer) == ("barrier", "office", scene.inspector)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Nothing was looked at"),
        ({"sign": "missing", "observed_on": "2999-01-01"}, "lies in the future"),
        ({"sign": "present", "sign_condition": "fallen"}, "do not go together"),
    ],
)
def test_a_look_that_cannot_be_is_refused_whole(scene, client, changes, message):
    hazard = scene.hazards["unseen"]
    client.force_login(scene.inspector)

    response = client.post(
        reverse("hazards:observe", args=[hazard.code]), look(barrier_condition="", **changes)
    )

    assert response.status_code == 422
    assert message in response.content.decode()
    assert not SafeguardObservation.objects.filter(hazard=hazard).exists()


def test_a_planner_sees_no_way_to_write_and_has_none(scene, client):
    hazard = scene.hazards["bare"]

    assert "Change the record" not in open_record(client, scene.planner, hazard)
    for name in ("hazards:edit", "hazards:observe"):
        assert client.get(reverse(name, args=[hazard.code])).status_code == 403


def test_the_record_of_a_day_gone_by_shows_what_was_written_then():
    scene = make_scene()
    hazard = scene.hazards["bare"]
    before = hazard.name, hazard.kind
    WaterHazard.objects.filter(pk=hazard.pk).update(name="Tên hôm nay", kind="well")
    hazard.refresh_from_db()
    reader = reader_for(scene.inspector)

    past = record_on(hazard, reader=reader, on=days_ago(1))
    today = record_on(hazard, reader=reader, on=days_ago(0))

    assert (past.row.hazard.name, past.row.hazard.kind) == before
    assert (today.row.hazard.name, today.row.hazard.kind) == ("Tên hôm nay", "well")
