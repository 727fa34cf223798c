from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hazards.models.safeguard import HazardRowQuerySet
from hazards.taxonomy import DepthClass, Verdict


class DutyState(models.TextChoices):
    """What the evidence says of one duty on a day."""

    MET = "met", _("in place")
    UNMET = "unmet", _("not in place")
    UNKNOWN = "unknown", _("nobody has looked")
    EXPIRED = "expired", _("check overdue")
    NOT_REQUIRED = "not_required", _("not required")


class HazardAssessment(models.Model):
    """Today's verdict on a hazard, kept so that lists, maps and counts need not work it out.

    ``assessed_on`` is the day for which the row was last written; it holds until ``changes_on``.
    ``changes_on`` is the first day on which time alone makes it another (evidence expires, a waiver
    ends, a rule begins); on that day it must be worked out anew. Any other day is computed.
    """

    hazard = models.OneToOneField(
        "hazards.WaterHazard",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="assessment",
        verbose_name=_("hazard"),
        db_constraint=False,  # see the migration 0021: rows are only ever made from their hazards
    )
    assessed_on = models.DateField(_("worked out for"))
    changes_on = models.DateField(_("changes by itself on"), null=True)
    verdict = models.CharField(
        _("verdict"), max_length=15, choices=Verdict.choices, db_collation="C"
    )
    sign = models.CharField(_("sign"), max_length=15, choices=DutyState.choices)
    barrier = models.CharField(_("barrier"), max_length=15, choices=DutyState.choices)
    cover = models.CharField(_("cover"), max_length=15, choices=DutyState.choices)
    depth_class = models.CharField(_("depth class"), max_length=10, choices=DepthClass.choices)
    depth_m = models.DecimalField(_("depth, m"), max_digits=5, decimal_places=2, null=True)
    last_observed_on = models.DateField(_("last look"), null=True)
    rule = models.ForeignKey(
        "hazards.ComplianceRule",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,  # nothing looks verdicts up by their rule
    )
    # Children within the list's distance of this hazard alone, written by maps through
    # hazards.services.exposure_figures; empty while not worked out.
    children_near = models.FloatField(_("children near"), null=True)
    children_near_m = models.PositiveIntegerField(_("within, m"), null=True)
    # Of an unprotected hazard: those near no other unprotected one; each child shared out evenly
    # among the unprotected ones near it; how many others such a child has near, on average.
    children_only_here = models.FloatField(_("children near this one only"), null=True)
    children_equal_share = models.FloatField(_("equal share of the children"), null=True)
    children_nearest = models.FloatField(_("children to whom it is the nearest"), null=True)
    children_mean_others = models.FloatField(_("other waters near these children"), null=True)

    objects = HazardRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="assessment_verdict_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["changes_on"],
                condition=Q(changes_on__isnull=False),
                name="assessment_changes_on",
            ),
            # The orders of the lists, read page by page; each ends with the hazard.
            models.Index(fields=["verdict", "hazard"], name="assessment_by_verdict"),
            models.Index(
                F("children_near").desc(nulls_last=True), F("hazard"), name="assessment_by_children"
            ),
            models.Index(
                F("last_observed_on").desc(nulls_last=True), F("hazard"), name="assessment_by_look"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id}: {self.verdict}"
