"""The orders a list can stand in. Each ends with the code, so that pages never overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, OrderBy, QuerySet, Value, When
from django.db.models.functions import Coalesce

from common.verdict_marks import MARKS
from hazards.models import WaterHazard
from hazards.selectors.state import HazardState
from hazards.taxonomy import Verdict

# Work first: not compliant, partly, not surveyed, ... as on the legend.
VERDICT_PLACE = {code: place for place, code in enumerate(MARKS)}
DEFAULT_SORT = "code"
_LAST_PLACE = len(VERDICT_PLACE)
_NEVER = date.min


def _verdict_place() -> Case:
    return Case(
        *(When(shown_verdict=code, then=Value(place)) for code, place in VERDICT_PLACE.items()),
        default=Value(_LAST_PLACE),
        output_field=IntegerField(),
    )


def _keys() -> dict[str, list[OrderBy]]:
    children, looked_on = F("assessment__children_near"), F("assessment__last_observed_on")
    return {
        "code": [],
        "name": [F("name").asc()],
        "kind": [F("kind").asc()],
        "unit": [F("unit__tree_left").asc()],
        "body": [F("responsible_body__kind").asc(nulls_last=True)],
        "children": [children.desc(nulls_last=True)],
        "-children": [children.asc(nulls_last=True)],
        # Longest ago first; never looked at is longest of all.
        "days": [looked_on.asc(nulls_first=True)],
        "-days": [looked_on.desc(nulls_last=True)],
        "verdict": [_verdict_place().asc()],
        "-verdict": [_verdict_place().desc()],
        "-name": [F("name").desc()],
        "-kind": [F("kind").desc()],
        "-unit": [F("unit__tree_left").desc()],
        "-body": [F("responsible_body__kind").desc(nulls_last=True)],
        "-code": [F("code").desc()],
    }


SORTS = tuple(_keys())


def sorted_rows(rows: QuerySet[WaterHazard], sort: str) -> QuerySet[WaterHazard]:
    """Order in the database, by the stored verdict."""
    shown = Coalesce("assessment__verdict", Value(Verdict.NOT_SURVEYED.value))
    return rows.alias(shown_verdict=shown).order_by(*_keys().get(sort, []), "code")


def sort_by_state(found: list[tuple[int, HazardState]], sort: str) -> list[tuple[int, HazardState]]:
    """Order (id, state) again where the sort is about the state; the rest keeps its order."""
    keys: dict[str, Any] = {
        "days": lambda item: item[1].last_observed_on or _NEVER,
        "verdict": lambda item: VERDICT_PLACE.get(item[1].verdict, _LAST_PLACE),
    }
    name = sort.removeprefix("-")
    return sorted(found, key=keys[name], reverse=sort.startswith("-")) if name in keys else found
