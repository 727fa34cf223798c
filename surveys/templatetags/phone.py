"""Small words of the phone pages."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

NEAR_M, KM = 1000, 1000.0


@register.filter
def distance(metres: Any) -> str:
    """Write a distance for walking: 34.2 -> 34 m, 1234 -> 1,2 km, in the reader's notation."""
    if metres is None:
        return "-"
    if metres < NEAR_M:
        return _("%(n)s m") % {"n": number_format(round(metres), 0)}
    return _("%(n)s km") % {"n": number_format(metres / KM, 1)}


@register.filter
def degrees(value: Any) -> str:
    """Write degrees for machines, with a point in every language: 106.75."""
    return "" if value is None else f"{float(value):.6f}"


@register.filter
def direction(degrees_from_north: Any) -> str:
    """Write where a camera looked in words: 92 -> east.

    >>> str(direction(359)) == str(direction(1))
    True
    """
    if degrees_from_north is None:
        return "-"
    words = [
        _("north"),
        _("north-east"),
        _("east"),
        _("south-east"),
        _("south"),
        _("south-west"),
        _("west"),
        _("north-west"),
    ]
    return words[round(float(degrees_from_north) / 45) % 8]


@register.filter
def get(mapping: Any, key: str) -> Any:
    """Return ``mapping[key]``, or an empty text."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""
