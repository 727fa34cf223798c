"""Hazards change field by field, with who and why, and their verdicts follow."""

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from accounts.models import AuditEntry
from hazards import errors
from hazards.models import WaterHazard
from hazards.services.inventory import (
    HazardChange,
    NewHazard,
    prepare_hazards,
    register_hazard,
    register_hazards,
    update_hazard,
    update_hazards,
)
from hazards.signals import hazards_changed
from tests.factories.accounts import UserFactory
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def west():
    return UnitFactory(place=0)


@pytest.fixture
def east():
    return UnitFactory(place=1)


@pytest.fixture
def pond(west):
    new = NewHazard(kind="pond", geometry=Point(106.55, 11.75, srid=4326), name="Ao cũ")
    return register_hazard(new=new, actor=None)


def test_a_new_kind_changes_the_rule_and_the_audit_trail_says_what_was(pond):
    actor = UserFactory()
    update_hazard(hazard=pond, actor=actor, reason="kiểm tra lại", kind="well", name="Giếng mới")

    pond.refresh_from_db()
    assert (pond.kind, pond.name_plain) == ("well", "gieng moi")
    assert (pond.assessment.sign, pond.assessment.cover) == ("not_required", "unknown")
    entry = AuditEntry.objects.get(verb="update_hazards")
    assert (entry.actor, entry.facts["reason"]) == (actor, "kiểm tra lại")
    assert entry.facts["changes"][pond.code]["kind"] == ["pond", "well"]


def test_a_moved_hazard_is_placed_in_the_unit_it_now_lies_in(pond, east):
    update_hazard(hazard=pond, actor=None, geometry=Point(106.65, 11.75, srid=4326))

    pond.refresh_from_db()
    assert pond.unit == east
    assert pond.location.x == 106.65


def test_moving_out_of_all_units_is_refused_and_changes_nothing(pond):
    with pytest.raises(errors.OutsideUnitsError):
        update_hazard(hazard=pond, actor=None, geometry=Point(107.5, 11.75, srid=4326))

    assert WaterHazard.objects.get().location.x == 106.55


def test_the_same_values_again_change_nothing_and_leave_no_trace(pond):
    stored = WaterHazard.objects.get()
    same = {"name": "Ao cũ", "kind": "pond", "geometry": Point(106.55, 11.75, srid=4326)}

    assert update_hazards(changes=[HazardChange(stored, same)], actor=None) == 0
    assert not AuditEntry.objects.filter(verb="update_hazards").exists()
    assert WaterHazard.objects.get().updated_at == stored.updated_at


def test_many_changes_leave_one_audit_entry_and_one_signal(
    west, django_capture_on_commit_callbacks
):
    ponds, heard = [HazardFactory(unit=west) for _ in range(3)], []

    def listen(*, hazard_ids, **_more):
        heard.append(sorted(hazard_ids))

    hazards_changed.connect(listen)
    body = ResponsibleBodyFactory()
    changes = [HazardChange(pond, {"responsible_body": body}) for pond in ponds]
    with django_capture_on_commit_callbacks(execute=True):
        assert update_hazards(changes=changes, actor=None, batch="import 8") == 3
    hazards_changed.disconnect(listen)

    assert AuditEntry.objects.get().facts["count"] == 3
    assert heard == [[pond.pk for pond in ponds]]
    assert {pond.responsible_body for pond in WaterHazard.objects.all()} == {body}


@pytest.mark.parametrize("name", ["code", "public_id", "source_id", "area_m2", "location"])
def test_what_identifies_or_follows_cannot_be_changed(pond, name):
    with pytest.raises(errors.FixedFieldError, match=name):
        update_hazard(hazard=pond, actor=None, **{name: "x"})


def test_refusals_come_row_by_row_before_anything_is_stored(west):
    good = NewHazard(kind="pond", geometry=Point(106.55, 11.75, srid=4326))
    lost = NewHazard(kind="pond", geometry=Point(107.5, 11.75, srid=4326))
    empty = NewHazard(kind="pond", geometry=Point(srid=4326))

    prepared = prepare_hazards([good, lost, empty, good])

    assert [type(row) for row in prepared] == [
        WaterHazard,
        errors.OutsideUnitsError,
        errors.EmptyShapeError,
        WaterHazard,
    ]
    assert not WaterHazard.objects.exists()
    kept = register_hazards(
        hazards=[row for row in prepared if isinstance(row, WaterHazard)], actor=None
    )
    assert len(kept) == WaterHazard.objects.count() == 2


def test_registering_takes_a_fixed_number_of_queries(west, django_assert_max_num_queries):
    many = [NewHazard(kind="pond", geometry=Point(106.55, 11.75, srid=4326))] * 150

    with django_assert_max_num_queries(12):
        register_hazards(hazards=many, actor=None)
    assert connection.in_atomic_block
