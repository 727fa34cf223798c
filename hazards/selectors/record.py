"""Everything the page of one hazard shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.scoping import scopes_for
from hazards.models import Responsibility, Safeguard, SafeguardObservation, Waiver, WaterHazard
from hazards.selectors.listing import for_rows
from hazards.selectors.next_step import next_step
from hazards.selectors.reader import Reader
from hazards.selectors.rows import HazardRow
from hazards.selectors.state import state_of
from hazards.selectors.timeline import Visit, visits
from hazards.selectors.words import VERDICT_MEANINGS
from hazards.services.assessment import assessments_on
from hazards.services.explanation import explain
from hazards.taxonomy import BodyKind, Duty, ResponsibleRole


@dataclass(frozen=True)
class Answering:
    """Who answers for the hazard, as what, and until when; a household is not named to all."""

    role: str
    body_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class HazardRecord:
    row: HazardRow
    was_registered: bool
    meaning: str
    reasons: list[str]
    next_step: str
    changes_on: date | None
    duties: list[tuple[Duty, str]]
    safeguards: list[Safeguard]
    visits: list[Visit]
    photos: list[Any]
    waivers: list[Waiver]
    answering: list[Answering]
    shape: str


def hazard_record(hazard: WaterHazard, *, reader: Reader, on: date) -> HazardRecord:
    """Return the record as it stood on the day; ``hazard`` has passed the access check."""
    shown = for_rows(WaterHazard.objects.filter(pk=hazard.pk), geometry=True).get()
    shown.note, shown.source_facts = hazard.note, hazard.source_facts
    assessment = next(iter(assessments_on(on, hazard_ids=[hazard.pk])), None)
    row = HazardRow(shown, state_of(assessment), on, reader)
    changes_on = assessment.changes_on if assessment else None
    found = visits(hazard, on)
    return HazardRecord(
        row=row,
        was_registered=hazard.registered_on <= on,
        meaning=str(VERDICT_MEANINGS[row.verdict]),
        reasons=explain(hazard, on).texts if assessment else [],
        next_step=next_step(row, changes_on),
        changes_on=changes_on,
        duties=row.duties,
        safeguards=_safeguards(hazard, on),
        visits=found,
        photos=[photo for visit in found for photo in visit.photos],
        waivers=list(hazard.waivers.filter(valid_from__lte=on).order_by("-valid_from")),
        answering=_answering(hazard, reader),
        shape=shown.shape,  # type: ignore[attr-defined]
    )


def _answering(hazard: WaterHazard, reader: Reader) -> list[Answering]:
    may_name = reader.may_name_households_in(hazard.unit.tree_left)
    rows = Responsibility.objects.filter(hazard=hazard).select_related("body")
    return [
        Answering(
            role=str(ResponsibleRole(row.role).label),
            body_name=row.body.name
            if may_name or row.body.kind != BodyKind.HOUSEHOLD
            else str(_("Household")),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]


def _safeguards(hazard: WaterHazard, on: date) -> list[Safeguard]:
    """Return the safeguards with state, condition and day of the last look as ``seen_...``."""
    seen = SafeguardObservation.objects.filter(safeguard=OuterRef("pk"), observed_on__lte=on)
    last = seen.order_by("-observed_on", "-id")
    rows = Safeguard.objects.filter(hazard=hazard).annotate(
        seen_state=Subquery(last.values("state")[:1]),
        seen_condition=Subquery(last.values("condition")[:1]),
        seen_on=Subquery(last.values("observed_on")[:1]),
    )
    return list(rows.order_by("removed_on", "kind", "id"))


def rights_at(user: Any, hazard: WaterHazard) -> dict[str, bool]:
    """Return {action: may do it at this hazard}."""
    place = hazard.unit.tree_left
    return {action.value: scope.covers(place) for action, scope in scopes_for(user).items()}
