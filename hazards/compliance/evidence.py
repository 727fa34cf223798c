"""From all that was ever seen of one duty to what still speaks on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hazards.compliance.facts import DepthFacts, ObservationFacts
from hazards.compliance.findings import DutyFinding
from hazards.compliance.rules import Rule
from hazards.compliance.words import (
    BARRIER,
    EXPIRED,
    LOW,
    MET,
    NOT_CHECKED,
    PRESENT,
    SIGN,
    UNKNOWN,
    UNMET,
    WIDE,
)


def speaks(seen: ObservationFacts, on: date) -> bool:
    """Say whether an observation counts on a day at all: made by then, and of what still stands."""
    stands = seen.removed_on is None or seen.removed_on > on
    return seen.observed_on <= on and seen.state != NOT_CHECKED and stands


def is_gap(seen: ObservationFacts, rule: Rule | None) -> bool:
    """Missing, damaged and partly there are all gaps: only "present" meets a duty.

    And a barrier only when what was measured of it is what the rule asks.
    """
    return seen.state != PRESENT or bool(shortfall(seen, rule))


def shortfall(seen: ObservationFacts, rule: Rule | None) -> str:
    """Say what measure of a barrier falls short of the rule; empty: none that was taken."""
    if rule is None or seen.duty != BARRIER:
        return ""
    least_m, widest_mm = rule.min_barrier_height_m, rule.max_barrier_gap_mm
    if seen.height_m is not None and least_m is not None and seen.height_m < least_m:
        return LOW
    if seen.widest_gap_mm is not None and widest_mm is not None and seen.widest_gap_mm > widest_mm:
        return WIDE
    return ""


def judge_duty(duty: str, seen: Iterable[ObservationFacts], rule: Rule, on: date) -> DutyFinding:
    """Say how one duty stands on a day, and because of which observation.

    One sign in place is enough; of barriers and covers no piece may have a gap.
    """
    standing = _standing([one for one in seen if one.duty == duty and speaks(one, on)], rule)
    if standing.whole_gap:
        return _gap(duty, standing.whole_gap, rule)
    valid_until = (
        rule.evidence_ends(duty, standing.present.observed_on) if standing.present else None
    )
    is_valid = valid_until is not None and on < valid_until
    if standing.piece_gap and not (duty == SIGN and is_valid):
        return _gap(duty, standing.piece_gap, rule)
    if standing.present is None:
        return DutyFinding(duty, UNKNOWN)
    return DutyFinding(duty, MET if is_valid else EXPIRED, standing.present, valid_until)


def _gap(duty: str, seen: ObservationFacts, rule: Rule) -> DutyFinding:
    short = shortfall(seen, rule) if seen.state == PRESENT else ""
    return DutyFinding(duty, UNMET, seen, shortfall=short)


def latest_depth(
    depths: Iterable[DepthFacts], own: DepthFacts | None, on: date
) -> DepthFacts | None:
    """Return the latest depth that says something, of two on one day the deeper.

    The depth that came with the hazard counts only while nobody has seen another.
    """
    telling = [one for one in depths if one.observed_on <= on and one.at_most_m is not None]
    if telling:
        return max(telling, key=_how_deep)
    if own is not None and own.observed_on <= on and own.at_most_m is not None:
        return own
    return None


@dataclass(frozen=True)
class _Standing:
    """What has not been overtaken: a gap of the whole, a gap of one piece, the newest presence."""

    whole_gap: ObservationFacts | None
    piece_gap: ObservationFacts | None
    present: ObservationFacts | None


def _standing(seen: list[ObservationFacts], rule: Rule) -> _Standing:
    def telling(one: ObservationFacts) -> tuple[date, bool, str]:
        return how_telling(one, rule)

    whole = max((one for one in seen if one.safeguard is None), key=telling, default=None)
    pieces: dict[str, ObservationFacts] = {}
    for one in sorted(seen, key=telling):
        if one.safeguard is not None:
            pieces[one.safeguard] = one
    standing = [one for one in pieces.values() if not is_gap(one, rule)]
    gaps = [one for one in pieces.values() if is_gap(one, rule)]
    present = max(standing, key=telling, default=None)
    gap = max(gaps, key=telling, default=None)
    if whole is None:
        return _Standing(None, gap, present)
    if is_gap(whole, rule):  # "none anywhere" stands until one is seen in place on a later day
        overtaken = present is not None and present.observed_on > whole.observed_on
        return _Standing(None if overtaken else whole, gap, present)
    # "all in place" overtakes what was seen of pieces before that day
    if gap and gap.observed_on < whole.observed_on:
        gap = None
    if present and present.observed_on < whole.observed_on:
        present = None
    # and stands itself until a piece is seen later, or with a gap on that day
    if gap is None and (present is None or present.observed_on == whole.observed_on):
        present = whole
    return _Standing(None, gap, present)


def how_telling(one: ObservationFacts, rule: Rule | None) -> tuple[date, bool, str]:
    """The later day tells more, on one day the gap; the uuid only settles ties."""
    return one.observed_on, is_gap(one, rule), one.uuid


def _how_deep(one: DepthFacts) -> tuple[date, float, bool, str]:
    return one.observed_on, one.at_most_m or 0.0, one.depth_m is not None, one.uuid
