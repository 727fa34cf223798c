"""What maps does when the register changes."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from hazards.signals import hazards_changed
from maps.tasks import enqueue_recompute


@receiver(hazards_changed, dispatch_uid="maps.recompute_after_change")
def recompute_after_change(sender: object, hazard_ids: Sequence[int], **kwargs: Any) -> None:
    """Many changes at once make one recomputation: a waiting one covers them all."""
    enqueue_recompute()
