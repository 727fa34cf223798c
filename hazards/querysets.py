"""Chainable filters over hazards, in domain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import Q

from accounts.scoping import ScopedQuerySet
from common.codes import is_code
from common.text import plain

if TYPE_CHECKING:
    from hazards.models import WaterHazard  # noqa: F401


class WaterHazardQuerySet(ScopedQuerySet["WaterHazard"]):
    def near(self, point: Point, within_m: float) -> Self:
        """Keep the hazards at most ``within_m`` metres from ``point``, over the ground."""
        return self.filter(location__dwithin=(point, D(m=within_m)))

    def matching(self, text: str) -> Self:
        """Keep the hazards whose code is ``text`` or whose name holds its words, marks or not."""
        text = text.strip()
        if not text:
            return self
        if is_code(text):
            digits = "".join(c for c in text if c.isdigit())
            return self.filter(code=f"AT-{digits[:-1]}-{digits[-1]}")
        found = Q()
        for word in plain(text).split():
            found &= Q(name_plain__contains=word)
        return self.filter(found)
