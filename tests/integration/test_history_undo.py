"""Undoing a batch, or somebody's day, leaves all other work as if it had never been."""

import contextlib
import uuid
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards.models import SafeguardObservation, WaterHazard
from hazards.services.assessment import assess
from hazards.taxonomy import Lifecycle
from history.context import acting
from history.errors import NothingToUndoError, UndoReasonMissingError
from history.models import Change
from history.services.undo import Wanted, preview_undo, undo
from tests.factories.accounts import UserFactory
from tests.factories.hazard_scenes import days_ago, make_scene
from tests.factories.hazards import HazardFactory, SafeguardObservationFactory

pytestmark = pytest.mark.django_db
HAZARD = "hazards_waterhazard"


def names() -> dict[int, str]:
    return dict(WaterHazard.objects.order_by("pk").values_list("pk", "name"))


def verdict(hazard) -> str:
    return WaterHazard.objects.get(pk=hazard.pk).assessment.verdict


def test_an_import_is_undone_but_not_what_others_did_later():
    clerk, other = UserFactory(), UserFactory()
    scene = make_scene()
    old, bare = scene.hazards["good"], scene.hazards["bare"]
    batch = uuid.uuid4()
    with acting(actor=clerk, verb="import_hazards", batch=batch):
        WaterHazard.objects.filter(pk=old.pk).update(name="Sai", kind="well")
        WaterHazard.objects.filter(pk=bare.pk).update(name="Sai nữa")
        fresh, used = HazardFactory(unit=scene.unit_a), HazardFactory(unit=scene.unit_a)
        for duty in ("sign", "barrier"):
            SafeguardObservationFactory(hazard=bare, duty=duty, observed_on=days_ago(0))
    assess()
    assert verdict(bare) == "compliant"
    with acting(actor=other, verb="edit"):
        WaterHazard.objects.filter(pk=old.pk).update(name="Tên đúng")
        SafeguardObservationFactory(hazard=used, observed_on=days_ago(0))

    plan = preview_undo(Wanted(batch=batch))
    assert (plan.undone, plan.kept_rows) == (5, 2)  # 2 names/kinds, 1 hazard, 2 observations
    assert {(row["table_name"], row["row_id"], row["actor_id"]) for row in plan.kept} == {
        (HAZARD, old.pk, other.pk),
        (HAZARD, used.pk, other.pk),
    }
    done, back = undo(wanted=Wanted(batch=batch), actor=clerk, reason="nhầm tệp")
    assert done.counts == plan.counts

    now = WaterHazard.objects.get(pk=old.pk)
    assert (now.name, now.kind) == ("Tên đúng", "pond")
    assert names()[bare.pk] == "Ao ông Tám"
    assert WaterHazard.objects.get(pk=fresh.pk).lifecycle == Lifecycle.ENTERED_IN_ERROR
    assert WaterHazard.objects.get(pk=used.pk).lifecycle == Lifecycle.IN_USE
    assert SafeguardObservation.with_withdrawn.filter(withdrawn_at__isnull=False).count() == 2
    assert verdict(bare) == "noncompliant"

    with pytest.raises(NothingToUndoError):
        undo(wanted=Wanted(batch=batch, actor_id=clerk.pk), actor=clerk, reason="lần nữa")
    undo(wanted=Wanted(batch=back), actor=clerk, reason="vẫn đúng")
    assert names()[bare.pk] == "Sai nữa"
    assert WaterHazard.objects.get(pk=fresh.pk).lifecycle == Lifecycle.IN_USE
    assert verdict(bare) == "compliant"


def test_somebodys_day_is_undone():
    clerk, other = UserFactory(), UserFactory()
    first, second = HazardFactory(name="A"), HazardFactory(name="B")
    with acting(actor=clerk):
        WaterHazard.objects.filter(pk=first.pk).update(name="A1")
    with acting(actor=other):
        WaterHazard.objects.filter(pk=second.pk).update(name="B1")

    undo(wanted=Wanted(actor_id=clerk.pk, day=timezone.localdate()), actor=other, reason="sai")

    assert names() == {first.pk: "A", second.pk: "B1"}
    assert Change.objects.filter(verb="undo_day", actor_id=other.pk, reason="sai").exists()


def test_a_reason_is_asked_for():
    with pytest.raises(UndoReasonMissingError):
        undo(wanted=Wanted(batch=uuid.uuid4()), actor=None, reason=" ")


@dataclass(frozen=True)
class Edit:
    actor: int  # 0 is the batch to undo
    row: int
    field: str
    value: str


EDITS = st.lists(
    st.builds(
        Edit,
        actor=st.integers(0, 2),
        row=st.integers(0, 2),
        field=st.sampled_from(["name", "note", "hamlet"]),
        value=st.sampled_from(["p", "q", "r", "s"]),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_random_edits_with_one_batch_undone_are_as_if_it_never_ran(edits):
    with transaction.atomic():
        rows = [HazardFactory(name="o", note="o", hamlet="o") for _ in range(3)]
        batch = uuid.uuid4()
        expected = {(n, f): "o" for n in range(3) for f in ("name", "note", "hamlet")}
        shown = dict(expected)
        for edit in edits:
            place = (edit.row, edit.field)
            with acting(verb=f"actor {edit.actor}", batch=None if edit.actor else batch):
                WaterHazard.objects.filter(pk=rows[edit.row].pk).update(**{edit.field: edit.value})
            # writing what stands there already is no change, and leaves no event
            if edit.actor and shown[place] != edit.value:
                expected[place] = edit.value
            shown[place] = edit.value
        with contextlib.suppress(NothingToUndoError):
            undo(wanted=Wanted(batch=batch), actor=None, reason="thử")
        for (n, field), value in expected.items():
            assert getattr(WaterHazard.objects.get(pk=rows[n].pk), field) == value
        transaction.set_rollback(True)
