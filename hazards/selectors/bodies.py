"""Responsible bodies as a list may offer them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hazards.models import ResponsibleBody, WaterHazard
from hazards.selectors.reader import Reader
from hazards.taxonomy import BodyKind
from places.models import AdminUnit


def bodies_offered(reader: Reader, unit: AdminUnit | None) -> list[tuple[str, str]]:
    """Return (id, name) of the bodies of hazards in the reader's area, households left out.

    Households are many and private: lists take them together, records name them where allowed.
    """
    hazards = WaterHazard.objects.in_scope(reader.area)
    if unit is not None:
        hazards = hazards.within_unit(unit)
    found = ResponsibleBody.objects.filter(pk__in=hazards.order_by().values("responsible_body"))
    found = found.exclude(kind=BodyKind.HOUSEHOLD)
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def household_offered(reader: Reader, body_id: str) -> list[tuple[str, str]]:
    """Return one household as a choice if the reader may name it, else nothing."""
    if not body_id.isdecimal():
        return []
    body = ResponsibleBody.objects.filter(pk=int(body_id), kind=BodyKind.HOUSEHOLD).first()
    if body is None:
        return []
    nameable = WaterHazard.objects.in_scope(reader.area).in_scope(reader.names)
    return [(body_id, body.name)] if nameable.filter(responsible_body=body).exists() else []


def bodies_in(reader: Reader) -> QuerySet[ResponsibleBody]:
    """Return the bodies of hazards and units in the reader's area, households left out."""
    in_area = WaterHazard.objects.in_scope(reader.area).order_by().values("responsible_body")
    found = ResponsibleBody.objects.exclude(kind=BodyKind.HOUSEHOLD).filter(merged_into=None)
    return found.filter(Q(pk__in=in_area) | reader.area.q("unit")).order_by("name")


def bodies_to_choose(reader: Reader, hazard: WaterHazard) -> QuerySet[ResponsibleBody]:
    """Return the bodies that may be named for ``hazard``: those known in the reader's area.

    A household is offered only in the commune where it is known already.
    """
    in_area = WaterHazard.objects.in_scope(reader.area).order_by().values("responsible_body")
    beside = WaterHazard.objects.filter(unit=hazard.unit).order_by().values("responsible_body")
    is_public = ~Q(kind=BodyKind.HOUSEHOLD)
    return ResponsibleBody.objects.filter(
        (is_public & Q(merged_into=None) & (Q(pk__in=in_area) | reader.area.q("unit")))
        | Q(pk__in=beside)
        | Q(pk=hazard.responsible_body_id)
    )
