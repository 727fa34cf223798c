"""The register as it was known at a moment, read by the code that reads today's."""

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, transaction
from django.utils import timezone

from hazards.models import SafeguardObservation, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess, assessments_on
from history.asof import Layer, known_at, laid_over
from tests.factories.hazard_scenes import days_ago, make_scene, observe
from tests.factories.hazards import (
    HazardFactory,
    ResponsibleBodyFactory,
    SafeguardObservationFactory,
)

pytestmark = pytest.mark.django_db


def verdicts():
    return {row.hazard_id: row.verdict for row in assessments_on(timezone.localdate())}


def test_names_shapes_bodies_and_verdicts_are_those_of_the_moment():
    scene = make_scene()
    hazard, gone = scene.hazards["bare"], scene.hazards["unseen"]
    shape, before = hazard.geometry, verdicts()
    moment = timezone.now()
    WaterHazard.objects.filter(pk=hazard.pk).update(
        name="Ao khác", kind="well", geometry=Point(106.6, 11.8, srid=4326), responsible_body=None
    )
    WaterHazard.objects.filter(pk=hazard.pk).update(name="Ao khác nữa", unit=scene.unit_b)
    later = HazardFactory(unit=scene.unit_a)
    for duty in ("sign", "barrier"):
        SafeguardObservationFactory(hazard=hazard, duty=duty, observed_on=days_ago(0))
    gone.assessment.delete()
    WaterHazard.objects.filter(pk=gone.pk)._raw_delete("default")

    with known_at(moment):
        past = WaterHazard.objects.select_related("responsible_body").get(pk=hazard.pk)
        assert (past.name, past.kind, past.unit_id) == ("Ao ông Tám", "pond", scene.unit_a.pk)
        assert past.geometry.equals_exact(shape)
        assert past.responsible_body == scene.household
        assert WaterHazard.objects.filter(pk=gone.pk).exists()
        assert not WaterHazard.objects.filter(pk=later.pk).exists()
        assert WaterHazard.objects.matching("ong tam").get().pk == hazard.pk
        assert verdicts() == before  # also of the one that is gone now

    now = WaterHazard.objects.get(pk=hazard.pk)
    assert (now.name, now.unit_id) == ("Ao khác nữa", scene.unit_b.pk)
    assert not WaterHazard.objects.filter(pk=gone.pk).exists()
    assert verdicts() != before


def test_a_day_before_the_history_shows_rows_as_they_first_were():
    moment = timezone.now()
    hazard = HazardFactory(name="Ao đầu")
    WaterHazard.objects.update(name="Ao sau")

    with laid_over(Layer(moment, added_until=timezone.now())):
        assert WaterHazard.objects.get(pk=hazard.pk).name == "Ao đầu"
    with known_at(moment):
        assert not WaterHazard.objects.exists()


def test_the_past_cannot_be_written_to():
    HazardFactory()
    moment = timezone.now()
    ResponsibleBodyFactory()
    with known_at(moment), pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
        SafeguardObservation.objects.all()._raw_delete("default")
    assess()


def test_a_list_of_a_day_gone_by_shows_what_was_known_then_when_asked():
    scene = make_scene()
    reader = reader_for(scene.planner)
    moment = timezone.now()
    hazard = scene.hazards["bare"]
    WaterHazard.objects.filter(pk=hazard.pk).update(name="Ao khác", unit=scene.unit_b)
    observe(hazard, days=0, sign="present", barrier="present")
    assess()

    then = rows_for(reader, HazardFilter(known_at=moment, sort="name"))
    now = rows_for(reader, HazardFilter(sort="name"))

    assert then.verdict_counts() == {
        "noncompliant": 1, "partly": 2, "compliant": 1, "not_surveyed": 1
    }  # fmt: skip
    assert {row.hazard.name for row in then.stream()} - {
        row.hazard.name for row in now.stream()
    } == {"Ao ông Tám"}
    assert then.page(2).total == 5
    assert now.count() == 4
