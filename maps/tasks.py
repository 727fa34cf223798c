"""Background work of maps."""

from __future__ import annotations

import logging
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from common.errors import DomainError
from maps.models import PopulationDataset
from maps.selectors.runs import figures_state, is_running
from maps.services.exposure import run_exposure
from maps.services.scene import RunRequest
from places.selectors import current_set

logger = logging.getLogger(__name__)

LOCK = "maps.recompute"


@app.task(name="maps.recompute", queue="maps", lock=LOCK, queueing_lock=LOCK)
def recompute(actor_id: int | None = None, force: bool = False, as_of: str | None = None) -> None:
    """Work out the figures anew with the current dataset and set, unless nothing changed.

    as_of  YYYY-MM-DD; None is today
    """
    if not force and as_of is None and _is_up_to_date():
        return
    request = RunRequest(
        distances_m=tuple(settings.EXPOSURE_DISTANCES_M),
        as_of=date.fromisoformat(as_of) if as_of else None,
    )
    try:
        run, _figures = run_exposure(
            request=request, actor_id=actor_id, cluster=settings.EXPOSURE_SCHEDULER
        )
    except DomainError as problem:
        logger.warning("Exposure was not worked out: %s", problem)
        return
    logger.info("Exposure worked out in %s s", run.facts["seconds"])


@app.periodic(cron="10 0 * * *", periodic_id="maps.recompute_daily")
@app.task(
    name="maps.recompute_daily", queue="maps", lock=LOCK, queueing_lock="maps.recompute_daily"
)
def recompute_daily(timestamp: int) -> None:
    """Evidence expires at midnight, whoever is awake; ``timestamp`` is that of the schedule."""
    recompute.func()


def _is_up_to_date() -> bool:
    state = figures_state(as_of=timezone.localdate(), unit=None)
    return not state.is_stale and set(settings.EXPOSURE_DISTANCES_M) <= set(state.distances_m)


def enqueue_recompute(
    *, actor_id: int | None = None, force: bool = False, as_of: date | None = None
) -> bool:
    """Ask for a recomputation; False when one waits already or there is nothing to count with."""
    if not PopulationDataset.objects.filter(is_current=True).exists() or current_set() is None:
        return False
    try:
        with transaction.atomic():  # a refusal must not spoil the caller's transaction
            day = as_of.isoformat() if as_of else None
            task = recompute.configure(queueing_lock=f"{LOCK}:{day}") if day else recompute
            task.defer(actor_id=actor_id, force=force, as_of=day)
    except AlreadyEnqueued:
        return False
    return True


def is_waiting() -> bool:
    """Say whether a recomputation waits or runs."""
    waiting = ProcrastinateJob.objects.filter(
        task_name=recompute.name, status__in=["todo", "doing"]
    )
    return waiting.exists() or is_running()
