"""Prepare the photos that wait, on a machine where no worker runs."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _
from tqdm import tqdm

from common.commands import FileCommand
from surveys.models import ProcessingState, SurveyPhoto
from surveys.services.photos import TRIES, TryAgainError, process_photo, wait_again


class Command(FileCommand):
    help = "Read position and time of waiting photos and make the copies that may be shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--faces",
            action="store_true",
            help="also make anew the copies of photos that were prepared before faces were looked "
            "for; the register shows them without faces from then on",
        )

    def run(self, *args: Any, **options: Any) -> None:
        waiting = list(
            SurveyPhoto.objects.filter(state=ProcessingState.WAITING).values_list("pk", flat=True)
        )
        states: list[str] = []
        for photo_id in tqdm(waiting, unit="photo", disable=None):
            photo = _prepared(photo_id)
            states += [photo.state] if photo else []
        failed = states.count(ProcessingState.FAILED)
        said = _("Photos prepared: {n}; cannot be shown: {failed}; waiting before: {waiting}.")
        self.stdout.write(said.format(n=len(states) - failed, failed=failed, waiting=len(waiting)))
        if options["faces"]:
            self._look_for_faces()

    def _look_for_faces(self) -> None:
        unseen = SurveyPhoto.objects.filter(state=ProcessingState.DONE, faces_n__isnull=True)
        found = []
        for pk in tqdm(list(unseen.values_list("pk", flat=True)), unit="photo", disable=None):
            wait_again(photo_id=pk)
            found.append(_prepared(pk))
        looked_at = [photo for photo in found if photo and photo.faces_n is not None]
        with_faces = sum(1 for photo in looked_at if photo.faces_n)
        said = _(
            "Looked at for faces: {n}; with something like a face: {faces}; not to be looked at, "
            "kept internal: {unseen}."
        )
        self.stdout.write(
            said.format(n=len(looked_at), faces=with_faces, unseen=len(found) - len(looked_at))
        )


def _prepared(photo_id: int) -> SurveyPhoto | None:
    for attempt in range(1, TRIES + 1):
        try:
            return process_photo(photo_id=photo_id, last_try=attempt == TRIES)
        except TryAgainError:
            continue
    return None
