from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable
from hazards.taxonomy import PositionMethod, ShapeForm


class HazardShape(PublicId, Timestamped, Withdrawable):
    """One form of a hazard (point, line, outline) with where it is from; at most one a form.

    The form that is used is ``WaterHazard.geometry``; the others wait here. The used one may have a
    row too, which holds its day and source. Written by hazards.services.more_shapes only.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="shapes",
        verbose_name=_("hazard"),
        db_index=False,  # the constraint of one a form begins with it
    )
    form = models.CharField(_("form"), max_length=10, choices=ShapeForm.choices)
    geometry = models.GeometryField(_("shape"), srid=4326)
    position_method = models.CharField(
        _("position from"), max_length=10, choices=PositionMethod.choices
    )
    accuracy_m = models.FloatField(_("position accuracy, m"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)
    dated_on = models.DateField(_("as it was on"), null=True, blank=True)

    class Meta:
        verbose_name = _("shape of a hazard")
        verbose_name_plural = _("shapes of hazards")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "form"],
                condition=Q(withdrawn_at__isnull=True),
                name="shape_once_a_form",
            ),
            models.CheckConstraint(condition=Q(form__in=ShapeForm.values), name="shape_form_known"),
            models.CheckConstraint(
                condition=Q(accuracy_m__isnull=True) | Q(accuracy_m__gte=0),
                name="shape_accuracy_m_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id}: {self.form}"


class HazardUnit(models.Model):
    """A unit that a line or outline reaches into, where it lies in more than one; made from shapes.

    ``share`` is the part of its length or area, 0 to 1. Whose the hazard is, and who sees it, says
    ``WaterHazard.unit`` alone. Written by hazards.services.touching only.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.CASCADE,
        related_name="units_touched",
        verbose_name=_("hazard"),
        db_index=False,  # the constraint begins with it
    )
    unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.CASCADE, related_name="+", verbose_name=_("unit")
    )
    share = models.FloatField(_("share of the shape, 0 to 1"))

    class Meta:
        verbose_name = _("unit that a hazard reaches into")
        verbose_name_plural = _("units that hazards reach into")
        ordering = ["-share", "id"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "unit"], name="hazard_unit_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1), name="hazard_unit_share_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} / {self.unit_id}: {self.share:.3f}"
