"""Pairs that may be one water as people look at them: both shapes in one drawing, a photo each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from geomath.sketch import Outline, Sketch, sketch
from hazards.models import HazardPhoto, WaterHazard
from hazards.selectors.duplicates import Pair


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
