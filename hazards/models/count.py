from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet


class HazardCount(models.Model):
    """How many hazards are alike, kept so that a list of a million need not be counted to be shown.

    Written by triggers of the database on hazards and their kept verdicts, so that edits in bulk or
    by hand count too. Rows are only added, also with negative numbers: the sum over the rows of one
    likeness is the count, and writers do not wait for each other. ``verdict`` is empty for hazards
    without a kept verdict. Folded and checked by hazards.services.counts.
    """

    unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.CASCADE, related_name="+", verbose_name=_("unit")
    )
    kind = models.CharField(_("kind"), max_length=20)
    lifecycle = models.CharField(_("state"), max_length=20)
    is_synthetic = models.BooleanField(_("invented for training"))
    has_body = models.BooleanField(_("responsible body is known"))
    verdict = models.CharField(_("verdict"), max_length=15)
    hazards = models.IntegerField(_("hazards"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of hazards")
        verbose_name_plural = _("counts of hazards")
        indexes = [
            models.Index(
                fields=["hazards"], condition=models.Q(verdict=""), name="count_without_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.verdict}: {self.hazards}"
