"""What speaks at one access place: what was seen there, and what was said of the whole hazard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from hazards.compliance.evidence import how_telling, is_gap, speaks
from hazards.compliance.facts import ObservationFacts, PlaceFacts
from hazards.compliance.rules import Rule


def seen_of_whole(seen: Iterable[ObservationFacts]) -> list[ObservationFacts]:
    """Return what speaks of a hazard without access places: what names no place."""
    return [one for one in seen if one.place is None]


def seen_at(
    place: PlaceFacts, seen: Sequence[ObservationFacts], rule: Rule | None, on: date
) -> list[ObservationFacts]:
    """Return what speaks at a place.

    Besides what was seen there: every gap of the whole hazard, since nobody has said that it is
    elsewhere, and of safeguards that nobody has put to a place; and "all in place" only where the
    place was known on that day. A sign in place somewhere else meets nothing here.
    """
    found = [one for one in seen if one.place == place.uuid]
    general = [one for one in seen_of_whole(seen) if speaks(one, on)]
    pieces: dict[tuple[str, str], ObservationFacts] = {}
    for one in sorted(general, key=lambda one: how_telling(one, rule)):
        if one.safeguard is not None:
            pieces[one.duty, one.safeguard] = one
        elif is_gap(one, rule) or one.observed_on >= place.known_from:
            found.append(one)
    return found + [one for one in pieces.values() if is_gap(one, rule)]
