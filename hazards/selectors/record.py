"""Everything the page of one hazard shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from accounts.scoping import scopes_for
from hazards.models import (
    AccessPlace,
    HazardAssessment,
    HazardAttachment,
    HazardUnit,
    Responsibility,
    Safeguard,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from hazards.selectors.drawn import ShapeRow, drawn_on_map, places_on, shape_rows
from hazards.selectors.listing import for_rows
from hazards.selectors.next_step import next_step
from hazards.selectors.past import past_day
from hazards.selectors.reader import Reader
from hazards.selectors.rows import HazardRow
from hazards.selectors.state import state_of
from hazards.selectors.timeline import Visit, visits
from hazards.selectors.words import VERDICT_MEANINGS
from hazards.services.assessment import assessments_on
from hazards.services.explanation import Explanation, explain
from hazards.services.fencing import FencedShore, fenced_shores
from hazards.taxonomy import BodyKind, Duty, ResponsibleRole


@dataclass(frozen=True)
class Answering:
    """Who answers for the hazard, as what, and until when; a household is not named to all."""

    role: str
    body_name: str
    valid_from: date
    valid_to: date | None
    public_id: UUID
    is_open: bool


@dataclass(frozen=True)
class PlaceRow:
    """An access place with its verdict on the day; "" where it ended or is not judged."""

    place: AccessPlace
    verdict: str
    duties: list[tuple[Duty, str]]


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
    attachments: list[HazardAttachment]
    shape: str
    shapes: list[ShapeRow]
    places: list[PlaceRow]
    shores: list[FencedShore]
    units_touched: list[HazardUnit]
    water_months: str
    drawn: dict[str, Any]


def record_on(hazard: WaterHazard, *, reader: Reader, on: date) -> HazardRecord:
    """Return the record as it was written at the end of a day, where the day is gone by.

    ``hazard`` has passed the access check, which asks where it lies today. A hazard that was not
    in the register by then is shown as it is, and says so.
    """
    if on < timezone.localdate():
        with past_day(on):
            rows = WaterHazard.objects.select_related("unit__parent", "responsible_body")
            then = rows.filter(pk=hazard.pk).first()
            if then is not None:
                return hazard_record(then, reader=reader, on=on)
    return hazard_record(hazard, reader=reader, on=on)


def hazard_record(hazard: WaterHazard, *, reader: Reader, on: date) -> HazardRecord:
    """Return the record as it stood on the day; ``hazard`` has passed the access check."""
    shown = for_rows(WaterHazard.objects.filter(pk=hazard.pk), geometry=True).get()
    for read_already in ("note", "source_facts", "geometry"):
        setattr(shown, read_already, getattr(hazard, read_already))
    assessment = _assessment_of(shown, on)
    row = HazardRow(shown, state_of(assessment), on, reader)
    changes_on = assessment.changes_on if assessment else None
    found = visits(hazard, on)
    explained = explain(hazard, on) if assessment else None
    safeguards, places = _safeguards(hazard, on), places_on(hazard, on)
    shapes, shores = shape_rows(hazard), fenced_shores(hazard, on, places)
    return HazardRecord(
        row=row,
        was_registered=hazard.registered_on <= on,
        meaning=str(VERDICT_MEANINGS[row.verdict]),
        reasons=explained.texts if explained else [],
        next_step=next_step(row, changes_on),
        changes_on=changes_on,
        duties=row.duties,
        safeguards=safeguards,
        visits=found,
        photos=[photo for visit in found for photo in visit.photos],
        waivers=list(hazard.waivers.filter(valid_from__lte=on).order_by("-valid_from")),
        answering=answering_rows(hazard, reader),
        attachments=list(hazard.attachments.all()),
        shape=shown.shape,  # type: ignore[attr-defined]
        shapes=shapes,
        places=_place_rows(places, explained),
        shores=shores,
        units_touched=list(hazard.units_touched.select_related("unit")),
        water_months=", ".join(str(MONTHS[month]) for month in hazard.water_months or ()),
        drawn=drawn_on_map(on, shapes=shapes, places=places, safeguards=safeguards, shores=shores),
    )


def _assessment_of(shown: WaterHazard, on: date) -> HazardAssessment | None:
    """Return the kept verdict while it tells that day, as lists do; else the one worked out."""
    kept: Any = getattr(shown, "assessment", None)
    is_of_today = kept is not None and on == timezone.localdate()
    if is_of_today and (kept.changes_on is None or kept.changes_on > on):
        return kept
    return next(iter(assessments_on(on, hazard_ids=[shown.pk])), None)


def _place_rows(places: list[AccessPlace], explained: Explanation | None) -> list[PlaceRow]:
    judged = explained.findings.places if explained else ()
    found = {one.place.uuid: one for one in judged if one.place}
    rows = []
    for place in places:
        one = found.get(str(place.pk))
        duties = [(Duty(d.duty), d.state) for d in one.duties.values()] if one else []
        rows.append(PlaceRow(place, one.verdict if one else "", duties))
    return rows


def answering_rows(hazard: WaterHazard, reader: Reader) -> list[Answering]:
    """Return who was ever named, as what and when."""
    today = timezone.localdate()
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
            public_id=row.public_id,
            is_open=row.valid_to is None or row.valid_to > today,
        )
        for row in rows
    ]


def _safeguards(hazard: WaterHazard, on: date) -> list[Safeguard]:
    """Return the safeguards with state, condition and day of the last look as ``seen_...``."""
    seen = SafeguardObservation.objects.filter(safeguard=OuterRef("pk"), observed_on__lte=on)
    last = seen.order_by("-observed_on", "-id")
    rows = (
        Safeguard.objects.filter(hazard=hazard)
        .select_related("access_place")
        .annotate(
            seen_state=Subquery(last.values("state")[:1]),
            seen_condition=Subquery(last.values("condition")[:1]),
            seen_on=Subquery(last.values("observed_on")[:1]),
        )
    )
    return list(rows.order_by("removed_on", "kind", "id"))


def rights_at(user: Any, hazard: WaterHazard) -> dict[str, bool]:
    """Return {action: may do it at this hazard}."""
    place = hazard.unit.tree_left
    return {action.value: scope.covers(place) for action, scope in scopes_for(user).items()}
