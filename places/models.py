"""Administrative units and the dated sets they come in."""

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Timestamped
from places.querysets import AdminUnitQuerySet


class BoundarySet(Timestamped):
    """Units that were valid together, as one file or authority gave them.

    Hazards are placed in the units of the one set that is current; figures can be made on any set.
    """

    name = models.SlugField(_("name"), unique=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_current = models.BooleanField(_("current"), default=False)

    class Meta:
        verbose_name = _("boundary set")
        verbose_name_plural = _("boundary sets")
        ordering = ["-valid_from", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="one_current_boundary_set"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="boundary_set_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name


class AdminUnit(Timestamped):
    """One administrative unit of one boundary set: province, district, commune, hamlet or other.

    ``code`` is the official code as text; it may come again in another set or time, so it is never
    a key. ``tree_left`` and ``tree_right`` number the units of all sets depth first, so that a unit
    and all below it are those with ``tree_left`` BETWEEN its own two numbers.
    """

    boundary_set = models.ForeignKey(
        BoundarySet, on_delete=models.PROTECT, related_name="units", verbose_name=_("boundary set")
    )
    level = models.SlugField(_("level"), max_length=30)  # province, district, commune, hamlet, ...
    code = models.CharField(_("official code"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=200)
    full_name = models.CharField(_("full name"), max_length=250)  # with its type: "Xã Lộc Ninh"
    name_plain = models.CharField(max_length=250, editable=False)  # full name without diacritics
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    depth = models.PositiveSmallIntegerField(default=0, editable=False)  # 0 at the top
    tree_left = models.BigIntegerField(default=0, editable=False)
    tree_right = models.BigIntegerField(default=0, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    geometry = models.MultiPolygonField(_("outline"), srid=4326, null=True, blank=True)
    area_m2 = models.FloatField(_("area, m²"), null=True, editable=False)  # geodesic

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["tree_left"]
        constraints = [
            models.UniqueConstraint(
                fields=["boundary_set", "level", "code"],
                condition=~Q(code=""),
                name="unit_code_once_per_set_and_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["tree_left", "tree_right"], name="unit_tree"),
            models.Index(fields=["code"], name="unit_code"),
        ]

    def __str__(self) -> str:
        return self.full_name


class UnitLineage(Timestamped):
    """What of a unit of an earlier set lies in a unit of a later one; many to many.

    ``share_by_area`` and ``share_by_children`` are shares of the earlier unit, 0 to 1, and empty
    where they cannot be worked out (no outline, nobody counted).
    """

    from_unit = models.ForeignKey(
        AdminUnit,
        on_delete=models.CASCADE,
        related_name="successors",
        verbose_name=_("earlier unit"),
    )
    to_unit = models.ForeignKey(
        AdminUnit,
        on_delete=models.CASCADE,
        related_name="predecessors",
        verbose_name=_("later unit"),
    )
    share_by_area = models.FloatField(_("share by area"), null=True, blank=True)
    share_by_children = models.FloatField(_("share by children"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lineage of a unit")
        verbose_name_plural = _("lineage of units")
        constraints = [
            models.UniqueConstraint(fields=["from_unit", "to_unit"], name="lineage_once"),
            models.CheckConstraint(
                condition=Q(share_by_area__isnull=True)
                | Q(share_by_area__gte=0, share_by_area__lte=1),
                name="lineage_share_by_area_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}"


class UnitName(Timestamped):
    """A name that a unit bore up to, not on, ``valid_to``; that of today stands with the unit."""

    unit = models.ForeignKey(
        AdminUnit, on_delete=models.CASCADE, related_name="former_names", verbose_name=_("unit")
    )
    name = models.CharField(_("name"), max_length=200)
    full_name = models.CharField(_("full name"), max_length=250)
    name_plain = models.CharField(max_length=250, editable=False)
    valid_to = models.DateField(_("valid to"))
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("former name of a unit")
        verbose_name_plural = _("former names of units")
        ordering = ["unit", "valid_to"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_to"], name="former_name_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.valid_to})"
