"""A small register whose every figure can be counted by hand, for tests of lists and records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from common.text import plain
from hazards.models import ResponsibleBody, WaterHazard
from hazards.services.assessment import assess
from tests.factories.accounts import user_with_role
from tests.factories.hazards import (
    HazardFactory,
    ResponsibleBodyFactory,
    SafeguardObservationFactory,
)
from tests.factories.places import UnitFactory


@dataclass
class Scene:
    """Commune A with five hazards, commune B with one; an inspector and a planner of A."""

    unit_a: object
    unit_b: object
    inspector: User
    planner: User
    company: ResponsibleBody
    household: ResponsibleBody
    hazards: dict[str, WaterHazard] = field(default_factory=dict)


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def observe(hazard: WaterHazard, days: int, **states: str) -> None:
    for duty, state in states.items():
        SafeguardObservationFactory(
            hazard=hazard, duty=duty, state=state, observed_on=days_ago(days)
        )


def make_scene() -> Scene:
    """In A: 1 noncompliant, 2 partly, 1 compliant, 1 not surveyed. In B: 1 noncompliant."""
    unit_a, unit_b = UnitFactory(), UnitFactory()
    scene = Scene(
        unit_a=unit_a,
        unit_b=unit_b,
        inspector=user_with_role(Role.INSPECTOR, unit_a),
        planner=user_with_role(Role.PLANNER, unit_a),
        company=ResponsibleBodyFactory(name="Công ty Thủy lợi"),
        household=ResponsibleBodyFactory(name="Nguyễn Văn Mừng", kind="household"),
    )
    rows = {
        "bare": (unit_a, "Ao ông Tám", scene.household, {"sign": "missing", "barrier": "missing"}),
        "fence": (unit_a, "Hồ Suối Giai", scene.company, {"sign": "present", "barrier": "missing"}),
        "sign": (unit_a, "Kênh Đồng Xoài", None, {"sign": "damaged", "barrier": "present"}),
        "good": (unit_a, "Hồ Bàu Úm", scene.company, {"sign": "present", "barrier": "present"}),
        "unseen": (unit_a, "Hố đất Suối Lai", None, {}),
        "other": (unit_b, "Ao Bình Minh", scene.company, {"sign": "missing", "barrier": "missing"}),
    }
    for days, (key, (unit, name, body, states)) in enumerate(rows.items(), start=10):
        hazard = HazardFactory(unit=unit, name=name, responsible_body=body, name_plain=plain(name))
        observe(hazard, days, **states)
        scene.hazards[key] = hazard
    assess()
    return scene
