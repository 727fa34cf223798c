"""Which tables of the register the history follows, and what undoing a batch does to added rows."""

from typing import Any

from hazards import models
from hazards.services.assessment import assess, reassess
from hazards.services.touching import find_units_touched
from hazards.taxonomy import Lifecycle
from history.signals import rows_undone
from history.tracking import OnUndo, leave_untracked, track

WITHDRAWN = ("withdrawn_at", "now")
CHUNK_HAZARDS = 20_000


def register() -> None:
    """Name every table of this app; a test fails when one is forgotten."""
    track(models.ResponsibleBody)
    track(models.ComplianceRule)
    error = ("lifecycle", str(Lifecycle.ENTERED_IN_ERROR))
    track(models.WaterHazard, hazard_column="id", on_undo=OnUndo.WITHDRAW, withdrawn=error)
    for model in (
        models.AccessPlace,
        models.HazardAttachment,
        models.HazardShape,
        models.Safeguard,
        models.SafeguardObservation,
        models.DepthObservation,
        models.Waiver,
        models.Responsibility,
        models.HazardPhoto,
    ):
        track(model, hazard_column="hazard_id", on_undo=OnUndo.WITHDRAW, withdrawn=WITHDRAWN)
    track(models.HazardMerge)
    track(models.PairDecision)
    leave_untracked(models.HazardAssessment, reason="is worked out from tracked facts")
    leave_untracked(models.HazardUnit, reason="is worked out from shapes and outlines")
    leave_untracked(models.ImportJob, reason="is a form on its way; what it writes is tracked")
    leave_untracked(models.HazardCount, reason="counts tracked rows and kept verdicts")
    rows_undone.connect(judge_again)


def judge_again(tables: set[str], hazard_ids: list[int], **kwargs: Any) -> None:
    """Work out the verdicts anew after rows were undone; of all hazards when rules were."""
    if models.ComplianceRule._meta.db_table in tables:
        assess()
        return
    for start in range(0, len(hazard_ids), CHUNK_HAZARDS):
        find_units_touched(hazard_ids[start : start + CHUNK_HAZARDS])
        reassess(hazard_ids[start : start + CHUNK_HAZARDS])
