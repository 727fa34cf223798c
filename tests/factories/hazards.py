"""Hazards and what was seen of them, as rows; services are tested by calling the services."""

import uuid
from datetime import date

import factory
from django.contrib.gis.geos import Point

from common.codes import make_code
from common.text import plain
from hazards.models import (
    ComplianceRule,
    DepthObservation,
    HazardAssessment,
    ResponsibleBody,
    Safeguard,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from hazards.taxonomy import DepthMethod, Duty, HazardKind, ObservedState, SafeguardKind, Verdict
from tests.factories.accounts import UserFactory
from tests.factories.places import UnitFactory

REGISTERED_ON = date(2024, 1, 1)


class ResponsibleBodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResponsibleBody

    name = factory.Sequence(lambda n: f"Công ty Thủy nông {n}")
    name_plain = factory.LazyAttribute(lambda body: plain(body.name))
    kind = "company"


class HazardFactory(factory.django.DjangoModelFactory):
    """A pond over 2 m deep, registered on 1 January 2024, in the middle of its unit.

    It has no stored verdict: call ``hazards.services.assessment.assess`` or use AssessmentFactory.
    """

    class Meta:
        model = WaterHazard

    code = factory.Sequence(lambda n: make_code(9_000_000 + n))
    name = factory.Sequence(lambda n: f"Ao làng {n}")
    name_plain = factory.LazyAttribute(lambda hazard: plain(hazard.name))
    kind = HazardKind.POND
    unit = factory.SubFactory(UnitFactory)
    position_method = "map"
    depth_class = "gt_2"
    depth_method = DepthMethod.MEASURED
    registered_on = REGISTERED_ON

    @factory.lazy_attribute
    def geometry(self) -> Point:
        return self.unit.geometry.point_on_surface

    @factory.lazy_attribute
    def location(self) -> Point:
        return self.geometry.point_on_surface


class SafeguardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Safeguard

    hazard = factory.SubFactory(HazardFactory)
    kind = SafeguardKind.SIGN_WARNING


class SafeguardObservationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafeguardObservation

    hazard = factory.SubFactory(HazardFactory)
    duty = Duty.SIGN
    state = ObservedState.PRESENT
    observed_on = date(2025, 6, 1)
    source_kind = "office"
    source_uuid = factory.LazyFunction(uuid.uuid4)


class DepthObservationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DepthObservation

    hazard = factory.SubFactory(HazardFactory)
    depth_class = "gt_2"
    method = DepthMethod.MEASURED
    observed_on = date(2025, 6, 1)
    source_kind = "office"


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ComplianceRule

    rule_code = factory.Sequence(lambda n: f"rule-{n}")
    title_vi = "Bể bơi phải có rào chắn"
    title_en = "Swimming pools must have a barrier"
    kinds = ["pool"]
    duties = ["barrier"]
    valid_from = date(2024, 1, 1)


class WaiverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Waiver

    hazard = factory.SubFactory(HazardFactory)
    granted_by = factory.SubFactory(UserFactory)
    reason = "Hồ đang được san lấp"
    valid_from = date(2025, 1, 1)
    valid_to = date(2026, 1, 1)


class AssessmentFactory(factory.django.DjangoModelFactory):
    """A stored verdict set by hand, for tests of what reads it."""

    class Meta:
        model = HazardAssessment

    hazard = factory.SubFactory(HazardFactory)
    assessed_on = date(2026, 1, 1)
    verdict = Verdict.NONCOMPLIANT
    sign = "unmet"
    barrier = "unmet"
    cover = "not_required"
    depth_class = "gt_2"
