"""Where people reach a large water: places are added, mended and ended, never deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import (
    DateOrderError,
    FutureDateError,
    NameMissingError,
    PlaceInUseError,
    PlaceShapeError,
    UnknownWordError,
)
from hazards.models import AccessPlace, WaterHazard
from hazards.services.assessment import reassess
from hazards.services.nearness import check_at_water
from hazards.services.preparation import no_unit_error, unit_ids_of
from hazards.services.shapes import position_of, read_shape
from hazards.taxonomy import AccessPlaceKind

CHANGEABLE = frozenset({"kind", "label", "geometry", "known_from", "known_to", "note"})


@transaction.atomic
def add_access_place(
    *,
    hazard: WaterHazard,
    kind: str,
    label: str,
    geometry: GEOSGeometry,
    known_from: date,
    actor: User | None,
    note: str = "",
) -> AccessPlace:
    """Add a place where people reach the water; from its first day the hazard is judged there.

    ``geometry`` in EPSG:4326: a point, or a line for a stretch of shore, at most 300 m off.
    """
    place = AccessPlace(hazard=hazard)
    values = {
        "kind": kind, "label": label, "geometry": geometry, "known_from": known_from, "note": note,
    }  # fmt: skip
    _fill(place, values)
    place.save()
    _audit("add_access_place", place, actor)
    reassess([hazard.pk])
    return place


@transaction.atomic
def change_access_place(*, place: AccessPlace, actor: User | None, **values: Any) -> AccessPlace:
    """Change fields of CHANGEABLE; ``known_to`` is the first day on which nobody goes there."""
    unknown = values.keys() - CHANGEABLE
    if unknown:
        raise UnknownWordError(
            field="access_place", value=min(unknown), allowed=", ".join(sorted(CHANGEABLE))
        )
    _fill(place, values)
    place.save()
    _audit("change_access_place", place, actor, fields=sorted(values))
    reassess([place.hazard_id])
    return place


@transaction.atomic
def withdraw_access_place(*, place: AccessPlace, actor: User | None) -> None:
    """Take back a place that was entered by mistake; one where something was seen is ended."""
    count = place.safeguards.count() + place.observations.count()
    if count:
        raise PlaceInUseError(place=place.label, count=count)
    place.withdrawn_at = timezone.now()
    place.save(update_fields=["withdrawn_at", "updated_at"])
    _audit("withdraw_access_place", place, actor)
    reassess([place.hazard_id])


def _fill(place: AccessPlace, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(place, name, tidy(value) if name in ("label", "note") else value)
    if not place.label:
        raise NameMissingError
    if place.kind not in AccessPlaceKind.values:
        allowed = ", ".join(AccessPlaceKind.values)
        raise UnknownWordError(field="kind", value=place.kind, allowed=allowed)
    for day in (place.known_from, place.known_to):
        if day is not None and day > timezone.localdate():
            raise FutureDateError(day=day)
    if place.known_to is not None and place.known_to <= place.known_from:
        raise DateOrderError(start=place.known_from, end=place.known_to)
    if "geometry" in values or "kind" in values:
        _put(place)


def _put(place: AccessPlace) -> None:
    """Check where it is drawn, and find the unit that it lies in."""
    shape = read_shape(place.geometry)
    is_point = shape.geometry.geom_type == "Point"
    if is_point != (place.kind == AccessPlaceKind.ACCESS_POINT) or shape.area_m2 is not None:
        raise PlaceShapeError(
            kind=AccessPlaceKind(place.kind).label, geometry_type=shape.geometry.geom_type
        )
    check_at_water(place.hazard, shape.geometry)
    position = position_of(shape.geometry)
    place.geometry = shape.geometry
    unit_id = unit_ids_of([position])[0]
    if unit_id is None:
        raise no_unit_error(position)
    place.unit_id = unit_id


def _audit(verb: str, place: AccessPlace, actor: User | None, **facts: Any) -> None:
    record(
        actor=actor, verb=verb, target_kind="hazard", target_id=place.hazard.public_id,
        place=str(place.public_id), label=place.label, **facts,
    )  # fmt: skip
