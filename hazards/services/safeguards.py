"""Signs, fences, covers and the like as things of their own: put up, moved, taken away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import DateOrderError, FutureDateError, OtherHazardError, UnknownWordError
from hazards.models import AccessPlace, Safeguard, WaterHazard
from hazards.services.assessment import reassess
from hazards.services.nearness import check_at_water
from hazards.services.shapes import read_shape
from hazards.taxonomy import SafeguardKind

CHANGEABLE = frozenset({"kind", "label", "geometry", "access_place", "installed_on"})


@transaction.atomic
def add_safeguard(
    *,
    hazard: WaterHazard,
    kind: str,
    actor: User | None,
    label: str = "",
    geometry: GEOSGeometry | None = None,
    access_place: AccessPlace | None = None,
    installed_on: date | None = None,
) -> Safeguard:
    """Add one sign, fence, cover or the like; it counts only once somebody has seen it in place.

    ``geometry`` in EPSG:4326, at most 300 m from the water: a point, or the line a fence runs.
    """
    safeguard = Safeguard(hazard=hazard)
    values = {
        "kind": kind, "label": label, "geometry": geometry, "access_place": access_place,
        "installed_on": installed_on,
    }  # fmt: skip
    _fill(safeguard, values)
    safeguard.save()
    _audit("add_safeguard", safeguard, actor, kind=kind)
    return safeguard


@transaction.atomic
def change_safeguard(*, safeguard: Safeguard, actor: User | None, **values: Any) -> Safeguard:
    """Change fields of CHANGEABLE; what was seen of the safeguard stays with it."""
    unknown = values.keys() - CHANGEABLE
    if unknown:
        raise UnknownWordError(
            field="safeguard", value=min(unknown), allowed=", ".join(sorted(CHANGEABLE))
        )
    _fill(safeguard, values)
    safeguard.save()
    _audit("change_safeguard", safeguard, actor, fields=sorted(values))
    reassess([safeguard.hazard_id])
    return safeguard


@transaction.atomic
def remove_safeguard(*, safeguard: Safeguard, removed_on: date, actor: User | None) -> Safeguard:
    """Say that a safeguard no longer stands there; what was seen of it counts no more."""
    _check_day(removed_on)
    if safeguard.installed_on and removed_on < safeguard.installed_on:
        raise DateOrderError(start=safeguard.installed_on, end=removed_on)
    safeguard.removed_on = removed_on
    safeguard.save(update_fields=["removed_on", "updated_at"])
    _audit("remove_safeguard", safeguard, actor)
    reassess([safeguard.hazard_id])
    return safeguard


def check_place_of(hazard: WaterHazard, place: AccessPlace | None) -> None:
    """Refuse an access place of another hazard."""
    if place is not None and place.hazard_id != hazard.pk:
        raise OtherHazardError(safeguard=place, hazard=hazard.code)


def _fill(safeguard: Safeguard, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(safeguard, name, tidy(value) if name == "label" else value)
    if safeguard.kind not in SafeguardKind.values:
        allowed = ", ".join(SafeguardKind.values)
        raise UnknownWordError(field="kind", value=safeguard.kind, allowed=allowed)
    if safeguard.installed_on:
        _check_day(safeguard.installed_on)
        if safeguard.removed_on and safeguard.removed_on < safeguard.installed_on:
            raise DateOrderError(start=safeguard.installed_on, end=safeguard.removed_on)
    check_place_of(safeguard.hazard, safeguard.access_place)
    if values.get("geometry") is not None:
        safeguard.geometry = read_shape(values["geometry"]).geometry
        check_at_water(safeguard.hazard, safeguard.geometry)


def _check_day(day: date) -> None:
    if day > timezone.localdate():
        raise FutureDateError(day=day)


def _audit(verb: str, safeguard: Safeguard, actor: User | None, **facts: Any) -> None:
    record(
        actor=actor, verb=verb, target_kind="hazard", target_id=safeguard.hazard.public_id,
        safeguard=str(safeguard.public_id), **facts,
    )  # fmt: skip
