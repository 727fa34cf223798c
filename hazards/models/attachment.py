from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable
from hazards.taxonomy import AttachmentKind


class HazardAttachment(PublicId, Timestamped, Withdrawable):
    """A document that belongs to a hazard: a decision, minutes, a drawing.

    Its bytes lie in the storage "attachments" under their hash and never change. Written by
    hazards.services.attachments only.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name=_("hazard"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=AttachmentKind.choices)
    title = models.CharField(_("title of the document"), max_length=200)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    media_type = models.CharField(_("type of file"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_name = models.CharField(max_length=100, editable=False)
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-dated_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "sha256"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="attachment_once_a_hazard",
            )
        ]

    def __str__(self) -> str:
        return self.title
