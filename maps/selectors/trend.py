"""Children near unprotected water month by month: the same way of counting on past days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from accounts.scoping import AreaScope
from hazards.selectors.late_entries import last_entry_by_day
from maps.models import ExposureRun, UnitExposure
from places.models import AdminUnit

MONTHS_SHOWN: Final = 24
MONTHS_OFFERED: Final = 12


@dataclass(frozen=True)
class TrendPoint:
    """Children of one place on one day, within one distance."""

    on: date
    children: float
    near: float
    near_seen_gap: float
    near_not_surveyed: float
    is_old: bool = False  # something about that day was written down after it was worked out


@dataclass(frozen=True)
class Trend:
    """``missing`` are ends of months, the latest first, to be worked out: not yet, or anew."""

    points: list[TrendPoint]
    missing: list[date]


def trend(
    *, scope: AreaScope, units: Sequence[AdminUnit], as_of: date, distance_m: int | None
) -> Trend:
    """Return the last day worked out of each month up to ``as_of``, ``units`` added up.

    Dataset, boundaries and distance are the same in all points: what moves is the register. A
    month in which one of the units has no figure is left out.
    """
    runs = _last_of_each_month(as_of)
    old = _overtaken(runs)
    rows = UnitExposure.objects.in_scope(scope).filter(
        run__in=runs, unit__in=[unit.pk for unit in units], distance_m=distance_m or 0
    )
    by_run: dict[int, list[UnitExposure]] = defaultdict(list)
    for row in rows:
        by_run[row.run_id].append(row)
    points = [
        TrendPoint(
            on=run.as_of,
            children=sum(row.children_total for row in by_run[run.pk]),
            near=sum(row.children_exposed for row in by_run[run.pk]),
            near_seen_gap=sum(row.near_seen_gap for row in by_run[run.pk]),
            near_not_surveyed=sum(row.near_not_surveyed for row in by_run[run.pk]),
            is_old=run.pk in old,
        )
        for run in runs
        if units and len(by_run[run.pk]) == len(units)
    ]
    return Trend(points, _lacking([run for run in runs if run.pk not in old], as_of))


def months_lacking(*, as_of: date) -> list[date]:
    """Return the ends of the last twelve months to be worked out, the latest first.

    Those that no run holds, and those about which something was written down since.
    """
    runs = _last_of_each_month(as_of)
    old = _overtaken(runs)
    return _lacking([run for run in runs if run.pk not in old], as_of)


def _overtaken(runs: Sequence[ExposureRun]) -> set[int]:
    """Return the keys of runs that looks written down later would make other."""
    today = timezone.localdate()
    past = [(run, run.finished_at) for run in runs if run.as_of < today and run.finished_at]
    if not past:
        return set()
    entries = last_entry_by_day(max(run.as_of for run, _made in past))
    return {
        run.pk
        for run, made in past
        if any(day <= run.as_of and at > made for day, at in entries.items())
    }


def _lacking(runs: Sequence[ExposureRun], as_of: date) -> list[date]:
    held = {run.as_of for run in runs}
    return [day for day in month_ends(as_of) if day not in held]


def is_worked_out(day: date, distances_m: Collection[int]) -> bool:
    """Say whether a run with the current inputs holds everything on ``day`` at these distances."""
    runs = _last_of_each_month(day)
    old = _overtaken(runs)
    return any(
        run.as_of == day and set(distances_m) <= set(run.distances_m) and run.pk not in old
        for run in runs
    )


def month_ends(as_of: date, months: int = MONTHS_OFFERED) -> list[date]:
    """Return the last days of the months before that of ``as_of``, the latest first."""
    found = []
    first = as_of.replace(day=1)
    for _month in range(months):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found


def _last_of_each_month(as_of: date) -> list[ExposureRun]:
    """Runs of everything with the current inputs: the newest of the last day of each month."""
    oldest = month_ends(as_of, MONTHS_SHOWN)[-1]
    runs = ExposureRun.objects.filter(
        state=ExposureRun.State.DONE, boundary_set__is_current=True, dataset__is_current=True,
        unit__isnull=True, as_of__gte=oldest, as_of__lte=as_of,
    ).order_by("as_of", "created_at")  # fmt: skip
    months = {(run.as_of.year, run.as_of.month): run for run in runs}
    return list(months.values())
