"""Jobs of the worker. They are put in the queue in the transaction that made their rows."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from surveys.models import SurveyPhoto
from surveys.services.photos import TRIES, TryAgainError
from surveys.services.photos import process_photo as prepare


@app.task(
    name="surveys.process_photo",
    queue="photos",
    pass_context=True,
    retry=RetryStrategy(
        max_attempts=TRIES - 1, exponential_wait=5, retry_exceptions={TryAgainError}
    ),
)
def process_photo(context: JobContext, *, photo_id: int) -> None:
    """Prepare one photo; the third try that fails is the last."""
    prepare(photo_id=photo_id, last_try=context.job.attempts + 1 >= TRIES)


def defer_photo(photo: SurveyPhoto) -> None:
    process_photo.configure(queueing_lock=f"photo-{photo.pk}").defer(photo_id=photo.pk)
