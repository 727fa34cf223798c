"""One line of a list, ready for a page or a file: the hazard, its state, and what may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards.models import WaterHazard
from hazards.models.assessment import DutyState
from hazards.selectors.reader import Reader
from hazards.selectors.spelled import spelled
from hazards.selectors.state import HazardState
from hazards.taxonomy import BodyKind, DepthClass, Duty, HazardKind, Lifecycle, Verdict
from places.models import AdminUnit

HAMLET = "hamlet"


def body_name(hazard: WaterHazard, reader: Reader) -> str:
    """Name the responsible body; a household only to those who may know it, "" when there is none.

    Reads ``hazard.unit``, so select it along.
    """
    body = hazard.responsible_body
    if body is None:
        return ""
    hidden = body.kind == BodyKind.HOUSEHOLD and not reader.may_name_households_in(
        hazard.unit.tree_left
    )
    return str(_("Household")) if hidden else body.name


@dataclass(frozen=True)
class HazardRow:
    """A hazard on a day as ``reader`` may see it. Made from the rows of ``for_rows``."""

    hazard: WaterHazard
    state: HazardState
    as_of: date
    reader: Reader

    @property
    def verdict(self) -> str:
        return self.state.verdict

    @property
    def verdict_label(self) -> str:
        return spelled(Verdict, self.state.verdict)

    @property
    def kind_label(self) -> str:
        return spelled(HazardKind, self.hazard.kind)

    @property
    def lifecycle_label(self) -> str:
        return spelled(Lifecycle, self.hazard.lifecycle)

    @property
    def commune(self) -> AdminUnit:
        """Return the unit above a hamlet, or the hazard's own unit."""
        unit = self.hazard.unit
        return unit.parent if unit.level == HAMLET and unit.parent else unit

    @property
    def hamlet(self) -> str:
        unit = self.hazard.unit
        return self.hazard.hamlet or (unit.name if unit.level == HAMLET else "")

    @property
    def lon(self) -> float:
        return self.hazard.lon  # type: ignore[attr-defined, no-any-return]

    @property
    def lat(self) -> float:
        return self.hazard.lat  # type: ignore[attr-defined, no-any-return]

    @property
    def position_text(self) -> str:
        """Return "11.53127, 106.88051": latitude first, as people type it into a map."""
        return f"{self.lat:.5f}, {self.lon:.5f}"

    @property
    def depth_m(self) -> Decimal | None:
        return self.state.depth_m

    @property
    def depth_class_label(self) -> str:
        return spelled(DepthClass, self.state.depth_class)

    @property
    def depth_is_known(self) -> bool:
        return self.state.depth_class != DepthClass.UNKNOWN

    @property
    def body_name(self) -> str:
        return body_name(self.hazard, self.reader)

    @property
    def children_near(self) -> float | None:
        return _figure(self.hazard, "children_near")

    @property
    def children_near_m(self) -> int | None:
        return _figure(self.hazard, "children_near_m")

    @property
    def children_only_here(self) -> float | None:
        """Children near this open water and near no other; None for a protected one."""
        return _figure(self.hazard, "children_only_here")

    @property
    def children_equal_share(self) -> float | None:
        """Children near, each shared out among the open waters near; they add up to the union."""
        return _figure(self.hazard, "children_equal_share")

    @property
    def children_nearest(self) -> float | None:
        """Children near whose nearest open water this is; they add up to the union, too."""
        return _figure(self.hazard, "children_nearest")

    @property
    def children_mean_others(self) -> float | None:
        return _figure(self.hazard, "children_mean_others")

    @property
    def days_since_look(self) -> int | None:
        """Return days from the last look to ``as_of``; None when nobody ever looked."""
        looked_on = self.state.last_observed_on
        return None if looked_on is None else (self.as_of - looked_on).days

    @property
    def photos_n(self) -> int:
        return self.hazard.photos_n  # type: ignore[attr-defined, no-any-return]

    @property
    def has_invented_sight(self) -> bool:
        """Say whether an observation of this water, which may be real, was made up."""
        return self.hazard.has_invented_sight  # type: ignore[attr-defined, no-any-return]

    @property
    def duties(self) -> list[tuple[Duty, str]]:
        """Return (duty, state) of the duties that the rule asks of this hazard."""
        states = [(duty, str(getattr(self.state, duty))) for duty in Duty]
        return [(duty, state) for duty, state in states if state != DutyState.NOT_REQUIRED]


def _figure(hazard: WaterHazard, name: str) -> Any:
    return getattr(getattr(hazard, "assessment", None), name, None)
