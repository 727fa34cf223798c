"""Chainable filters over hazards, in domain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.geos import Point, Polygon
from django.contrib.gis.measure import D

from accounts.scoping import ScopedQuerySet
from common.codes import is_code
from common.searchwords import typed
from geomath.distance import reach_box

if TYPE_CHECKING:
    from hazards.models import WaterHazard  # noqa: F401


class WaterHazardQuerySet(ScopedQuerySet["WaterHazard"]):
    def near(self, point: Point, within_m: float) -> Self:
        """Keep the hazards at most ``within_m`` metres from ``point``, over the ground."""
        box = Polygon.from_bbox(reach_box(point.x, point.y, within_m))
        return self.filter(geometry__bboverlaps=box, location__dwithin=(point, D(m=within_m)))

    def matching(self, text: str, *, whole_words: bool = False) -> Self:
        """Keep those whose code is ``text``, or whose name has its words, the last one begun.

        ``whole_words``: fewer of them, but found sooner: the last word, too, has to be whole.
        """
        text = text.strip()
        if not text:
            return self
        if is_code(text):
            digits = "".join(c for c in text if c.isdigit())
            return self.filter(code=f"AT-{digits[:-1]}-{digits[-1]}")
        words = typed(text, are_whole=whole_words)
        return self.filter(words__begin=words) if words else self.none()
