"""From all that was ever seen of one duty to what still speaks on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hazards.compliance.facts import DepthFacts, ObservationFacts
from hazards.compliance.findings import DutyFinding
from hazards.compliance.rules import Rule
from hazards.compliance.words import EXPIRED, MET, NOT_CHECKED, PRESENT, SIGN, UNKNOWN, UNMET


def speaks(seen: ObservationFacts, on: date) -> bool:
    """Say whether an observation counts on a day at all: made by then, and of what still stands."""
    stands = seen.removed_on is None or seen.removed_on > on
    return seen.observed_on <= on and seen.state != NOT_CHECKED and stands


def is_gap(seen: ObservationFacts) -> bool:
    """Missing, damaged and partly there are all gaps: only "present" meets a duty."""
    return seen.state != PRESENT


def judge_duty(duty: str, seen: Iterable[ObservationFacts], rule: Rule, on: date) -> DutyFinding:
    """Say how one duty stands on a day, and because of which observation.

    One sign in place is enough; of barriers and covers no piece may have a gap.
    """
    standing = _standing([one for one in seen if one.duty == duty and speaks(one, on)])
    if standing.whole_gap:
        return DutyFinding(duty, UNMET, standing.whole_gap)
    valid_until = (
        rule.evidence_ends(duty, standing.present.observed_on) if standing.present else None
    )
    is_valid = valid_until is not None and on < valid_until
    if standing.piece_gap and not (duty == SIGN and is_valid):
        return DutyFinding(duty, UNMET, standing.piece_gap)
    if standing.present is None:
        return DutyFinding(duty, UNKNOWN)
    return DutyFinding(duty, MET if is_valid else EXPIRED, standing.present, valid_until)


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


def _standing(seen: list[ObservationFacts]) -> _Standing:
    whole = max((one for one in seen if one.safeguard is None), key=_how_telling, default=None)
    pieces: dict[str, ObservationFacts] = {}
    for one in sorted(seen, key=_how_telling):
        if one.safeguard is not None:
            pieces[one.safeguard] = one
    present = _newest(one for one in pieces.values() if not is_gap(one))
    gap = _newest(one for one in pieces.values() if is_gap(one))
    if whole is None:
        return _Standing(None, gap, present)
    if is_gap(whole):  # "none anywhere" stands until one is seen in place on a later day
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


def _newest(seen: Iterable[ObservationFacts]) -> ObservationFacts | None:
    return max(seen, key=_how_telling, default=None)


def _how_telling(one: ObservationFacts) -> tuple[date, bool, str]:
    """The later day tells more, on one day the gap; the uuid only settles ties."""
    return one.observed_on, is_gap(one), one.uuid


def _how_deep(one: DepthFacts) -> tuple[date, float, bool, str]:
    return one.observed_on, one.at_most_m or 0.0, one.depth_m is not None, one.uuid
