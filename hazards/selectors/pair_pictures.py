"""Pairs that may be one water as people look at them: both shapes in one drawing, a photo each, and
in words what speaks for one water and what for two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from geomath.sketch import Outline, Sketch, sketch
from hazards.models import HazardPhoto, WaterHazard
from hazards.selectors.duplicates import Pair

# Parts of a weighing, told when they speak for one water and when for two.
_FOR = {
    "position": gettext_lazy("as close together as two readings of one place"),
    "name": gettext_lazy("names that agree"),
    "kind": gettext_lazy("the same kind"),
}
_AGAINST = {
    "position": gettext_lazy("further apart than two readings of one place"),
    "name": gettext_lazy("different names"),
    "kind": gettext_lazy("different kinds"),
    "source": gettext_lazy("one list has both of them"),
}


@dataclass(frozen=True)
class Side:
    """One of the two, its shape in the drawing and its newest photo, if it has any."""

    hazard: WaterHazard
    outline: Outline
    photo: HazardPhoto | None


@dataclass(frozen=True)
class PicturedPair:
    pair: Pair
    drawing: Sketch
    sides: list[Side]

    @property
    def speaks_for_one(self) -> list[Promise]:
        """Return what speaks for one water, the weightiest first."""
        parts = self.pair.match.parts
        return [_FOR[part] for part, weight in parts.items() if weight > 0]

    @property
    def speaks_for_two(self) -> list[Promise]:
        parts = self.pair.match.parts
        return [_AGAINST[part] for part, weight in parts.items() if weight < 0]


def with_pictures(pairs: Sequence[Pair]) -> list[PicturedPair]:
    """Return the pairs with their pictures, in two queries."""
    ids = {hazard.pk for pair in pairs for hazard in pair.sides}
    shapes = dict(WaterHazard.objects.filter(pk__in=ids).values_list("pk", "geometry"))
    newest = HazardPhoto.objects.filter(hazard__in=ids).order_by("hazard_id", "-taken_on", "-id")
    photos = {photo.hazard_id: photo for photo in newest.distinct("hazard_id")}
    return [_pictured(pair, shapes, photos) for pair in pairs]


def _pictured(
    pair: Pair, shapes: dict[int, object], photos: dict[int, HazardPhoto]
) -> PicturedPair:
    both = [shapely.from_wkb(bytes(shapes[hazard.pk].wkb)) for hazard in pair.sides]  # type: ignore[attr-defined]
    drawing = sketch(both)
    sides = [
        Side(hazard, outline, photos.get(hazard.pk))
        for hazard, outline in zip(pair.sides, drawing.outlines, strict=True)
    ]
    return PicturedPair(pair, drawing, sides)
