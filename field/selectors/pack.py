"""What a phone takes along: the hazards of its surveyor's area, outlines, what is due."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import F, Func, TextField, Value
from django.utils import timezone

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from field.selectors.campaigns import due_for
from hazards.models import WaterHazard
from hazards.models.assessment import DutyState
from hazards.taxonomy import NOT_LISTED, Duty
from places.models import AdminUnit

MOST_HAZARDS = 10_000  # about 2 MB packed; a commune has hundreds
_TOLERANCE_DEG = 0.00005  # about 5 m
_UNIT_TOLERANCE_DEG = 0.0001


def pack_for(user: User) -> dict[str, Any]:
    """Return hazards (rows in the order of ``columns``) and units of the surveyor's area."""
    scope = scope_for(user, Action.CAPTURE)
    rows = (
        WaterHazard.objects.visible_to(user, Action.CAPTURE)
        .exclude(lifecycle__in=NOT_LISTED)
        .annotate(
            verdict=F("assessment__verdict"), sign=F("assessment__sign"),
            barrier=F("assessment__barrier"), cover=F("assessment__cover"),
            changes_on=F("assessment__changes_on"), looked_on=F("assessment__last_observed_on"),
            children=F("assessment__children_near"),
            outline=_geojson("geometry", _TOLERANCE_DEG, 5),
        )
        .order_by("pk")
    )  # fmt: skip
    hazards = [_row(hazard) for hazard in rows.defer("words", "source_facts")[:MOST_HAZARDS]]
    drawn = AdminUnit.objects.current().filter(scope.q(unit_field=""), geometry__isnull=False)
    units = drawn.annotate(outline=_geojson("geometry", _UNIT_TOLERANCE_DEG, 4))
    return {
        "made_on": timezone.localdate().isoformat(),
        "assigned": due_for(user),
        "columns": COLUMNS,
        "hazards": hazards,
        "is_cut": len(hazards) == MOST_HAZARDS,
        "units": [
            {"name": unit.full_name, "outline": json.loads(unit.outline)}
            for unit in units.defer("geometry")
        ],
    }


COLUMNS = (
    "code", "name", "kind", "hamlet", "lat", "lon", "verdict", "missing", "due_on", "looked_on",
    "children", "lifecycle", "outline",
)  # fmt: skip


def _row(hazard: Any) -> list[Any]:
    missing = [
        duty.value
        for duty in Duty
        if getattr(hazard, duty.value) not in (DutyState.MET, DutyState.NOT_REQUIRED, None)
    ]
    is_point = hazard.geometry.geom_type == "Point"
    return [
        hazard.code,
        hazard.name,
        hazard.kind,
        hazard.hamlet,
        round(hazard.location.y, 6),
        round(hazard.location.x, 6),
        hazard.verdict or "not_surveyed",
        missing,
        hazard.changes_on.isoformat() if hazard.changes_on else None,
        hazard.looked_on.isoformat() if hazard.looked_on else None,
        None if hazard.children is None else round(hazard.children),
        hazard.lifecycle,
        None if is_point else json.loads(hazard.outline),
    ]


def _geojson(column: str, tolerance_deg: float, decimals: int) -> Func:
    simple = Func(
        column, Value(tolerance_deg), function="ST_SimplifyPreserveTopology",
        output_field=GeometryField(srid=4326),
    )  # fmt: skip
    return Func(simple, Value(decimals), function="ST_AsGeoJSON", output_field=TextField())
