"""The full form: what may be said of a place beside the first few answers. Nothing here is asked.

One catalogue for the phone, the door and the reviewer's page. Names are those of the record's
attributes, with units in them; what a name takes is checked in one place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.text import tidy

Text = str | Promise
YES_NO = (("yes", _("yes")), ("no", _("no")))
SKIP_REASONS: Mapping[str, Text] = {
    "not_reachable": _("cannot be reached safely"),
    "not_allowed": _("the owner does not allow it"),
    "too_dark": _("too dark, or rain"),
    "camera": _("the camera does not work"),
}


EMPTY: tuple[Any, ...] = ("", None, [])


class DetailError(ValueError):
    """One answer cannot be read; the words say which and what would do."""


@dataclass(frozen=True)
class Question:
    """``kind`` is choice, number, months or text. Numbers have a unit and both ends included."""

    name: str
    label: Text
    kind: str = "choice"
    options: tuple[tuple[str, Text], ...] = YES_NO
    unit: str = ""
    least: float = 0
    most: float = 0
    is_whole: bool = False

    def read(self, value: Any) -> Any:
        """Return the checked answer; raises DetailError."""
        if self.kind == "number":
            return self._number(value)
        if self.kind == "months":
            return self._months(value)
        if self.kind == "text":
            if not isinstance(value, str) or len(value) > self.most:
                raise DetailError(f"{self.name}: not a text of at most {self.most:g} characters")
            return tidy(value)
        if not isinstance(value, str) or value not in dict(self.options):
            raise DetailError(f"{self.name}: {str(value)[:50]!r} is no word known here")
        return value

    def spelled(self, value: Any) -> str:
        """Return an answer as people read it."""
        if self.kind == "months":
            return ", ".join(str(month) for month in value)
        if self.kind == "choice":
            return str(dict(self.options).get(value, value))
        shown = number_format(value) if self.kind == "number" else value
        return f"{shown} {self.unit}".strip()

    def as_json(self) -> dict[str, Any]:
        options = [[value, str(label)] for value, label in self.options]
        return {
            "name": self.name, "label": str(self.label), "kind": self.kind, "unit": self.unit,
            "least": self.least, "most": self.most, "whole": self.is_whole,
            "options": options if self.kind == "choice" else [],
        }  # fmt: skip

    def _number(self, value: Any) -> float | int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise DetailError(f"{self.name}: not a number")
        if not self.least <= value <= self.most:
            raise DetailError(f"{self.name}: {value:g} is not within {self.least:g}-{self.most:g}")
        return round(value) if self.is_whole else round(float(value), 2)

    def _months(self, value: Any) -> list[int]:
        months = value if isinstance(value, list) else [None]
        if any(type(month) is not int or not 1 <= month <= 12 for month in months):
            raise DetailError(f"{self.name}: not months from 1 to 12")
        return sorted(set(months))


@dataclass(frozen=True)
class Group:
    key: str
    label: Text
    questions: tuple[Question, ...]


def _number(name: str, label: Text, unit: str, most: float, *, is_whole: bool = False) -> Question:
    return Question(name, label, "number", (), unit, 0, most, is_whole)


def _choice(name: str, label: Text, *options: tuple[str, Text]) -> Question:
    return Question(name, label, "choice", options or YES_NO)


GROUPS: tuple[Group, ...] = (
    Group("water", _("The water"), (
        _number("max_depth_m", _("Greatest depth measured"), "m", 250),
        _number("depth_1m_from_edge_m", _("Depth one metre from the edge"), "m", 50),
        _choice("level_today", _("Level today"), ("low", _("low")), ("normal", _("usual")),
                ("high", _("high"))),
        _choice("flow", _("Flow"), ("none", _("none")), ("slow", _("slow")), ("fast", _("fast"))),
        _choice("clarity", _("One sees the ground"), *YES_NO),
        Question("water_months", _("Months with water"), "months", ()),
    )),
    Group("edge", _("The edge"), (
        _choice("bank_slope", _("Bank"), ("gentle", _("gentle")), ("steep", _("steep")),
                ("vertical", _("upright"))),
        _choice("is_slippery", _("Slippery (liner, algae)")),
        _choice("has_way_out", _("Steps or a ladder to climb out")),
        _choice("is_undercut", _("Hollow under the bank")),
    )),
    Group("children", _("Children and houses"), (
        _number("nearest_house_m", _("Nearest house"), "m", 20_000, is_whole=True),
        _number("nearest_school_m", _("Nearest school"), "m", 50_000, is_whole=True),
        _choice("children_seen", _("Children seen here today")),
        _choice("is_bathing_place", _("Known as a bathing place")),
        _choice("is_seen_from_house", _("Seen from a house")),
    )),
    Group("access", _("Getting there"), (
        _choice("access", _("Access"), ("open", _("open")), ("partly", _("closed in part")),
                ("closed", _("closed"))),
        _number("access_points", _("Places where people reach the water"), "", 500, is_whole=True),
    )),
    Group("sign", _("The signs"), (
        _number("sign_count", _("Signs"), "", 500, is_whole=True),
        _choice("sign_is_legible_10m", _("Can be read from 10 m")),
        _choice("sign_has_picture", _("Has a picture")),
        _choice("sign_has_phone", _("Has a telephone number")),
    )),
    Group("barrier", _("The fence"), (
        _number("barrier_length_m", _("Length"), "m", 100_000),
        _number("barrier_height_m", _("Lowest height"), "m", 10),
        _number("barrier_widest_gap_mm", _("Widest gap"), "mm", 10_000, is_whole=True),
        _choice("barrier_is_climbable", _("Can be climbed")),
        _choice("gate_closes_itself", _("The gate closes by itself")),
    )),
    Group("rescue", _("Rescue"), (
        _choice("has_ring", _("Life ring")),
        _choice("has_pole", _("Pole or rope")),
    )),
    Group("responsible", _("Who has to see to it"), (
        Question("responsible_name", _("Name"), "text", (), "", 0, 250),
        _choice("responsible_as", _("As"), ("owner", _("owner")), ("operator", _("operator")),
                ("contractor", _("contractor")), ("land_manager", _("land manager"))),
    )),
)  # fmt: skip
QUESTIONS: Mapping[str, Question] = {
    question.name: question for group in GROUPS for question in group.questions
}


def read_details(said: Any) -> dict[str, Any]:
    """Return the checked answers of a full form; empty ones are dropped. Raises DetailError.

    A question that this server does not know is left out: the body keeps it as it came.
    """
    if not isinstance(said, Mapping):
        raise DetailError("details: no object")
    read = {
        name: QUESTIONS[name].read(value)
        for name, value in said.items()
        if name in QUESTIONS and value not in EMPTY
    }
    return {name: value for name, value in read.items() if value not in EMPTY}


def read_skipped(said: Any) -> dict[str, str]:
    """Return {what was not photographed: why}. Raises DetailError."""
    if not isinstance(said, Mapping):
        raise DetailError("skipped: no object")
    for reason in said.values():
        if not isinstance(reason, str) or reason not in (*SKIP_REASONS, ""):
            raise DetailError(f"skipped: {str(reason)[:50]!r} is no reason known here")
    return {str(name)[:15]: reason for name, reason in said.items() if reason}


def spelled_details(details: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (group, [(question, answer)]) of what was answered, for reading."""
    found = []
    for group in GROUPS:
        answers = [
            (str(question.label), question.spelled(details[question.name]))
            for question in group.questions
            if question.name in details
        ]
        if answers:
            found.append((str(group.label), answers))
    return found
