"""Counts by verdict from those that are kept, for filters that they can answer."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from hazards.models import HazardCount
from hazards.selectors.filters import NO_BODY, HazardFilter
from hazards.selectors.reader import Reader

NOT_KEPT = ""  # stands for hazards whose verdict has not been worked out


def is_covered(wanted: HazardFilter) -> bool:
    """Say whether the kept counts tell all that the filter asks but the verdict."""
    is_plain = not wanted.text.strip() and not wanted.duties
    has_no_figures = wanted.children_near_min is None and wanted.days_since_look_min is None
    return is_plain and has_no_figures and wanted.body in ("", NO_BODY) and _is_current(wanted)


def kept_counts(reader: Reader, wanted: HazardFilter) -> dict[str, int]:
    """Return hazards by verdict, NOT_KEPT for those without; parts not covered are left out."""
    rows: QuerySet[HazardCount] = HazardCount.objects.in_scope(reader.area)
    if wanted.unit is not None and _is_current(wanted):
        rows = rows.within_unit(wanted.unit)  # type: ignore[attr-defined]
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.lifecycles:
        rows = rows.filter(lifecycle__in=wanted.lifecycles)
    if wanted.real_only:
        rows = rows.filter(is_synthetic=False)
    if wanted.body == NO_BODY:
        rows = rows.filter(has_body=False)
    counted = rows.order_by().values_list("verdict").annotate(n=Sum("hazards"))
    return {verdict: n for verdict, n in counted if n}


def _is_current(wanted: HazardFilter) -> bool:
    return wanted.unit is None or wanted.unit.boundary_set.is_current
