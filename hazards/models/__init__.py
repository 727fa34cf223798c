from hazards.models.access_place import AccessPlace
from hazards.models.assessment import HazardAssessment
from hazards.models.attachment import HazardAttachment
from hazards.models.body import ResponsibleBody
from hazards.models.count import HazardCount
from hazards.models.hazard import WaterHazard
from hazards.models.import_job import ImportJob, ImportState
from hazards.models.merge import HazardMerge, PairDecision
from hazards.models.photo import HazardPhoto
from hazards.models.responsibility import Responsibility
from hazards.models.rule import ComplianceRule, Waiver
from hazards.models.safeguard import DepthObservation, Safeguard, SafeguardObservation
from hazards.models.shape import HazardShape, HazardUnit

__all__ = [
    "AccessPlace",
    "ComplianceRule",
    "DepthObservation",
    "HazardAssessment",
    "HazardAttachment",
    "HazardCount",
    "HazardMerge",
    "HazardPhoto",
    "HazardShape",
    "HazardUnit",
    "ImportJob",
    "ImportState",
    "PairDecision",
    "Responsibility",
    "ResponsibleBody",
    "Safeguard",
    "SafeguardObservation",
    "Waiver",
    "WaterHazard",
]
