"""The registry's layer on the map."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from common.layers import Layer, register
from hazards.models import WaterHazard


def _visible(user: Any) -> QuerySet[WaterHazard]:
    return WaterHazard.objects.visible_to(user).annotate(verdict=F("assessment__verdict"))


register(
    Layer(
        name="hazards",
        title=_("Hazards"),
        queryset=_visible,
        fields=("public_id", "code", "name", "kind", "verdict"),
    )
)
