from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped


class PairDecision(PublicId, Timestamped):
    """Somebody has looked at two hazards and says that they are two waters."""

    first = models.ForeignKey(
        "hazards.WaterHazard", on_delete=models.PROTECT, related_name="+", verbose_name=_("hazard")
    )
    second = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("other hazard"),
    )
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("decision on two hazards")
        verbose_name_plural = _("decisions on two hazards")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_decided_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class HazardMerge(PublicId, Timestamped):
    """Two records were one water: ``merged`` went into ``survivor`` with all that hung on it.

    ``moved`` holds the rows by table, so that undoing takes back these and no others. The code of
    the merged one leads to the survivor for good.
    """

    survivor = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="merges",
        verbose_name=_("hazard that stays"),
    )
    merged = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="merged_away",
        verbose_name=_("hazard merged into it"),
    )
    lifecycle_before = models.CharField(_("state before"), max_length=20)
    moved = models.JSONField(_("rows moved"), default=dict)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    merged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("merge of two hazards")
        verbose_name_plural = _("merges of hazards")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"
