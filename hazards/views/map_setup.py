"""What the page's own map script needs from the server: base map and translated words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common.verdict_marks import MARKS


def draw_hints() -> dict[str, str]:
    """Return what to do on the map, by the form that is drawn."""
    return {
        "point": _("Press the map where it is. Drag the mark to move it."),
        "line": _("Press the map at each corner; press the last one again to end."),
        "outline": _("Press the map at each corner; press the first one again to close."),
    }


def map_setup() -> dict[str, Any]:
    """Return the base map, if one is set, and the words the scripts put on the map."""
    return {
        "base": {"url": settings.BASE_MAP_URL, "attribution": settings.BASE_MAP_ATTRIBUTION},
        "recordBase": reverse("hazards:list"),
        "center": settings.LEAFLET_CONFIG["DEFAULT_CENTER"],
        "zoom": settings.LEAFLET_CONFIG["DEFAULT_ZOOM"],
        "verdicts": {code: str(mark.label) for code, mark in MARKS.items()},
        "words": {
            "drawn": _("{inside} of {total} hazards of this list are on the map."),
            "grouped": _("{inside} of {total} hazards, counted in circles; zoom in for each one."),
            "open": _("Open the record"),
            "failed": _("The map could not be loaded. Check the connection and reload the page."),
            "legend": _("By verdict"),
        },
    }
