"""Many hazards changed at once, and who answers for one: shown first, one batch, undone whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from hazards.models import Responsibility, ResponsibleBody, WaterHazard
from hazards.services.assessment import assess
from hazards.views import bulk
from history.models import Change
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
BULK = "/hazards/bulk/"


@pytest.fixture
def ponds():
    here, there = UnitFactory(place=0), UnitFactory(place=1)
    found = [HazardFactory(unit=here, note="cũ" if n == 0 else "") for n in range(3)]
    found.append(HazardFactory(unit=there))
    assess()
    return found


@pytest.fixture
def desk(client, ponds):
    client.force_login(user_with_role(Role.INSPECTOR, ponds[0].unit))
    return client


def change(action="write", **more):
    return {
        "field": "lifecycle", "lifecycle": "abandoned", "depth_class": "gt_2",
        "new_body_kind": "other", "reason": "rà soát", "action": action,
    } | more  # fmt: skip


def states():
    return [*WaterHazard.objects.order_by("pk").values_list("lifecycle", flat=True)]


def test_looking_writes_nothing_and_writing_changes_the_own_area_only(desk, ponds):
    page = desk.post(BULK, change("look"))
    assert len(page.context["plan"]) == 3
    assert states() == ["in_use"] * 4

    desk.post(BULK, change())
    assert states() == ["abandoned"] * 3 + ["in_use"]


def test_what_is_ticked_is_left_out_and_the_batch_is_undone_by_who_made_it(desk, ponds):
    desk.post(BULK, change(left_out=[ponds[1].code]))
    assert states() == ["abandoned", "in_use", "abandoned", "in_use"]
    batch = Change.objects.exclude(batch=None).latest("pk").batch

    desk.post(reverse("hazards:undo"), {"batch": batch, "reason": "nhầm"})

    assert states() == ["in_use"] * 4


def test_a_new_body_is_made_once_and_leads_everywhere(desk, ponds):
    desk.post(BULK, change("look", field="responsible_body", new_body="Công ty Mới"))
    assert not ResponsibleBody.objects.exists()

    desk.post(BULK, change(field="responsible_body", new_body="Công ty Mới"))

    body = ResponsibleBody.objects.get()
    assert body.hazards.count() == 3
    assert Responsibility.objects.filter(body=body, role="operator").count() == 3


def test_a_note_is_put_after_the_old_one_and_a_class_never_over_metres(desk, ponds):
    WaterHazard.objects.filter(pk=ponds[0].pk).update(max_depth_m=3, depth_class="gt_2")
    desk.post(BULK, change(field="note", text="đã họp dân"))
    desk.post(BULK, change(field="depth_class", depth_class="1_to_2"))

    first, second = WaterHazard.objects.order_by("pk")[:2]
    assert (first.note, first.depth_class) == ("cũ; đã họp dân", "gt_2")
    assert (second.note, second.depth_class) == ("đã họp dân", "1_to_2")


@pytest.mark.parametrize(
    "more",
    [{"reason": ""}, {"field": "code"}, {"field": "hamlet"}, {"field": "responsible_body"}],
)
def test_half_an_answer_is_told_and_changes_nothing(desk, ponds, more):
    assert desk.post(BULK, change(**more)).status_code == 422
    assert states() == ["in_use"] * 4


def test_too_many_at_once_are_not_taken(desk, ponds, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)

    assert desk.get(BULK).context["is_too_many"]
    desk.post(BULK, change())

    assert states() == ["in_use"] * 4


def name(**more):
    return {
        "role": "operator", "new_body_kind": "other", "valid_from": "2026-01-01", "document_no": "",
    } | more  # fmt: skip


def test_a_body_is_named_ended_and_another_takes_over(desk, ponds):
    pond, body = ponds[0], ResponsibleBodyFactory(unit=ponds[0].unit)
    address = reverse("hazards:responsible", args=[pond.code])
    assert "Nobody is named" in desk.get(address).content.decode()

    desk.post(address, name(body=body.pk))
    twice = desk.post(address, name(new_body="Hợp tác xã Khác", valid_from="2026-02-01"))
    assert twice.status_code == 422
    assert ResponsibleBody.objects.count() == 1

    named = Responsibility.objects.get(hazard=pond)
    desk.post(
        reverse("hazards:responsible_end", args=[pond.code, named.public_id]),
        {"valid_to": "2026-03-01", "reason": "bàn giao"},
    )
    desk.post(address, name(new_body="Hợp tác xã Khác", valid_from="2026-03-01"))

    pond.refresh_from_db()
    assert pond.responsible_body.name == "Hợp tác xã Khác"
    named.refresh_from_db()
    assert named.valid_to == date(2026, 3, 1)


def test_nobody_named_is_said_on_the_record(desk, ponds):
    page = desk.get(
        reverse("hazards:record", args=[ponds[0].code]), headers={"accept-language": "en"}
    )

    assert "Nobody is named." in page.content.decode()
