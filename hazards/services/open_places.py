"""Where a large water is still open: the access places that lack what the rule asks for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q

from hazards.compliance.evaluate import evaluate
from hazards.models import AccessPlace, WaterHazard
from hazards.services.facts import all_rules, facts_of_hazards
from hazards.taxonomy import UNPROTECTED


def open_places_on(
    on: date, hazard_ids: Collection[int] | None = None
) -> dict[int, list[GEOSGeometry]]:
    """Return {hazard id: shapes of its unprotected access places} of hazards judged by place.

    A hazard whose places are all in order has an empty list; one without places is not there.
    ``hazard_ids`` None asks for all.
    """
    ended = Q(known_to__isnull=False, known_to__lte=on)
    rows = AccessPlace.objects.filter(known_from__lte=on, withdrawn_at__isnull=True).exclude(ended)
    if hazard_ids is not None:
        rows = rows.filter(hazard__in=hazard_ids)
    shapes = {str(place.pk): (place.hazard_id, place.geometry) for place in rows.order_by("id")}
    found: dict[int, list[GEOSGeometry]] = {hazard: [] for hazard, _shape in shapes.values()}
    hazards = WaterHazard.objects.filter(pk__in=found)
    rules = all_rules()
    for facts in facts_of_hazards(hazards).values():
        for judged in evaluate(facts, rules, on).places:
            if judged.place is not None and judged.verdict in UNPROTECTED:
                hazard, shape = shapes[judged.place.uuid]
                found[hazard].append(shape)
    return found
