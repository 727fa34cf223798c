from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId, Timestamped


class VoiceNoteQuerySet(ScopedQuerySet["VoiceNote"]):
    unit_field = "submission__unit"


class VoiceNote(PublicId, Timestamped):
    """What the surveyor said into the phone: the bytes as they came. It never leaves the review.

    ``media_type`` is told by the bytes; empty where they are no sound that a browser plays.
    """

    submission = models.ForeignKey(
        "surveys.Submission",
        on_delete=models.PROTECT,
        related_name="voice_notes",
        verbose_name=_("survey"),
    )
    filename = models.CharField(_("file name on the phone"), max_length=255)
    sha256 = models.CharField(max_length=64)
    original_name = models.CharField(max_length=200)  # in the storage "originals"
    size_bytes = models.BigIntegerField(_("size, bytes"))
    media_type = models.CharField(_("type found in the bytes"), max_length=50, blank=True)

    objects = VoiceNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("voice note")
        verbose_name_plural = _("voice notes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="voice_note_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.sha256[:12]}"
