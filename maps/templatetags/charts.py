"""Small charts as inline SVG, and table heads that sort: no script, no library."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.templatetags.page import query_with
from common.verdict_marks import MARKS
from maps.remarks import remark_text
from maps.reports.gap_columns import Column
from maps.selectors.gaps import GapRow
from maps.selectors.units import level_label

register = template.Library()

# Children: one hue, darker the nearer to water; a ramp that also tells in greyscale.
PURPLES = ("#4a1a7a", "#7b4fae", "#b095d3", "#d6c8ea")


@register.simple_tag
def bar(value: Any, largest: Any, colour: str = PURPLES[1]) -> SafeString:
    """Draw one bar as long as ``value`` is of ``largest``; nothing at all where it is missing."""
    if value is None or not largest:
        return SafeString("")
    width = f"{100 * min(float(value) / float(largest), 1):.2f}"
    return format_html(
        '<svg class="hbar" width="100%" height="10" aria-hidden="true" focusable="false">'
        '<rect width="100%" height="10" rx="3" fill="#e8e4ee"/>'
        '<rect width="{}%" height="10" rx="3" fill="{}"/></svg>',
        width,
        colour,
    )


@register.simple_tag
def verdict_bar(parts: Iterable[tuple[str, int]]) -> SafeString:
    """Draw one bar of verdicts, in the order given; nobody has looked = hatched."""
    found = [(code, count) for code, count in parts if count]
    total = sum(count for _code, count in found)
    if not total:
        return SafeString("")
    pieces, start = [], 0.0
    for code, count in found:
        share = 100 * count / total
        fill = "url(#unseen)" if code == "not_surveyed" else MARKS[code].colour
        pieces.append((f"{start:.3f}", f"{share:.3f}", fill, MARKS[code].label, str(count)))
        start += share
    rects = format_html_join(
        "",
        '<rect x="{}%" width="{}%" height="22" fill="{}" stroke="#fff">'
        "<title>{}: {}</title></rect>",
        pieces,
    )
    return format_html(
        '<svg class="vbar" width="100%" height="22" role="img" aria-label="{}"><defs>'
        '<pattern id="unseen" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        '<rect width="2" height="6" fill="#6B7280"/></pattern></defs>{}</svg>',
        "; ".join(f"{label}: {count}" for _x, _w, _f, label, count in pieces),
        rects,
    )


@register.simple_tag
def purple(place: int) -> str:
    return PURPLES[min(place, len(PURPLES) - 1)]


@register.simple_tag
def cell(column: Column, row: GapRow) -> Any:
    return column.value(row)


@register.filter
def worded(remark: dict[str, Any]) -> str:
    """Put a remark on a dataset into words."""
    return remark_text(remark)


@register.filter
def level_name(level: str) -> str:
    return level_label(level)


@register.simple_tag(takes_context=True)
def sorted_head(
    context: Context, key: str, heading: str, sort: str, css: str = "num"
) -> SafeString:
    """A column head that sorts: the greatest first, then the least."""
    active = sort.lstrip("-") == key
    descending = sort.startswith("-")
    wanted = key if active and descending else f"-{key}"
    if key == "unit":
        wanted = "-unit" if active and not descending else "unit"
    order = "descending" if descending else "ascending"
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', order) if active else "",
        query_with(context, sort=wanted),
        heading,
        format_html(' <span aria-hidden="true">{}</span>', "↓" if descending else "↑")
        if active
        else "",
    )
