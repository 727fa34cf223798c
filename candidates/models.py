"""Waters that a map or a satellite shows and the register does not hold, until somebody decides."""

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from candidates.words import CandidateState, Origin, RejectReason
from common.models import PublicId, Timestamped
from hazards.taxonomy import HazardKind


class CandidateSource(PublicId, Timestamped):
    """One file of candidates as it was loaded."""

    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    filename = models.CharField(_("file"), max_length=250)
    sha256 = models.CharField(max_length=64)
    data_date = models.DateField(_("date of the data"), null=True, blank=True)
    attribution = models.CharField(_("attribution"), max_length=250, blank=True)
    counts = models.JSONField(_("rows"), default=dict)

    class Meta:
        verbose_name = _("source of candidates")
        verbose_name_plural = _("sources of candidates")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename


class Candidate(PublicId, Timestamped):
    """A water that may be missing in the register. It has no verdict and counts in no rate.

    ``source_key`` is stable in its origin, so that a decision outlives the next load. ``score`` and
    its parts run from 0 to 1. ``unit`` is empty outside the current units.
    """

    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    source = models.ForeignKey(
        CandidateSource,
        on_delete=models.PROTECT,
        related_name="candidates",
        verbose_name=_("source"),
    )
    source_key = models.CharField(_("id in the source"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=HazardKind.choices)
    name = models.CharField(_("name"), max_length=250, blank=True)
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    geometry = models.GeometryField(_("shape"), srid=4326)
    location = models.PointField(_("position"), geography=True, srid=4326)
    area_m2 = models.FloatField(_("area, m²"), null=True)
    permanence = models.FloatField(_("share of the time with water"), null=True)
    score = models.FloatField(_("score"), default=0)
    score_parts = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=CandidateState.choices, default=CandidateState.NEW
    )
    reason = models.CharField(_("reason"), max_length=15, choices=RejectReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hazard"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "source_key"], name="candidate_once"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="candidate_score_0_to_1"
            ),
            models.CheckConstraint(
                condition=~Q(state=CandidateState.REJECTED) | ~Q(reason=""),
                name="candidate_rejected_with_reason",
            ),
        ]
        indexes = [
            models.Index(F("state"), F("score").desc(), F("id"), name="candidate_queue"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.source_key)
