from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from hazards.models.safeguard import Withdrawable
from hazards.taxonomy import ResponsibleRole


class Responsibility(PublicId, Timestamped, Withdrawable):
    """A body answers for a hazard in a role, from a day up to, not on, another.

    At most one body a role and day. Written by hazards.services.responsibility only, which keeps
    ``WaterHazard.responsible_body``, the body that leads today, in step.
    """

    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="responsibilities",
        verbose_name=_("hazard"),
        db_index=False,  # responsibility_of_hazard begins with it
    )
    body = models.ForeignKey(
        "hazards.ResponsibleBody",
        on_delete=models.PROTECT,
        related_name="responsibilities",
        verbose_name=_("responsible body"),
    )
    role = models.CharField(_("answers as"), max_length=15, choices=ResponsibleRole.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)  # first day no longer
    document_no = models.CharField(_("document number"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="responsibility_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=ResponsibleRole.values), name="responsibility_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["hazard", "role", "valid_from"], name="responsibility_of_hazard")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.body} ({self.valid_from})"
