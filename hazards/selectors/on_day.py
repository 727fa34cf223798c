"""Verdicts of any day, worked out by the registry's own rules in one statement."""

from datetime import date

from django.db.models import QuerySet

from hazards.models import WaterHazard
from hazards.selectors.state import NOBODY_LOOKED, HazardState, state_of
from hazards.services.assessment import assessments_on


def states_on(on: date, hazards: QuerySet[WaterHazard]) -> dict[int, HazardState]:
    """Return {hazard id: state on that day} for every hazard of ``hazards``."""
    ids = list(hazards.order_by().values_list("pk", flat=True))
    worked_out = {row.hazard_id: state_of(row) for row in assessments_on(on, hazard_ids=ids)}
    return {pk: worked_out.get(pk, NOBODY_LOOKED) for pk in ids}
