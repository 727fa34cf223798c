from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId, Timestamped
from hazards.taxonomy import (
    Condition,
    DepthClass,
    DepthMethod,
    Duty,
    ObservedState,
    SafeguardKind,
)


class HazardRowQuerySet(ScopedQuerySet):
    """Rows that belong to a hazard and are seen by whoever sees the hazard."""

    unit_field = "hazard__unit"


class StandingManager(models.Manager.from_queryset(HazardRowQuerySet)):  # type: ignore[misc]
    """All rows but those withdrawn when an import or a day's work was undone: they never count.

    SQL that reads such a table asks for ``withdrawn_at IS NULL`` itself.
    """

    def get_queryset(self) -> HazardRowQuerySet:
        return super().get_queryset().filter(withdrawn_at__isnull=True)  # type: ignore[no-any-return]


class Withdrawable(models.Model):
    """A row that may turn out never to have been meant: it stays to be read and counts no more."""

    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = StandingManager()
    with_withdrawn = HazardRowQuerySet.as_manager()

    class Meta:
        abstract = True


class Safeguard(PublicId, Timestamped, Withdrawable):
    """One sign, fence, cover or the like at a hazard, with a life of its own."""

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="safeguards",
        verbose_name=_("hazard"),
    )
    access_place = models.ForeignKey(  # empty: at the hazard, nobody has said where
        "hazards.AccessPlace",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="safeguards",
        verbose_name=_("access place"),
        db_index=False,  # asked for by hazard
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SafeguardKind.choices)
    label = models.CharField(_("label"), max_length=150, blank=True)
    geometry = models.GeometryField(_("shape"), srid=4326, null=True, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("safeguard")
        verbose_name_plural = _("safeguards")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True)
                | Q(installed_on__isnull=True)
                | Q(removed_on__gte=F("installed_on")),
                name="safeguard_removed_after_installed",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    def said_in_history(self) -> str:
        """Return what the history tells of it when it was added."""
        return str(self)


class Observation(PublicId, Timestamped, Withdrawable):
    """What somebody saw on a day, and where that is written down. Never changed, only added to."""

    observed_on = models.DateField(_("seen on"))
    source_kind = models.CharField(_("source"), max_length=30)  # submission, import, demo, office
    source_uuid = models.UUIDField(_("record of the source"), null=True, blank=True)
    observer = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )
    is_synthetic = models.BooleanField(_("invented for training"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class SafeguardObservation(Observation):
    """The state of one duty at a hazard on a day: of one safeguard, or of the whole duty.

    ``safeguard`` is empty where the statement is about all of them ("no sign anywhere"): at one
    ``access_place``, or at the whole hazard. Of a single safeguard its own place counts.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="safeguard_observations",
        verbose_name=_("hazard"),
    )
    safeguard = models.ForeignKey(
        Safeguard,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("safeguard"),
    )
    access_place = models.ForeignKey(
        "hazards.AccessPlace",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("access place"),
        db_index=False,  # asked for by hazard; an index would cost every observation
    )
    duty = models.CharField(_("duty"), max_length=10, choices=Duty.choices)
    state = models.CharField(_("state"), max_length=15, choices=ObservedState.choices)
    condition = models.CharField(
        _("condition"), max_length=15, choices=Condition.choices, blank=True
    )
    height_m = models.FloatField(_("lowest height, m"), null=True, blank=True)
    widest_gap_mm = models.FloatField(_("widest gap, mm"), null=True, blank=True)
    coverage_share = models.FloatField(_("share closed, 0 to 1"), null=True, blank=True)

    class Meta:
        verbose_name = _("safeguard observation")
        verbose_name_plural = _("safeguard observations")
        ordering = ["-observed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ObservedState.values), name="observation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(duty__in=Duty.values), name="observation_duty_known"
            ),
            models.CheckConstraint(
                condition=Q(safeguard__isnull=True) | Q(access_place__isnull=True),
                name="observation_of_safeguard_or_place",
            ),
        ]
        indexes = [
            models.Index(fields=["hazard", "duty", "-observed_on"], name="observation_latest"),
            models.Index(fields=["source_uuid"], name="observation_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()}: {self.get_state_display()} ({self.observed_on})"

    def said_in_history(self) -> str:
        """Return what the history tells of it when it was added."""
        seen_on = date_format(self.observed_on, "SHORT_DATE_FORMAT")
        return f"{self.get_duty_display()}: {self.get_state_display()}, {seen_on}"


class DepthObservation(Observation):
    """A depth as somebody measured, heard or judged it on a day."""

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="depth_observations",
        verbose_name=_("hazard"),
    )
    depth_class = models.CharField(_("depth class"), max_length=10, choices=DepthClass.choices)
    depth_m = models.DecimalField(
        _("depth, m"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    method = models.CharField(_("known by"), max_length=10, choices=DepthMethod.choices)

    class Meta:
        verbose_name = _("depth observation")
        verbose_name_plural = _("depth observations")
        ordering = ["-observed_on", "-id"]
        indexes = [models.Index(fields=["hazard", "-observed_on"], name="depth_latest")]

    def __str__(self) -> str:
        return f"{self.get_depth_class_display()} ({self.observed_on})"

    def said_in_history(self) -> str:
        """Return what the history tells of it when it was added."""
        seen_on = date_format(self.observed_on, "SHORT_DATE_FORMAT")
        return f"{self.get_depth_class_display()}, {seen_on}"
