from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable


class HazardPhoto(PublicId, Timestamped, Withdrawable):
    """A reviewed photo of a hazard: the upright copy without metadata, never the original."""

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="photos",
        verbose_name=_("hazard"),
    )
    taken_on = models.DateField(_("taken on"))
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    image_name = models.CharField(max_length=200)  # in the storage "derivatives"
    thumbnail_name = models.CharField(max_length=200, blank=True)  # the same
    original_sha256 = models.CharField(max_length=64)
    source_kind = models.CharField(max_length=30)
    source_uuid = models.UUIDField()
    is_synthetic = models.BooleanField(_("invented for training"), default=False)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-taken_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "source_uuid", "original_sha256"], name="photo_published_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.taken_on}"
