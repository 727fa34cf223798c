"""How far the register has got: figures made before its last change must not pass as current."""

import hashlib

from django.db.models import Count, Max

from hazards.models import (
    AccessPlace,
    ComplianceRule,
    DepthObservation,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from maps.models import OfficialCount
from places.models import AdminUnit


def registry_revision() -> str:
    """Return a word that is another whenever hazards, observations, waivers, rules or units are,
    or official counts of children.

    Ids only grow and ``updated_at`` moves with each change, so equal words mean equal content.
    """
    hazards = WaterHazard.objects.aggregate(Count("id"), Max("id"), Max("updated_at"))
    parts = [
        *hazards.values(),
        *(
            model.objects.order_by().aggregate(found=Max("id"))["found"]
            for model in (SafeguardObservation, DepthObservation)
        ),
        *(
            value
            for model in (Waiver, ComplianceRule, AdminUnit, AccessPlace, OfficialCount)
            for value in model.objects.order_by().aggregate(Count("id"), Max("updated_at")).values()
        ),
    ]
    digest = hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:12]
    observations = sum(int(part or 0) for part in parts[3:5])
    return f"h{hazards['id__count']}-o{observations}-{digest}"
