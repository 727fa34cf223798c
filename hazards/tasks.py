"""What the worker does for the registry by the clock."""

from procrastinate.contrib.django import app

from hazards.services import import_jobs
from hazards.services.assessment import refresh_due
from hazards.services.counts import check_counts
from hazards.services.responsibility import follow_days

# Cron speaks UTC: 17:05 there is 00:05 the next day in Vietnam, when days and verdicts turn.
JUST_AFTER_MIDNIGHT = "5 17 * * *"


@app.periodic(cron=JUST_AFTER_MIDNIGHT)
@app.task(name="hazards.refresh_due_verdicts", queueing_lock="hazards.refresh_due_verdicts")
def refresh_due_verdicts(timestamp: int) -> None:
    """Work out anew the verdicts that the new day has overtaken."""
    refresh_due()


@app.periodic(cron=JUST_AFTER_MIDNIGHT)
@app.task(name="hazards.check_counts", queueing_lock="hazards.check_counts")
def check_kept_counts(timestamp: int) -> None:
    """Put the kept counts together, and mend them should one ever differ from the register."""
    check_counts()


@app.periodic(cron=JUST_AFTER_MIDNIGHT)
@app.task(name="hazards.follow_responsibility", queueing_lock="hazards.follow_responsibility")
def follow_responsibility(timestamp: int) -> None:
    """Let the body of today follow where a responsibility begins or ends with the new day."""
    follow_days()


@app.task(name="hazards.read_import", queue="imports")
def read_import(job_id: int) -> None:
    """Read a file that somebody brought, without writing."""
    import_jobs.read_job(job_id)


@app.task(name="hazards.write_import", queue="imports", lock="hazards.write_import")
def write_import(job_id: int) -> None:
    """Write a file that somebody looked through; one after another."""
    import_jobs.write_job(job_id)
