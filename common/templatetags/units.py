"""Figures with their units, by locale. Missing values show as a dash, never as zero."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()

MISSING = "-"
NBSP = "\u00a0"
M2_PER_HA = 10_000
_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)


def _decimal(value: Any) -> Decimal | None:
    """Read a number, or None when it is missing or not a number."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _rounded(number: Decimal, digits: int) -> str:
    step = Decimal(1).scaleb(-digits)
    return number_format(number.quantize(step, ROUND_HALF_UP), digits, force_grouping=True)


@register.filter
def number(value: Any, digits: int = 0) -> str:
    """Write a number with ``digits`` decimals: 1234.5 -> 1.235 in Vietnamese."""
    found = _decimal(value)
    return MISSING if found is None else _rounded(found, int(digits))


@register.filter
def metres(value: Any, digits: int = 0) -> str:
    """Write a length given in metres: 1234 -> 1.234 m."""
    found = _decimal(value)
    return MISSING if found is None else f"{_rounded(found, int(digits))}{NBSP}m"


@register.filter
def hectares(area_m2: Any, digits: int = 2) -> str:
    """Write an area given in square metres, in hectares: 12500 -> 1,25 ha.

    An area too small for the decimals shows as "< 0,01 ha", not as nothing.
    """
    found = _decimal(area_m2)
    if found is None:
        return MISSING
    smallest = Decimal(1).scaleb(-int(digits))
    if 0 < found / M2_PER_HA < smallest:
        return f"<{NBSP}{_rounded(smallest, int(digits))}{NBSP}ha"
    return f"{_rounded(found / M2_PER_HA, int(digits))}{NBSP}ha"


@register.filter
def people(value: Any) -> str:
    """Write a count of people, which models give with decimals: 1234.6 -> 1.235.

    More than none but less than half a person shows as "< 1".
    """
    found = _decimal(value)
    if found is None:
        return MISSING
    return f"<{NBSP}1" if 0 < found < Decimal("0.5") else _rounded(found, 0)


def _percent_sign() -> str:
    return f"{NBSP}%" if (get_language() or "vi").startswith("vi") else "%"


def percent_text(part: Any, whole: Any) -> str:
    """Write ``part`` of ``whole`` as a percentage with one decimal; "-" when the whole is 0.

    100 % is written only when nothing is missing: 2499 of 2500 (99.96 %) is 99,9 %. In the same
    way a little is not nothing: 1 of 10 000 is < 0,1 %.
    """
    n, total = _decimal(part), _decimal(whole)
    if n is None or total is None or total == 0:
        return MISSING
    exact = _HUNDRED * n / total
    if n == total or n == 0:
        return f"{_rounded(exact, 0)}{_percent_sign()}"
    if 0 < exact < _TENTH:
        return f"<{NBSP}{_rounded(_TENTH, 1)}{_percent_sign()}"
    shown = exact.quantize(_TENTH, ROUND_HALF_UP)
    if exact < _HUNDRED <= shown:
        shown = _HUNDRED - _TENTH
    return f"{_rounded(shown, 1)}{_percent_sign()}"


@register.filter
def percent(share: Any) -> str:
    """Write a share from 0 to 1 as a percentage, with the rules of ``percent_text``."""
    return percent_text(share, 1)


@register.simple_tag
def percent_of(part: Any, whole: Any) -> str:
    """{% percent_of n N %}: the percentage alone."""
    return percent_text(part, whole)


@register.simple_tag
def share(part: Any, whole: Any) -> str:
    """{% share n N %}: "37/120 (30,8 %)"; "-" when N is 0 or missing."""
    text = percent_text(part, whole)
    return MISSING if text == MISSING else f"{number(part)}/{number(whole)} ({text})"
