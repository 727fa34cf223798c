"""Small charts as inline SVG, and table heads that sort: no script, no library."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.page import query_with
from common.templatetags.units import people
from common.verdict_marks import MARKS
from maps.models import PopulationDataset
from maps.remarks import remark_text
from maps.reports.gap_columns import Column
from maps.selectors.gaps import GapRow
from maps.selectors.trend import TrendPoint
from maps.selectors.units import level_label

register = template.Library()

# Children: one hue, darker the nearer to water; a ramp that also tells in greyscale.
TREND_WIDE, TREND_HIGH, TREND_LEFT = 640, 140, 78
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
def trend_chart(points: Sequence[TrendPoint]) -> SafeString:
    """Draw children near any open water (line), and near water never surveyed (dashes), by day."""
    most = max((point.near for point in points), default=0.0)
    if len(points) < 2 or most <= 0:
        return SafeString("")
    first, days = points[0].on, max((points[-1].on - points[0].on).days, 1)
    spots = [
        (
            TREND_LEFT + (TREND_WIDE - TREND_LEFT - 12) * (point.on - first).days / days,
            TREND_HIGH * (1 - point.near / most) + 10,
            TREND_HIGH * (1 - point.near_not_surveyed / most) + 10,
        )
        for point in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _unseen in spots)
    dashes = " ".join(f"{x:.1f},{y:.1f}" for x, _near, y in spots)
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="3.5" fill="#4a1a7a"><title>{}: {}</title></circle>',
        (
            (f"{x:.1f}", f"{y:.1f}", date_format(point.on, "SHORT_DATE_FORMAT"), people(point.near))
            for (x, y, _unseen), point in zip(spots, points, strict=True)
        ),
    )
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line x1="{}" x2="{}" y1="10" y2="10" stroke="#d5dbe3"/>'
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#7b8794"/>'
        '<text x="{}" y="14" text-anchor="end">{}</text>'
        '<text x="{}" y="{}" text-anchor="end">0</text>'
        '<polyline points="{}" fill="none" stroke="#6B7280" stroke-width="2" '
        'stroke-dasharray="5 4"/>'
        '<polyline points="{}" fill="none" stroke="#4a1a7a" stroke-width="2.5"/>{}'
        '<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text></svg>',
        TREND_WIDE, TREND_HIGH + 34, _("Children near unprotected water by month"),
        TREND_LEFT, TREND_WIDE, TREND_LEFT, TREND_WIDE, TREND_HIGH + 10, TREND_HIGH + 10,
        TREND_LEFT - 6, people(most), TREND_LEFT - 6, TREND_HIGH + 14, dashes, line, dots,
        TREND_LEFT, TREND_HIGH + 30, date_format(first, "SHORT_DATE_FORMAT"),
        TREND_WIDE, TREND_HIGH + 30, date_format(points[-1].on, "SHORT_DATE_FORMAT"),
    )  # fmt: skip


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
def water_policy(policy: str) -> str:
    return str(PopulationDataset.WaterPolicy(policy).label)


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
