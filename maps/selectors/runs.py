"""Runs: which one stands behind a page's figures, and whether it is still current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.scoping import AreaScope
from maps.models import ExposureRun, PopulationDataset
from maps.selectors.registry import registry_revision
from places.models import AdminUnit

RUNS_SHOWN = 30
STUCK_AFTER = timedelta(hours=2)  # a run that began before that was cut off


@dataclass(frozen=True)
class FiguresState:
    """What a page must say about its figures of children.

    run         the run they come from; None: there are none
    is_stale    the register, the day or the dataset has moved on since
    is_today    the page asks for today
    """

    run: ExposureRun | None
    is_stale: bool
    is_today: bool

    @property
    def distances_m(self) -> list[int]:
        return sorted(self.run.distances_m) if self.run else []


def latest_run(*, as_of: date, unit: AdminUnit | None = None) -> ExposureRun | None:
    """Return the newest finished run that holds ``unit`` (or everything) on a date.

    For today an earlier run will do: it is then out of date, and the page says so.
    """
    runs = ExposureRun.objects.filter(
        state=ExposureRun.State.DONE, boundary_set__is_current=True, dataset__is_current=True
    ).select_related("dataset", "boundary_set")
    held = Q(unit__isnull=True)
    if unit is not None:
        held |= Q(unit__tree_left__lte=unit.tree_left, unit__tree_right__gte=unit.tree_right)
    days = Q(as_of__lte=as_of) if as_of == timezone.localdate() else Q(as_of=as_of)
    return runs.filter(held, days).order_by("-as_of", "-created_at").first()


def figures_state(*, as_of: date, unit: AdminUnit | None) -> FiguresState:
    """Say which run a page shows and whether anything changed after it was begun."""
    run = latest_run(as_of=as_of, unit=unit)
    is_stale = run is not None and (
        run.as_of != as_of
        or run.created_at < run.dataset.updated_at  # other child shares
        or run.registry_revision != registry_revision()
    )
    return FiguresState(run, is_stale, as_of == timezone.localdate())


def recent_runs(scope: AreaScope) -> QuerySet[ExposureRun]:
    """Return the newest runs of everything, and those of single units within the reader's area."""
    runs = ExposureRun.objects.select_related("dataset", "boundary_set", "unit", "started_by")
    held = Q(unit__isnull=True) | scope.q()
    return runs.filter(held).order_by("-created_at")[:RUNS_SHOWN]


def is_running() -> bool:
    """Say whether a run is at work, apart from those that were cut off."""
    return ExposureRun.objects.filter(
        state=ExposureRun.State.RUNNING, created_at__gte=timezone.now() - STUCK_AFTER
    ).exists()


def datasets() -> list[PopulationDataset]:
    return list(PopulationDataset.objects.prefetch_related("rasters", "child_shares"))
