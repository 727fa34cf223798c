"""The words of the register: kinds, lifecycles, safeguards, conditions and verdicts.

The codes are stored; the labels are what people read. DOMAIN terms, one word a thing.
"""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HazardKind(models.TextChoices):
    POND = "pond", _("pond, fish pond")
    FARM_TANK = "farm_tank", _("farm storage pond, lined tank")
    LAKE = "lake", _("natural lake, lagoon")
    RESERVOIR_IRR = "reservoir_irr", _("irrigation reservoir")
    RESERVOIR_HYDRO = "reservoir_hydro", _("hydropower reservoir")
    DAM = "dam", _("dam, spillway")
    WEIR = "weir", _("weir, diversion dam")
    SLUICE = "sluice", _("sluice, water intake, siphon")
    CANAL = "canal", _("canal, channel")
    DITCH = "ditch", _("ditch, drain")
    PUMP_SUMP = "pump_sump", _("pumping-station basin")
    WELL = "well", _("dug well")
    TANK = "tank", _("water tank, cistern, jar")
    SEPTIC_LIME = "septic_lime", _("lime pit, slurry pit, biogas pit")
    CONSTRUCTION = "construction", _("works under construction, excavation")
    BORROW_PIT = "borrow_pit", _("borrow pit, sand or clay pit")
    QUARRY = "quarry", _("flooded quarry")
    RIVER_SPOT = "river_spot", _("dangerous river or stream spot")
    FERRY_BRIDGE = "ferry_bridge", _("ford, temporary bridge, landing")
    FIRE_BASIN = "fire_basin", _("forest-fire water basin")
    FLOOD_AREA = "flood_area", _("area flooded every year")
    POOL = "pool", _("swimming pool")


class Lifecycle(models.TextChoices):
    PLANNED = "planned", _("planned")
    UNDER_CONSTRUCTION = "under_construction", _("under construction")
    IN_USE = "in_use", _("in use")
    DRY_SEASONAL = "dry_seasonal", _("dry for a season")
    ABANDONED = "abandoned", _("abandoned")
    FILLED = "filled", _("filled in")
    DUPLICATE = "duplicate", _("duplicate of another")
    NOT_FOUND = "not_found", _("not found")
    ENTERED_IN_ERROR = "entered_in_error", _("entered in error")  # never was; in no list or count


# Lifecycles in which there is, or may again be, water that a child can reach.
LIFECYCLES_WITH_WATER = (
    Lifecycle.UNDER_CONSTRUCTION,
    Lifecycle.IN_USE,
    Lifecycle.DRY_SEASONAL,
    Lifecycle.ABANDONED,
)

# Records that are no water of their own: in no list, count or map unless asked for.
NOT_LISTED = (Lifecycle.DUPLICATE, Lifecycle.ENTERED_IN_ERROR)


class DepthClass(models.TextChoices):
    """Classes of greatest depth as a surveyor can tell them; metres, upper end included."""

    UNDER_0_5 = "lt_0_5", _("under 0.5 m")
    FROM_0_5_TO_1 = "0_5_to_1", _("0.5 to 1 m")
    FROM_1_TO_2 = "1_to_2", _("over 1 m to 2 m")
    OVER_2 = "gt_2", _("over 2 m")
    UNKNOWN = "unknown", _("depth not known")


# Metres, upper end included; water above the last is of the class OVER_2.
DEPTH_CLASS_ENDS_M = (
    (0.5, DepthClass.UNDER_0_5),
    (1.0, DepthClass.FROM_0_5_TO_1),
    (2.0, DepthClass.FROM_1_TO_2),
)


def class_of_depth(depth_m: Decimal | float) -> DepthClass:
    """Return the class that a depth in metres falls in; exactly 1 m is not over 1 m."""
    for end_m, depth_class in DEPTH_CLASS_ENDS_M:
        if depth_m <= end_m:
            return depth_class
    return DepthClass.OVER_2


class DepthMethod(models.TextChoices):
    MEASURED = "measured", _("measured")
    ASKED = "asked", _("asked from residents")
    GUESSED = "guessed", _("estimated by eye")
    DOCUMENT = "document", _("from documents")
    UNKNOWN = "unknown", pgettext_lazy("method", "not known")


class PositionMethod(models.TextChoices):
    GPS = "gps", _("phone position")
    MAP = "map", _("placed on the map")
    IMPORT = "import", _("imported")


class ShapeForm(models.TextChoices):
    """The forms one water may be held in. Of several the first in this order is used."""

    OUTLINE = "outline", _("outline of the water")
    LINE = "line", _("line")
    POINT = "point", _("point")


class AccessPlaceKind(models.TextChoices):
    """Where people reach a water that nobody can fence all round."""

    ACCESS_POINT = "access_point", _("access point")
    SHORELINE = "shoreline", _("stretch of shore")


class AttachmentKind(models.TextChoices):
    DECISION = "decision", _("decision, official letter")
    MINUTES = "minutes", _("minutes, record of inspection")
    HANDOVER = "handover", _("record of handover")
    DRAWING = "drawing", _("drawing, map")
    OTHER = "other", _("other")


class SafeguardKind(models.TextChoices):
    SIGN_WARNING = "sign_warning", _("warning sign")
    SIGN_PROHIBIT = "sign_prohibit", _("prohibition sign")
    MARKER_BOUNDARY = "marker_boundary", _("protection-zone marker")
    FENCE = "fence", _("fence")
    GUARDRAIL = "guardrail", _("guard rail, parapet")
    GATE = "gate", _("lockable gate")
    COVER_GRILLE = "cover_grille", _("cover, grille")
    STEPS_ROPE = "steps_rope", _("steps, ladder, rope")
    RESCUE = "rescue", _("lifebuoy, pole, throw line")
    BUOY_LINE = "buoy_line", _("line of buoys")
    GAUGE = "gauge", _("depth board, gauge")
    GUARD = "guard", _("lookout team")
    ELIMINATION = "elimination", _("filling in, lowering the water")


class Duty(models.TextChoices):
    """What a rule may ask of a hazard."""

    SIGN = "sign", _("warning sign")
    BARRIER = "barrier", _("barrier")
    COVER = "cover", _("cover")


# Which safeguards meet which duty. A boundary marker is not a warning sign.
DUTY_OF_SAFEGUARD: dict[str, Duty] = {
    SafeguardKind.SIGN_WARNING: Duty.SIGN,
    SafeguardKind.SIGN_PROHIBIT: Duty.SIGN,
    SafeguardKind.FENCE: Duty.BARRIER,
    SafeguardKind.GUARDRAIL: Duty.BARRIER,
    SafeguardKind.COVER_GRILLE: Duty.COVER,
}


class ObservedState(models.TextChoices):
    """What somebody saw of a safeguard. Not checked is never taken for present."""

    PRESENT = "present", pgettext_lazy("safeguard", "present")
    PARTIAL = "partial", pgettext_lazy("safeguard", "only part of the way round")
    DAMAGED = "damaged", pgettext_lazy("safeguard", "damaged")
    MISSING = "missing", pgettext_lazy("safeguard", "missing")
    NOT_CHECKED = "not_checked", pgettext_lazy("safeguard", "not checked")


class Condition(models.TextChoices):
    OK = "ok", _("in order")
    FADED = "faded", _("faded")
    FALLEN = "fallen", _("fallen over")
    HIDDEN = "hidden", _("hidden from view")
    WRONG_TEXT = "wrong_text", _("wrong wording")
    GAP = "gap", _("with a gap")
    LOW = "low", _("too low")
    CLIMBABLE = "climbable", _("can be climbed")
    NO_GATE = "no_gate", _("without a gate")
    COLLAPSED = "collapsed", _("collapsed")
    LOOSE = "loose", _("loose")


class BodyKind(models.TextChoices):
    COMMUNE = "commune", _("commune People's Committee")
    COMPANY = "company", _("irrigation company")
    HYDROPOWER = "hydropower", _("hydropower plant")
    COOPERATIVE = "cooperative", _("co-operative, water users")
    HOUSEHOLD = "household", _("household")
    INVESTOR = "investor", _("investor, contractor")
    LICENCE_HOLDER = "licence_holder", _("mining licence holder")
    FORESTRY = "forestry", _("forest management board")
    OTHER = "other", _("other")


class ResponsibleRole(models.TextChoices):
    """As what a body answers for a hazard; the first of those named leads."""

    CONTRACTOR = "contractor", _("contractor until handover")
    OPERATOR = "operator", _("operator")
    OWNER = "owner", _("owner")
    LAND_MANAGER = "land_manager", _("land manager")


class GapKind(models.TextChoices):
    """What an unprotected water lacks; one water may lack several."""

    NO_SIGN = "no_sign", _("no sign in place")
    NO_BARRIER = "no_barrier", _("no barrier or cover in place")
    DAMAGED = "damaged", _("sign or barrier damaged")
    NO_BODY = "no_body", _("nobody answers for it")


class Verdict(models.TextChoices):
    COMPLIANT = "compliant", _("Compliant")
    PARTLY = "partly", _("Partly compliant")
    NONCOMPLIANT = "noncompliant", _("Not compliant")
    NOT_SURVEYED = "not_surveyed", _("Not surveyed")
    EXPIRED = "expired", _("Check overdue")
    DEPTH_UNKNOWN = "depth_unknown", _("Depth not known")
    WAIVED = "waived", _("Waived")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")


# In scope and not compliant: nobody may count on these waters being safe.
UNPROTECTED = (
    Verdict.NONCOMPLIANT,
    Verdict.PARTLY,
    Verdict.NOT_SURVEYED,
    Verdict.EXPIRED,
    Verdict.DEPTH_UNKNOWN,
)
# A gap that somebody has seen, as against one that nobody has (or not lately) looked at.
SEEN_GAPS = (Verdict.NONCOMPLIANT, Verdict.PARTLY)
IN_SCOPE = (Verdict.COMPLIANT, *UNPROTECTED)
