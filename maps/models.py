"""Population rasters and what was worked out from them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId, Timestamped


class PopulationDataset(Timestamped):
    """Rasters on one grid that belong together: one source, one country, one year.

    ``measures`` says what the rasters hold: people of all ages, or age bands from which children
    under 16 are added up (0, 1-4, 5-9, 10-14 and one fifth of 15-19).
    """

    class WaterPolicy(models.TextChoices):
        """What is done with people whom the raster puts on registered water."""

        KEEP = "keep", _("left where they are")
        EXCLUDE = "exclude", _("not counted")
        MOVE = "move", _("moved to the nearest dry cell of the row")

    class Measures(models.TextChoices):
        TOTAL = "total", _("people of all ages")
        BANDS = "bands", _("people by age")

    name = models.SlugField(_("name"), unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200, blank=True)
    family = models.CharField(_("source"), max_length=40)  # worldpop_global1, worldpop_global2, ...
    year = models.PositiveSmallIntegerField(_("year"))
    measures = models.CharField(_("holds"), max_length=10, choices=Measures.choices)
    water_policy = models.CharField(
        _("people on water"), max_length=10, choices=WaterPolicy.choices, default=WaterPolicy.KEEP
    )
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    is_current = models.BooleanField(_("current"), default=False)
    is_synthetic = models.BooleanField(_("invented for training"), default=False)
    # Used where no unit with a share lies; empty: the share of the nearest such unit.
    default_child_share = models.FloatField(_("fallback share of children"), null=True, blank=True)
    facts = models.JSONField(_("found while loading"), default=dict)  # warnings, shares, checks

    class Meta:
        verbose_name = _("population dataset")
        verbose_name_plural = _("population datasets")
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="one_current_population_dataset",
            ),
            models.CheckConstraint(
                condition=Q(default_child_share__isnull=True)
                | Q(default_child_share__gte=0, default_child_share__lte=1),
                name="default_child_share_between_0_and_1",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name


class PopulationRaster(Timestamped):
    """One registered raster file: a count of people per cell, EPSG:4326, north up."""

    dataset = models.ForeignKey(
        PopulationDataset,
        on_delete=models.CASCADE,
        related_name="rasters",
        verbose_name=_("dataset"),
    )
    filename = models.CharField(_("file name"), max_length=255)
    stored_name = models.CharField(max_length=255)  # in the storage "rasters"
    sha256 = models.CharField(max_length=64)
    sex = models.CharField(_("sex"), max_length=1)  # f, m, or t for both
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True)  # empty: all ages
    age_to = models.PositiveSmallIntegerField(_("to age"), null=True)  # last year of life included
    rows = models.PositiveIntegerField(_("rows"))
    cols = models.PositiveIntegerField(_("columns"))
    west_deg = models.FloatField()
    north_deg = models.FloatField()
    cell_width_deg = models.FloatField()
    cell_height_deg = models.FloatField()
    nodata = models.FloatField(_("no-data value"), null=True)
    nodata_is_declared = models.BooleanField(default=True)
    people_total = models.FloatField(_("people in all"))
    facts = models.JSONField(default=dict)  # bytes, type of the values, settled and missing cells

    class Meta:
        verbose_name = _("population raster")
        verbose_name_plural = _("population rasters")
        ordering = ["age_from", "sex"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "sex", "age_from"],
                name="one_raster_per_band",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.filename


class ChildShare(Timestamped):
    """The share of children under 16 among the people of a unit, from a count or a table."""

    dataset = models.ForeignKey(
        PopulationDataset,
        on_delete=models.CASCADE,
        related_name="child_shares",
        verbose_name=_("dataset"),
    )
    unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.CASCADE, related_name="+", verbose_name=_("unit")
    )
    share = models.FloatField(_("share of children, 0 to 1"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("child share")
        verbose_name_plural = _("child shares")
        constraints = [
            models.UniqueConstraint(fields=["dataset", "unit"], name="child_share_once_per_unit"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="child_share_between_0_and_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.share:.3f}"


class ExposureRun(PublicId, Timestamped):
    """One working-out of children near unprotected hazards, with everything it rests on."""

    class State(models.TextChoices):
        RUNNING = "running", _("being worked out")
        DONE = "done", _("finished")
        FAILED = "failed", _("failed")

    dataset = models.ForeignKey(
        PopulationDataset, on_delete=models.PROTECT, related_name="runs", verbose_name=_("dataset")
    )
    boundary_set = models.ForeignKey(
        "places.BoundarySet",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("boundary set"),
    )
    # The run worked out this unit and all below it; empty: every unit of the set.
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    as_of = models.DateField(_("state of the register on"))
    registry_revision = models.CharField(_("revision of the register"), max_length=80, default="")
    distances_m = models.JSONField(_("distances, m"))  # list of int
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    started_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)
    facts = models.JSONField(default=dict)  # raster checksums, code version, seconds, checks
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("exposure run")
        verbose_name_plural = _("exposure runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.state}"


class OfficialCount(Timestamped):
    """Children under 16 of a unit as an office counted them on a day; no names, a number only."""

    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.CASCADE,
        related_name="official_counts",
        verbose_name=_("unit"),
    )
    children = models.FloatField(_("children under 16"))
    counted_on = models.DateField(_("counted on"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("official count of children")
        verbose_name_plural = _("official counts of children")
        ordering = ["-counted_on", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "counted_on"], name="one_official_count_a_day"),
            models.CheckConstraint(
                condition=Q(children__gte=0), name="official_children_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.counted_on}: {self.children:.0f}"


class UnitExposureQuerySet(ScopedQuerySet["UnitExposure"]):
    pass


class UnitExposure(models.Model):
    """Children of one unit within one distance of unprotected water, each child counted once.

    ``children_exposed`` counts those near any unprotected hazard; the columns after it count those
    near a hazard of one group alone, so they overlap and do not add up to it.
    """

    run = models.ForeignKey(ExposureRun, on_delete=models.CASCADE, related_name="unit_rows")
    unit = models.ForeignKey("places.AdminUnit", on_delete=models.CASCADE, related_name="+")
    distance_m = models.PositiveIntegerField(_("within, m"))
    people_total = models.FloatField(_("people"), null=True)  # empty: the dataset lacks adults
    children_total = models.FloatField(_("children under 16"))
    children_exposed = models.FloatField(_("children near unprotected water"))
    near_seen_gap = models.FloatField(_("near a gap somebody has seen"))
    near_not_surveyed = models.FloatField(_("near water never surveyed"))
    near_expired = models.FloatField(_("near water not checked lately"))
    near_depth_unknown = models.FloatField(_("near water of unknown depth"))
    # Rescaled to official counts; empty where a part of the unit has none.
    children_official = models.FloatField(_("children by official counts"), null=True)
    exposed_adjusted = models.FloatField(_("near unprotected water, rescaled"), null=True)
    near_by_gap = models.JSONField(
        _("near water by what it lacks"), default=dict
    )  # GapKind: children

    objects = UnitExposureQuerySet.as_manager()

    class Meta:
        verbose_name = _("exposure of a unit")
        verbose_name_plural = _("exposure by unit")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "unit", "distance_m"], name="unit_exposure_once_per_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.distance_m} m: {self.children_exposed:.0f}"


class ExposureFlowQuerySet(ScopedQuerySet["ExposureFlow"]):
    pass


class ExposureFlow(models.Model):
    """Children of one unit whose nearest unprotected water stands in one unit, the same or another.

    Added up by ``unit`` they are ``UnitExposure.children_exposed``; by ``water_unit``, the children
    that the waters of a unit endanger, wherever they live. ``water_unit`` is empty where the water
    stands in no unit of the run.
    """

    run = models.ForeignKey(ExposureRun, on_delete=models.CASCADE, related_name="flows")
    unit = models.ForeignKey("places.AdminUnit", on_delete=models.CASCADE, related_name="+")
    water_unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.CASCADE, related_name="+", null=True
    )
    distance_m = models.PositiveIntegerField(_("within, m"))
    children = models.FloatField(_("children near unprotected water"))

    objects = ExposureFlowQuerySet.as_manager()

    class Meta:
        verbose_name = _("children by home and water")
        verbose_name_plural = _("children by home and water")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "distance_m", "unit", "water_unit"],
                name="exposure_flow_once_per_run",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["run", "distance_m", "water_unit"], name="exposure_flow_by_water")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} <- {self.water_unit_id}: {self.children:.0f}"
