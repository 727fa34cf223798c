"""The stand-alone coverage map: one HTML file, made with folium, that asks nobody for anything."""

from __future__ import annotations

import json
import re
from typing import Any

import folium
from branca.element import Element, MacroElement
from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from folium.plugins import MarkerCluster
from jinja2 import Template

from common.templatetags.units import share
from common.verdict_marks import MARKS, shape_of
from geomath.classes import NO_VALUE, ZERO, Classes, quantile_classes
from hazards.selectors.invented import is_partly_invented
from hazards.taxonomy import IN_SCOPE, HazardKind, Verdict
from maps.reports import assets
from maps.selectors import webmap

CHILDREN_RAMP = ["#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#4a2385"]
ZERO_FILL = "#ffffff"
UNKNOWN_FILL = "url(#unseen)"  # the hatch that coverage_frame.html defines
FILL_OPACITY = 0.75  # of units, over a base map if there is one; the legend shows the same tint
CLUSTER_UNTIL_ZOOM = 13


class HazardMarks(MacroElement):
    """A mark for every hazard, drawn by its verdict; far out they gather in counted circles."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.script }}{% endmacro %}")

    def __init__(
        self,
        chart: folium.Map,
        cluster: MarkerCluster,
        rows: list[list[Any]],
        *,
        extent: tuple[tuple[float, float], tuple[float, float]],
    ) -> None:
        super().__init__()
        marks = {code: shape_of(mark) for code, mark in MARKS.items()}
        self.script = render_to_string(
            "maps/reports/hazard_marks.js",
            {
                "map": chart.get_name(),
                "extent": _safe_json(extent),
                "cluster": cluster.get_name(),
                "rows": _safe_json(rows),
                "marks": _safe_json(marks),
                "words": _safe_json(_words()),
            },
        )


def coverage_map(view: webmap.MapView, *, distance_m: int) -> str:
    """Return the HTML of the coverage map of ``view.unit``: areas, hazards, legend, n/N."""
    assets.forget_outside_assets()
    with view.then():
        return _drawn(view, distance_m)


def _drawn(view: webmap.MapView, distance_m: int) -> str:
    areas = webmap.areas(view, distance_m=distance_m)
    hazards = _hazard_rows(view)
    chart = folium.Map(
        tiles=None, maxZoom=19, control_scale=True, zoomSnap=0.25, attributionControl=False
    )
    figure: Any = chart.get_root()  # folium's types stop at Element
    classes = _classes(areas)
    _add_areas(chart, areas, classes, distance_m)
    cluster = MarkerCluster(
        name=_("Hazards"),
        options={"disableClusteringAtZoom": CLUSTER_UNTIL_ZOOM, "maxClusterRadius": 44},
    )
    cluster.add_to(chart)
    chart.add_child(HazardMarks(chart, cluster, hazards, extent=webmap.extent(view)))
    folium.LayerControl(collapsed=False, position="topright").add_to(chart)
    assets.put_in(figure, css=render_to_string("maps/reports/coverage_map.css"))
    figure.title = escape(_bare(_("Coverage map: %(unit)s") % {"unit": view.unit}))
    figure.html.add_child(Element(_escape(_frame(view, classes, hazards, distance_m))))
    html: str = figure.render()
    return html.replace("<html>", f'<html lang="{get_language()}">', 1)


def _add_areas(
    chart: folium.Map, areas: list[dict[str, Any]], classes: Classes, distance_m: int
) -> None:
    if not areas:
        return
    for area, place in zip(areas, classes.index, strict=True):
        known = area["properties"]
        known |= {"name": _bare(known["name"]), "text": _area_text(known), "colour": _colour(place)}
    folium.GeoJson(
        {"type": "FeatureCollection", "features": areas},
        name=_("Children within %(metres)s m of unprotected water") % {"metres": distance_m},
        style_function=lambda feature: {
            "color": "#475569",
            "weight": 1.2,
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": FILL_OPACITY,
        },
        tooltip=folium.GeoJsonTooltip(fields=["name", "text"], labels=False),
    ).add_to(chart)


def _classes(areas: list[dict[str, Any]]) -> Classes:
    values = [area["properties"]["children_exposed"] for area in areas]
    return quantile_classes(values, k=len(CHILDREN_RAMP))


def _colour(place: int) -> str:
    if place == NO_VALUE:
        return UNKNOWN_FILL
    return ZERO_FILL if place == ZERO else CHILDREN_RAMP[place]


def _area_text(area: dict[str, Any]) -> str:
    if area["children_exposed"] is None:
        children = _("children: not worked out for this day")
    else:
        children = _("children near: %(n)s of %(total)s") % {
            "n": number_format(round(area["children_exposed"])),
            "total": number_format(round(area["children_total"])),
        }
    covered = _("compliant: %(share)s") % {"share": share(area["compliant"], area["in_scope"])}
    return f"{children} · {covered}"


def _hazard_rows(view: webmap.MapView) -> list[list[Any]]:
    """Return [latitude, longitude, verdict, code, name, kind] of every hazard to be drawn."""
    given = None if view.is_today else dict(webmap.verdicts_of_day(view))
    rows = []
    for hazard in (
        webmap.hazards_of(view).select_related("assessment").defer("geometry").order_by("id")
    ):
        if given is None:
            assessment = getattr(hazard, "assessment", None)
            verdict = assessment.verdict if assessment else Verdict.NOT_SURVEYED
        elif hazard.pk in given:
            verdict = given[hazard.pk]
        else:
            continue
        place = (round(hazard.location.y, 6), round(hazard.location.x, 6))
        rows.append([*place, str(verdict), hazard.code, hazard.name, hazard.kind])
    return rows


def _words() -> dict[str, Any]:
    return {
        "kinds": {value: str(label) for value, label in HazardKind.choices},
        "verdicts": {code: str(mark.label) for code, mark in MARKS.items()},
    }


def _frame(
    view: webmap.MapView, classes: Classes, hazards: list[list[Any]], distance_m: int
) -> str:
    counts = {code: sum(row[2] == code for row in hazards) for code in MARKS}
    in_scope = sum(counts[verdict] for verdict in IN_SCOPE)
    return render_to_string(
        "maps/reports/coverage_frame.html",
        {
            "unit": view.unit,
            "day": date_format(view.day),
            "boundary_set": view.unit.boundary_set if view.unit else None,
            "total": len(hazards),
            "invented": webmap.hazards_of(view).filter(is_partly_invented()).count(),
            "covered": share(counts["compliant"], in_scope),
            "verdicts": [
                (shape_of(mark), mark.label, counts[code]) for code, mark in MARKS.items()
            ],
            "distance_m": distance_m,
            "classes": _class_rows(classes),
            "fill_percent": round(100 * FILL_OPACITY),
            "run": webmap.latest_run(view.day),
        },
    )


def _class_rows(classes: Classes) -> list[tuple[str, str, int]]:
    """Return (colour, limits, units) of the classes met; no colour stands for the hatch."""
    rows = [(ZERO_FILL, "0", classes.zero_count)] if classes.zero_count else []
    for place, (lowest, highest) in enumerate(classes.limits):
        ends = [_whole(end) for end in (lowest, highest)]
        label = ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"
        rows.append((CHILDREN_RAMP[place], label, classes.counts[place]))
    if classes.no_value_count:
        rows.append(("", _("not worked out"), classes.no_value_count))
    return rows


def _whole(children: float) -> str:
    """Return whole children; a part of one is not zero, which has a class of its own."""
    return "<1" if 0 < children < 0.5 else number_format(round(children))


def _safe_json(value: Any) -> str:
    """Return JSON that may stand inside a script: names from outside cannot end it.

    branca reads what scripts hold as a template once more, so the beginnings of template words are
    written as escapes; they only occur inside strings.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


def _bare(text: str) -> str:
    """Return text without braces, for folium's own layers, which cannot escape them."""
    return text.replace("{", "(").replace("}", ")")


def _escape(html: str) -> str:
    """Keep branca from reading braces of names as a template."""
    return "{% raw %}" + html.replace("{%", "{ %") + "{% endraw %}"
