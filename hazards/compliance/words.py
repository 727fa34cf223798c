"""The stored codes that the rulebook speaks in; a test holds them against hazards.taxonomy."""

from typing import Final

SIGN: Final = "sign"
BARRIER: Final = "barrier"
COVER: Final = "cover"
DUTIES: Final[tuple[str, ...]] = (SIGN, BARRIER, COVER)

PRESENT: Final = "present"
NOT_CHECKED: Final = "not_checked"

# How a barrier in place may fall short of the rule.
LOW: Final = "low"
WIDE: Final = "wide"

MET: Final = "met"
UNMET: Final = "unmet"
UNKNOWN: Final = "unknown"
EXPIRED: Final = "expired"
NOT_REQUIRED: Final = "not_required"

COMPLIANT: Final = "compliant"
PARTLY: Final = "partly"
NONCOMPLIANT: Final = "noncompliant"
NOT_SURVEYED: Final = "not_surveyed"
EVIDENCE_EXPIRED: Final = "expired"
DEPTH_UNKNOWN: Final = "depth_unknown"
WAIVED: Final = "waived"
OUT_OF_SCOPE: Final = "out_of_scope"

# From the worst: a hazard is as good as the worst of its access places.
WORST_FIRST: Final[tuple[str, ...]] = (
    NONCOMPLIANT,
    PARTLY,
    NOT_SURVEYED,
    DEPTH_UNKNOWN,
    EVIDENCE_EXPIRED,
    COMPLIANT,
)
WORST_STATE_FIRST: Final[tuple[str, ...]] = (UNMET, UNKNOWN, EXPIRED, MET)

LIFECYCLES_WITH_WATER: Final = frozenset(
    {"under_construction", "in_use", "dry_seasonal", "abandoned"}
)
# Greatest depth in metres of each class, upper end included.
CLASS_AT_MOST_M: Final = {
    "lt_0_5": 0.5,
    "0_5_to_1": 1.0,
    "1_to_2": 2.0,
    "gt_2": float("inf"),
}
DEPTH_NOT_KNOWN: Final = "unknown"
