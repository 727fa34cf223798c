"""Counts by verdict from those that are kept, for filters that they can answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet, Sum

from hazards.models import HazardCount
from hazards.selectors.filters import NO_BODY, HazardFilter
from hazards.selectors.reach import reaches_everything
from hazards.selectors.reader import Reader
from hazards.taxonomy import NOT_LISTED
from places.models import AdminUnit

SIZE_KEPT_S = 300
NOT_KEPT = ""  # stands for hazards whose verdict has not been worked out


def is_covered(wanted: HazardFilter) -> bool:
    """Say whether the kept counts tell all that the filter asks but the verdict."""
    is_plain = not wanted.text.strip() and not wanted.duties
    has_no_figures = wanted.children_near_min is None and wanted.days_since_look_min is None
    return is_plain and has_no_figures and wanted.body in ("", NO_BODY) and _is_current(wanted)


def kept_counts(reader: Reader, wanted: HazardFilter) -> dict[str, int]:
    """Return hazards by verdict, NOT_KEPT for those without; parts not covered are left out."""
    rows = _in_place(reader, wanted.unit if _is_current(wanted) else None)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.lifecycles:
        rows = rows.filter(lifecycle__in=wanted.lifecycles)
    else:
        rows = rows.exclude(lifecycle__in=NOT_LISTED)
    if wanted.real_only:
        rows = rows.filter(is_synthetic=False)
    if wanted.body == NO_BODY:
        rows = rows.filter(has_body=False)
    counted = rows.order_by().values_list("verdict").annotate(n=Sum("hazards"))
    return _unless_nothing_changed(lambda: {verdict: n for verdict, n in counted if n}, counted)


def _unless_nothing_changed(
    count: Callable[[], dict[str, int]], query: QuerySet[Any, Any]
) -> dict[str, int]:
    """Count, or take the count of before while the database is exactly as it was then.

    Two statements that are shown the same snapshot see the same rows, so this is never out of date;
    a transaction that has written something sees more than its snapshot and counts anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL"
        )
        snapshot, has_written = cursor.fetchone()
    if has_written:
        return count()
    asked = hashlib.sha256(str(query.query).encode()).hexdigest()
    key = f"hazards.kept:{connection.settings_dict['NAME']}:{snapshot}:{asked}"
    found = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, SIZE_KEPT_S)
    return dict(found)


def any_without_verdict() -> bool:
    """Say whether any hazard of the register lacks a kept verdict."""
    bare = HazardCount.objects.filter(verdict=NOT_KEPT).order_by().values_list("verdict")
    counted = bare.annotate(n=Sum("hazards"))
    return bool(_unless_nothing_changed(lambda: {v: n for v, n in counted if n}, counted))


def size_of(reader: Reader, wanted: HazardFilter) -> int:
    """Return how many hazards a filter has to look through, as it was some minutes ago.

    Only to choose between ways of counting, so that it need not be of this moment.
    """
    unit = wanted.unit.pk if wanted.unit is not None else 0
    key = f"hazards.size:{connection.settings_dict['NAME']}:{reader.area.ranges}:{unit}"
    plain = HazardFilter(unit=wanted.unit)
    found = cache.get_or_set(
        key.replace(" ", ""), lambda: sum(kept_counts(reader, plain).values()), SIZE_KEPT_S
    )
    return int(found or 0)


def _in_place(reader: Reader, unit: AdminUnit | None) -> QuerySet[HazardCount]:
    """Keep the counts of where the reader may look, not asking each where that is everywhere."""
    if reaches_everything(reader, unit):
        return HazardCount.objects.all()
    rows: QuerySet[HazardCount] = HazardCount.objects.in_scope(reader.area)
    return rows if unit is None else rows.within_unit(unit)  # type: ignore[attr-defined, no-any-return]


def _is_current(wanted: HazardFilter) -> bool:
    return wanted.unit is None or wanted.unit.boundary_set.is_current
