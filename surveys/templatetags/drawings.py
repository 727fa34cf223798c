"""{% drawing "sign_missing" %}: the small pictures on the answers of the phone page."""

from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.safestring import SafeString, mark_safe

from hazards.taxonomy import HazardKind

register = template.Library()

_FOLDER = Path(__file__).resolve().parent.parent / "drawings"
_HIDDEN = '<svg class="drawing" aria-hidden="true" focusable="false" '

# Kinds that look alike on a small picture share one.
KIND_DRAWINGS: dict[str, str] = {
    HazardKind.POND: "pond",
    HazardKind.FARM_TANK: "farm_tank",
    HazardKind.LAKE: "lake",
    HazardKind.RESERVOIR_IRR: "reservoir",
    HazardKind.RESERVOIR_HYDRO: "dam",
    HazardKind.DAM: "dam",
    HazardKind.WEIR: "dam",
    HazardKind.SLUICE: "canal",
    HazardKind.CANAL: "canal",
    HazardKind.DITCH: "canal",
    HazardKind.PUMP_SUMP: "tank",
    HazardKind.WELL: "well",
    HazardKind.TANK: "tank",
    HazardKind.SEPTIC_LIME: "tank",
    HazardKind.CONSTRUCTION: "construction",
    HazardKind.BORROW_PIT: "pit",
    HazardKind.QUARRY: "pit",
    HazardKind.RIVER_SPOT: "river",
    HazardKind.FERRY_BRIDGE: "bridge",
    HazardKind.FIRE_BASIN: "lake",
    HazardKind.FLOOD_AREA: "flood",
    HazardKind.POOL: "pool",
}


@lru_cache
def _svg(name: str) -> SafeString:
    text = (_FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip()
    return mark_safe(text.replace("<svg ", _HIDDEN, 1))  # noqa: S308 - files of this app


@register.simple_tag
def drawing(name: str) -> SafeString:
    """Draw surveys/drawings/NAME.svg. It says nothing to screen readers: the word beside does."""
    return _svg(name)


@register.simple_tag
def kind_drawing(kind: str) -> SafeString:
    return _svg(f"kind_{KIND_DRAWINGS[kind]}")
