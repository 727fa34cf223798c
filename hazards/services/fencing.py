"""How much of the shore of a hazard its recorded fences close on a day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import OuterRef, Q, Subquery

from geomath.shore import ClosedShore, closed_shore
from hazards.models import AccessPlace, Safeguard, SafeguardObservation, WaterHazard
from hazards.taxonomy import DUTY_OF_SAFEGUARD, AccessPlaceKind, Duty, ObservedState

BARRIER_KINDS = tuple(kind for kind, duty in DUTY_OF_SAFEGUARD.items() if duty == Duty.BARRIER)


@dataclass(frozen=True)
class FencedShore:
    """What is closed of one shore; ``place`` is None for the shore of the whole hazard.

    ``fences`` of those seen in place are drawn on the map and were measured against the shore;
    ``undrawn`` stand somewhere that nobody has drawn, and close nothing here.
    """

    place: AccessPlace | None
    shore: ClosedShore
    fences: int
    undrawn: int

    @property
    def closed_text(self) -> str:
        """Whole percent, rounded down: never 100 % while a metre is open."""
        return f"{math.floor(self.shore.closed_share * 100)} %"


def fenced_shores(
    hazard: WaterHazard, on: date, places: Sequence[AccessPlace]
) -> list[FencedShore]:
    """Return each stretch of shore in use on the day, or the whole shore where there is none.

    ``places`` are those of the hazard. Only fences whose latest look by that day says "present"
    close anything. Empty for a point.
    """
    shores = _shores(hazard, on, places)
    standing = _standing_barriers(hazard, on) if shores else []
    drawn = [_bare(fence.geometry) for fence in standing if fence.geometry]
    undrawn = len(standing) - len(drawn)
    found = []
    for place, shape in shores:
        shore = closed_shore(_bare(shape), drawn)
        if shore.shore_m:
            found.append(FencedShore(place, shore, len(drawn), undrawn))
    return found


def _shores(
    hazard: WaterHazard, on: date, places: Sequence[AccessPlace]
) -> list[tuple[AccessPlace | None, GEOSGeometry]]:
    in_use = [one for one in places if one.known_from <= on and not _has_ended(one, on)]
    if not in_use:
        is_area = "Polygon" in hazard.geometry.geom_type
        return [(None, hazard.geometry)] if is_area else []
    return [(place, place.geometry) for place in in_use if place.kind == AccessPlaceKind.SHORELINE]


def _has_ended(place: AccessPlace, on: date) -> bool:
    return place.known_to is not None and place.known_to <= on


def _standing_barriers(hazard: WaterHazard, on: date) -> list[Safeguard]:
    seen = SafeguardObservation.objects.filter(safeguard=OuterRef("pk"), observed_on__lte=on)
    told = seen.exclude(state=ObservedState.NOT_CHECKED).order_by("-observed_on", "-id")
    rows = Safeguard.objects.filter(
        Q(removed_on__isnull=True) | Q(removed_on__gt=on), hazard=hazard, kind__in=BARRIER_KINDS
    )
    return list(rows.annotate(last=Subquery(told.values("state")[:1])).filter(last="present"))


def _bare(shape: GEOSGeometry) -> shapely.Geometry:
    return shapely.from_wkb(bytes(shape.wkb))
