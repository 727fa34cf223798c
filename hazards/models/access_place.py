from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable
from hazards.taxonomy import AccessPlaceKind


class AccessPlace(PublicId, Timestamped, Withdrawable):
    """Where people reach a large water: a point, or a stretch of its shore, from a day to a day.

    A hazard with places in force is judged at each of them. ``unit`` is the one that the place lies
    in, which may be another than the hazard's. Written by hazards.services.access_places only.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="access_places",
        verbose_name=_("hazard"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=AccessPlaceKind.choices)
    label = models.CharField(_("name of the place"), max_length=150)
    geometry = models.GeometryField(_("shape"), srid=4326)
    unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    known_from = models.DateField(_("known from"))
    known_to = models.DateField(_("no longer from"), null=True, blank=True)  # first day not
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("access place")
        verbose_name_plural = _("access places")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")),
                name="access_place_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AccessPlaceKind.values), name="access_place_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label
