"""Which hazards were made up, or are judged by something that was."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from hazards.models import DepthObservation, SafeguardObservation


def has_invented_observations() -> Q:
    """Match hazards of which an observation is invented, though the water itself may be real."""
    mine = {"hazard": OuterRef("pk"), "is_synthetic": True}
    return Q(Exists(SafeguardObservation.objects.filter(**mine))) | Q(
        Exists(DepthObservation.objects.filter(**mine))
    )


def is_partly_invented() -> Q:
    """Match hazards that are invented, or of which an observation is."""
    return Q(is_synthetic=True) | has_invented_observations()
