"""The words of candidates: where they come from, how they stand, why one is no hazard."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    OSM = "osm", _("OpenStreetMap")
    JRC = "jrc", _("satellite pictures (JRC)")


class CandidateState(models.TextChoices):
    NEW = "new", _("not decided")
    CONFIRMED = "confirmed", _("in the register")
    REJECTED = "rejected", _("no hazard")


class RejectReason(models.TextChoices):
    PADDY = "paddy", _("paddy field")
    POOL = "pool", _("pool behind walls")
    DRY = "dry", _("no water any more")
    DUPLICATE = "duplicate", _("is in the register already")
    TOO_SMALL = "too_small", _("too shallow or too small")
    NOT_WATER = "not_water", _("no water there")
    OUTSIDE = "outside", _("outside the area")
    OTHER = "other", _("another reason")
