from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.taxonomy import BodyKind


class ResponsibleBody(PublicId, Timestamped):
    """Who has to put up the sign and the barrier. A household's name never leaves the office."""

    name = models.CharField(_("name"), max_length=250)
    name_plain = models.CharField(max_length=250, editable=False, default="")
    kind = models.CharField(
        _("kind"), max_length=20, choices=BodyKind.choices, default=BodyKind.OTHER
    )
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    # Another spelling of a body: nothing hangs on it any more, and who writes it finds that one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="spellings",
        verbose_name=_("spelling of"),
    )
    merge_batch = models.UUIDField(null=True, blank=True, editable=False)  # to take it apart by
    contact = models.CharField(_("contact"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("responsible body")
        verbose_name_plural = _("responsible bodies")
        ordering = ["name_plain", "id"]

    def __str__(self) -> str:
        return self.name
