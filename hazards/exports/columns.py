"""The one list of columns behind CSV and XLSX (and, by their keys, GeoJSON)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.selectors.rows import HazardRow
from hazards.selectors.words import DUTY_WORDS

Value = str | int | float | Decimal | date | None

TEXT, WHOLE, DECIMAL, DEGREES, DATE = "text", "whole", "decimal", "degrees", "date"


@dataclass(frozen=True)
class Column:
    """``key`` is stable and English; ``width`` is in characters; ``printed``: on the A4 list."""

    key: str
    heading: str | Promise
    width: int
    kind: str
    value: Callable[[HazardRow], Value]
    printed: bool = True


def _depth_class(row: HazardRow) -> str:
    return row.depth_class_label


def _days_since_look(row: HazardRow) -> int | None:
    return row.days_since_look


def _last_look(row: HazardRow) -> date | None:
    return row.state.last_observed_on


def _lifecycle(row: HazardRow) -> str:
    return row.lifecycle_label


def _synthetic(row: HazardRow) -> str:
    if row.hazard.is_synthetic:
        return str(_("invented for training"))
    return str(_("observations invented")) if row.has_invented_sight else ""


COLUMNS: tuple[Column, ...] = (
    Column("code", _("Code"), 14, TEXT, lambda row: row.hazard.code),
    Column("name", _("Name of the hazard"), 28, TEXT, lambda row: row.hazard.name),
    Column("kind", _("Kind"), 18, TEXT, lambda row: row.kind_label),
    Column("hamlet", _("Hamlet"), 15, TEXT, lambda row: row.hamlet),
    Column("commune", _("Commune"), 18, TEXT, lambda row: row.commune.full_name),
    Column("lat", _("Latitude, °"), 10, DEGREES, lambda row: row.lat),
    Column("lon", _("Longitude, °"), 11, DEGREES, lambda row: row.lon),
    Column("depth_m", _("Depth, m"), 8, DECIMAL, lambda row: row.depth_m),
    Column("depth_class", _("Depth class"), 13, TEXT, _depth_class),
    Column("sign", _("Warning sign"), 15, TEXT, lambda row: str(DUTY_WORDS[row.state.sign])),
    Column("barrier", _("Barrier"), 15, TEXT, lambda row: str(DUTY_WORDS[row.state.barrier])),
    Column("cover", _("Cover"), 15, TEXT, lambda row: str(DUTY_WORDS[row.state.cover])),
    Column("verdict", _("Verdict"), 15, TEXT, lambda row: row.verdict_label),
    Column("responsible_body", _("Responsible body"), 26, TEXT, lambda row: row.body_name),
    Column("children_near", _("Children near"), 9, WHOLE, lambda r: r.children_near),
    Column("children_near_m", _("Counted within, m"), 9, WHOLE, lambda row: row.children_near_m),
    Column("days_since_look", _("Days since the last look"), 10, WHOLE, _days_since_look),
    Column("photos", _("Photos"), 7, WHOLE, lambda row: row.photos_n),
    Column(
        "children_only_here", _("Children near this one only"), 11, WHOLE,
        lambda row: row.children_only_here, printed=False,
    ),
    Column(
        "children_equal_share", _("Equal share of the children"), 11, WHOLE,
        lambda row: row.children_equal_share, printed=False,
    ),
    Column(
        "children_nearest", _("Children to whom it is the nearest"), 11, WHOLE,
        lambda row: row.children_nearest, printed=False,
    ),
    Column("last_observed_on", _("Last look"), 12, DATE, _last_look, printed=False),
    Column("lifecycle", _("State"), 15, TEXT, _lifecycle, printed=False),
    Column("commune_code", _("Commune code"), 12, TEXT, lambda r: r.commune.code, printed=False),
    Column("source", _("Source"), 18, TEXT, lambda row: row.hazard.source, printed=False),
    Column(
        "is_synthetic", pgettext_lazy("column", "Invented"), 18, TEXT, _synthetic, printed=False
    ),
)  # fmt: skip

NUMBER_HEADING = pgettext_lazy("running number in a table", "No.")
