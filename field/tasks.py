"""What the worker does for the field door by the clock."""

from procrastinate.contrib.django import app

from common.keptfiles import drop_interrupted
from field.services.audit import audit_originals
from field.services.uploads import throw_away_old_parts

NIGHTLY = 20_000  # about half an hour of reading


class LostPhotosError(Exception):
    """Acknowledged bytes are gone or others; the job's log names their hashes."""


@app.periodic(cron="40 18 * * *")
@app.task(name="field.throw_away_old_parts", queueing_lock="field.throw_away_old_parts")
def remove_old_parts(timestamp: int) -> None:
    """Remove pieces of photos given up a month ago, and what a killed process left unfinished."""
    throw_away_old_parts()
    drop_interrupted()


@app.periodic(cron="10 19 * * *")
@app.task(name="field.audit_photos", queueing_lock="field.audit_photos")
def audit_photos(timestamp: int) -> None:
    """Read the newest photos again each night; a lost or changed one fails the job."""
    found = audit_originals(newest=NIGHTLY)
    if not found.is_well:
        raise LostPhotosError(f"missing {found.missing[:20]}, changed {found.changed[:20]}")
