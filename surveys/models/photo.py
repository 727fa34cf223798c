from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId, Timestamped


class ProcessingState(models.TextChoices):
    WAITING = "waiting", _("waiting to be prepared")
    DONE = "done", _("ready")
    FAILED = "failed", _("cannot be shown")


class SurveyPhotoQuerySet(ScopedQuerySet["SurveyPhoto"]):
    unit_field = "submission__unit"


class SurveyPhoto(PublicId, Timestamped):
    """One photo of a submission: the original bytes by hash, and what a job found in them."""

    submission = models.ForeignKey(
        "surveys.Submission",
        on_delete=models.PROTECT,
        related_name="photos",
        verbose_name=_("survey"),
    )
    subject = models.CharField(_("shows"), max_length=15, default="site")  # site, sign, barrier...
    filename = models.CharField(_("file name on the phone"), max_length=255)
    sha256 = models.CharField(max_length=64)
    original_name = models.CharField(max_length=200)  # in the storage "originals"
    size_bytes = models.BigIntegerField(_("size, bytes"))
    media_type = models.CharField(_("type found in the bytes"), max_length=50, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ProcessingState.choices, default=ProcessingState.WAITING
    )
    problem = models.CharField(max_length=200, blank=True)  # a code of surveys.photos, when failed
    image_name = models.CharField(max_length=200, blank=True)  # in the storage "derivatives"
    thumbnail_name = models.CharField(max_length=200, blank=True)
    # Places that look like a face; empty: nobody could look, so the photo never leaves the review.
    faces_n = models.PositiveSmallIntegerField(_("faces"), null=True)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    orientation = models.PositiveSmallIntegerField(null=True)  # EXIF, 1 to 8
    exif_position = models.PointField(geography=True, srid=4326, null=True)
    exif_taken_at = models.DateTimeField(null=True)
    exif_direction_deg = models.FloatField(null=True)  # clockwise from north
    look = models.CharField(max_length=32, blank=True)  # 128 bits; see surveys.photos.look
    look_bands = ArrayField(models.IntegerField(), default=list)  # what the index is asked for
    flags = models.JSONField(default=list)  # codes: far_from_fix, old_photo, used_before, ...

    objects = SurveyPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey photo")
        verbose_name_plural = _("survey photos")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256"], name="photo_once_per_submission"
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="survey_photo_sha256"),
            GinIndex(fields=["look_bands"], name="survey_photo_looks"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.sha256[:8]})"
