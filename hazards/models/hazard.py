from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped
from common.searchwords import words_field
from hazards.querysets import WaterHazardQuerySet
from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, Lifecycle, PositionMethod


class WaterHazard(PublicId, Timestamped):
    """A body of water, or a work holding water, where people can drown.

    ``geometry`` is a point, line or area in EPSG:4326; ``location`` is one point on or in it, made
    from it, and decides the unit. Sizes are geodesic; the shore is that of the outer rings.
    Written by hazards.services.inventory only.
    """

    # Codes are compared byte by byte (collation C): a third of the cost of Vietnamese order.
    code = models.CharField(_("code"), max_length=20, unique=True, db_collation="C")
    name = models.CharField(_("name"), max_length=250, blank=True)
    name_plain = models.CharField(max_length=250, blank=True, editable=False)
    words = words_field("name_plain")  # for searching
    kind = models.CharField(_("kind"), max_length=20, choices=HazardKind.choices, db_collation="C")
    lifecycle = models.CharField(
        _("state"), max_length=20, choices=Lifecycle.choices, default=Lifecycle.IN_USE
    )
    handover_on = models.DateField(_("handover on"), null=True, blank=True)
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        related_name="hazards",
        verbose_name=_("unit"),
        db_index=False,  # hazard_unit_kind begins with it
    )
    hamlet = models.CharField(_("hamlet"), max_length=150, blank=True)
    geometry = models.GeometryField(_("shape"), srid=4326)
    location = models.PointField(  # on or in the shape, whose index finds it, too
        _("position"), geography=True, srid=4326, spatial_index=False
    )
    position_method = models.CharField(
        _("position from"), max_length=10, choices=PositionMethod.choices
    )
    position_accuracy_m = models.FloatField(_("position accuracy, m"), null=True, blank=True)
    area_m2 = models.FloatField(_("area, m²"), null=True, blank=True)
    perimeter_m = models.FloatField(_("length of the shore, m"), null=True, blank=True)
    length_m = models.FloatField(_("length, m"), null=True, blank=True)
    max_depth_m = models.DecimalField(
        _("greatest depth, m"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    depth_class = models.CharField(
        _("depth class"), max_length=10, choices=DepthClass.choices, default=DepthClass.UNKNOWN
    )
    depth_method = models.CharField(
        _("depth known by"), max_length=10, choices=DepthMethod.choices, default=DepthMethod.UNKNOWN
    )
    # 1 to 12, January first; empty: nobody has said, which is not the same as "never".
    water_months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("months with water"),
        null=True,
        blank=True,
    )
    # Over the ground to the nearest; empty: nobody has said. Rules may ask for them.
    nearest_house_m = models.PositiveIntegerField(_("nearest house, m"), null=True, blank=True)
    nearest_school_m = models.PositiveIntegerField(_("nearest school, m"), null=True, blank=True)
    responsible_body = models.ForeignKey(
        "hazards.ResponsibleBody",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hazards",
        verbose_name=_("responsible body"),
        db_index=False,  # hazard_by_body
    )
    # The day from which the register knows the hazard, and its depth as given above.
    registered_on = models.DateField(_("in the register since"), default=timezone.localdate)
    source = models.CharField(_("source"), max_length=100, blank=True, db_collation="C")
    source_id = models.CharField(
        _("id in the source"), max_length=100, blank=True, db_collation="C"
    )
    source_facts = models.JSONField(_("as given by the source"), default=dict, blank=True)
    is_synthetic = models.BooleanField(_("invented for training"), default=False)
    note = models.TextField(_("note"), blank=True)

    objects = WaterHazardQuerySet.as_manager()

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = _("hazards")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_depth_m__isnull=True) | Q(max_depth_m__gte=0),
                name="hazard_max_depth_m_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HazardKind.values), name="hazard_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(lifecycle__in=Lifecycle.values), name="hazard_lifecycle_known"
            ),
            models.CheckConstraint(
                condition=Q(depth_class__in=DepthClass.values), name="hazard_depth_class_known"
            ),
            models.CheckConstraint(
                condition=Q(water_months__isnull=True)
                | Q(water_months__contained_by=list(range(1, 13))),
                name="hazard_water_months_are_months",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="hazard_once_per_source_id",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "kind"], name="hazard_unit_kind"),
            models.Index(
                fields=["responsible_body"],
                condition=models.Q(responsible_body__isnull=False),
                name="hazard_by_body",
            ),
            # The orders of the lists, read page by page.
            models.Index(fields=["name", "id"], name="hazard_by_name"),
            models.Index(fields=["kind", "id"], name="hazard_by_kind"),
            # New words wait in a list of 4 MB at most and are sorted in together: a third of the
            # cost of an import. A search reads the list too, some milliseconds when it is full.
            GinIndex(fields=["words"], name="hazard_words", gin_pending_list_limit=4096),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def is_under_construction(self) -> bool:
        return self.lifecycle == Lifecycle.UNDER_CONSTRUCTION
