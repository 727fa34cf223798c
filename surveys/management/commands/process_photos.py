"""Prepare the photos that wait, on a machine where no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from surveys.models import ProcessingState, SurveyPhoto
from surveys.services.photos import TRIES, TryAgainError, process_photo


class Command(BaseCommand):
    help = "Read position and time of waiting photos and make the copies that may be shown."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = list(
            SurveyPhoto.objects.filter(state=ProcessingState.WAITING).values_list("pk", flat=True)
        )
        states: list[str] = []
        for photo_id in tqdm(waiting, unit="photo", disable=None):
            photo = _prepared(photo_id)
            states += [photo.state] if photo else []
        failed = states.count(ProcessingState.FAILED)
        self.stdout.write(
            f"Photos prepared: {len(states) - failed}; cannot be shown: {failed}; "
            f"waiting before: {len(waiting)}."
        )


def _prepared(photo_id: int) -> SurveyPhoto | None:
    for attempt in range(1, TRIES + 1):
        try:
            return process_photo(photo_id=photo_id, last_try=attempt == TRIES)
        except TryAgainError:
            continue
    return None
