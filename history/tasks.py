"""What the worker does for the history by the clock."""

import logging

from procrastinate.contrib.django import app

from history.errors import SealingBusyError
from history.services.sealing import seal

log = logging.getLogger(__name__)
EVERY_HOUR = "20 * * * *"


@app.periodic(cron=EVERY_HOUR)
@app.task(name="history.seal", queueing_lock="history.seal")
def seal_history(timestamp: int) -> None:
    """Seal what was written since the last time; a long import is sealed the next hour."""
    try:
        seal()
    except SealingBusyError as error:
        log.warning("%s", error)
