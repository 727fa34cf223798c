"""Which tables of the register the history follows, and what undoing a batch does to added rows."""

from hazards import models
from history.tracking import OnUndo, leave_untracked, track


def register() -> None:
    """Name every table of this app; a test fails when one is forgotten."""
    track(models.WaterHazard, hazard_column="id")
    track(models.Safeguard, hazard_column="hazard_id")
    track(models.SafeguardObservation, hazard_column="hazard_id")
    track(models.DepthObservation, hazard_column="hazard_id")
    track(models.Waiver, hazard_column="hazard_id")
    track(models.HazardPhoto, hazard_column="hazard_id")
    track(models.ComplianceRule, on_undo=OnUndo.KEEP)
    track(models.ResponsibleBody, on_undo=OnUndo.KEEP)
    leave_untracked(models.HazardAssessment, reason="is worked out from tracked facts")
    leave_untracked(models.HazardCount, reason="counts tracked rows and kept verdicts")
