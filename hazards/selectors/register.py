"""The part of a filter that the register itself decides: place, name, kind, body, figures."""

from __future__ import annotations

from django.contrib.gis.db.models import PointField
from django.db.models import FloatField, Func, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from common.codes import is_code
from hazards.models import WaterHazard
from hazards.selectors.filters import ANY_HOUSEHOLD, NO_BODY, HazardFilter
from hazards.selectors.reach import reaches_everything
from hazards.selectors.reader import Reader
from hazards.taxonomy import NOT_LISTED, BodyKind
from places.models import AdminUnit

_CODE_PREFIX = "AT"


def registered(
    reader: Reader, wanted: HazardFilter, *, whole_words: bool = False
) -> QuerySet[WaterHazard]:
    """Return the hazards that fit the filter before any verdict is asked.

    ``whole_words``: only those that have the last word of a search whole.
    """
    rows: QuerySet[WaterHazard] = WaterHazard.objects.all()
    if not reaches_everything(reader, wanted.unit):
        rows = _in_unit(WaterHazard.objects.in_scope(reader.area), wanted.unit)
    rows = _known_by(rows, wanted)
    rows = _with_text(rows, wanted.text, whole_words)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.lifecycles:
        rows = rows.filter(lifecycle__in=wanted.lifecycles)
    else:
        rows = rows.exclude(lifecycle__in=NOT_LISTED)
    if wanted.real_only:
        rows = rows.filter(is_synthetic=False)
    if wanted.children_near_min is not None:
        rows = rows.filter(assessment__children_near__gte=wanted.children_near_min)
    return rows.filter(_body(wanted.body))


def with_position(rows: QuerySet[WaterHazard]) -> QuerySet[WaterHazard]:
    """Add ``lon`` and ``lat``, degrees of EPSG:4326."""
    flat = Cast("location", PointField(srid=4326))
    return rows.annotate(
        lon=Func(flat, function="ST_X", output_field=FloatField()),
        lat=Func(flat, function="ST_Y", output_field=FloatField()),
    )


def _in_unit(rows: QuerySet[WaterHazard], unit: AdminUnit | None) -> QuerySet[WaterHazard]:
    """Keep the hazards of ``unit``; of a set that is not current, those inside its outline.

    Hazards hang on units of the current set only.
    """
    if unit is None:
        return rows
    if unit.boundary_set.is_current or unit.geometry is None:
        return rows.within_unit(unit)  # type: ignore[attr-defined, no-any-return]
    at = Cast("location", PointField(srid=4326))
    return rows.annotate(at=at).filter(at__coveredby=unit.geometry)


def _known_by(rows: QuerySet[WaterHazard], wanted: HazardFilter) -> QuerySet[WaterHazard]:
    """For a day gone by, keep the hazards that the register held by then."""
    if wanted.as_of >= timezone.localdate():
        return rows
    return rows.filter(registered_on__lte=wanted.as_of)


def _with_text(rows: QuerySet[WaterHazard], text: str, whole_words: bool) -> QuerySet[WaterHazard]:
    """Search names without marks; a code that is still being typed finds those that begin so."""
    begun = text.strip().upper().replace(" ", "")
    is_begun_code = begun.startswith(_CODE_PREFIX) and begun[2:].replace("-", "").isdigit()
    if is_begun_code and not is_code(begun):
        return rows.filter(code__startswith=begun)
    return rows.matching(text, whole_words=whole_words)  # type: ignore[attr-defined, no-any-return]


def _body(body: str) -> Q:
    if body == NO_BODY:
        return Q(responsible_body__isnull=True)
    if body == ANY_HOUSEHOLD:
        return Q(responsible_body__kind=BodyKind.HOUSEHOLD)
    return Q(responsible_body=int(body)) if body else Q()
