"""The registry's layer on the map."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from common.layers import Layer, register
from hazards.models import WaterHazard
from hazards.taxonomy import NOT_LISTED


def _visible(user: Any) -> QuerySet[WaterHazard]:
    listed = WaterHazard.objects.visible_to(user).exclude(lifecycle__in=NOT_LISTED)
    return listed.annotate(verdict=F("assessment__verdict"))


register(
    Layer(
        name="hazards",
        title=_("Hazards"),
        queryset=_visible,
        fields=("public_id", "code", "name", "kind", "verdict"),
    )
)
