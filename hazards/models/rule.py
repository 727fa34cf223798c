from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable
from hazards.taxonomy import Duty, HazardKind, Lifecycle


class ComplianceRule(PublicId, Timestamped):
    """One rule of the order as dated data. None of the figures is law; a province sets its own.

    A hazard is under the narrowest rule that lists its kind, holds for its state and place, and is
    in force on the day. Evidence of a
    safeguard in place counts for the months given; a gap once seen stays until somebody sees it
    mended.
    """

    rule_code = models.SlugField(_("rule"), max_length=40)
    title_vi = models.CharField(_("title in Vietnamese"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250)
    legal_reference = models.CharField(_("legal reference"), max_length=250, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=HazardKind.choices), verbose_name=_("kinds")
    )
    duties = ArrayField(
        models.CharField(max_length=10, choices=Duty.choices), verbose_name=_("required")
    )
    min_depth_m = models.DecimalField(  # empty: whatever the depth
        _("deeper than, m"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    lifecycles = ArrayField(  # empty: whatever the state
        models.CharField(max_length=20, choices=Lifecycle.choices),
        verbose_name=_("only in these states"),
        default=list,
        blank=True,
    )
    near_house_m = models.PositiveIntegerField(  # empty: wherever it lies
        _("only within so many metres of a house"), null=True, blank=True
    )
    near_school_m = models.PositiveIntegerField(
        _("only within so many metres of a school"), null=True, blank=True
    )
    # Empty: not judged. A barrier seen "present" but measured lower or wider does not count.
    min_barrier_height_m = models.FloatField(_("barrier at least, m"), null=True, blank=True)
    max_barrier_gap_mm = models.PositiveIntegerField(
        _("widest gap of a barrier, mm"), null=True, blank=True
    )
    sign_valid_months = models.PositiveSmallIntegerField(_("sign evidence, months"), default=6)
    barrier_valid_months = models.PositiveSmallIntegerField(
        _("barrier evidence, months"), default=12
    )
    cover_valid_months = models.PositiveSmallIntegerField(_("cover evidence, months"), default=12)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(
        _("in force until"), null=True, blank=True
    )  # first day not in force

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["rule_code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["rule_code", "valid_from"], name="rule_once_per_date"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(min_barrier_height_m__isnull=True) | Q(min_barrier_height_m__gt=0),
                name="rule_min_barrier_height_m_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} ({self.valid_from})"


class Waiver(PublicId, Timestamped, Withdrawable):
    """A decision that a hazard need not comply until a date; shown in a column of its own."""

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="waivers",
        verbose_name=_("hazard"),
    )
    granted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    reason = models.TextField(_("reason"))
    document_no = models.CharField(_("document number"), max_length=100, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"))  # first day no longer waived

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="waiver_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} ({self.valid_from} - {self.valid_to})"
