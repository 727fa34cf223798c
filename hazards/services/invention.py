"""Invent what somebody might have seen, to try the register where nobody has looked yet.

Every record says of itself that it is invented: ``is_synthetic``, source "invented", and the note.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from hazards.compliance.rules import Rule, rule_for
from hazards.models import (
    DepthObservation,
    HazardAssessment,
    SafeguardObservation,
    WaterHazard,
)
from hazards.services.assessment import assess_once
from hazards.services.facts import all_rules, facts_of_hazards
from hazards.services.observations import record_depth, record_safeguard_state
from hazards.taxonomy import LIFECYCLES_WITH_WATER, DepthClass, DepthMethod, ObservedState
from places.models import AdminUnit

SOURCE_KIND: Final = "invented"
# In Vietnamese whoever reads it: it is stored, and says the same in every file and on every page.
NOTE: Final = "Ghi nhận giả để thử nghiệm, không có thật"
_SPACE: Final = uuid.UUID("5afe5402-0000-4000-8000-0000000000ff")  # any constant; see _uuid_of

_PRESENT, _MISSING = ObservedState.PRESENT, ObservedState.MISSING
_DAMAGED, _NOT_CHECKED = ObservedState.DAMAGED, ObservedState.NOT_CHECKED


class TooFewHazardsError(DomainError):
    """More observations were asked for than there are hazards that nobody has looked at."""

    code = "hazards.too_few_to_invent"
    status = 422
    template = _(
        "Only {found} hazards are under a rule and have not been looked at by anybody; {asked} "
        "were asked for. Ask for fewer, or import more."
    )


@dataclass(frozen=True)
class _Story:
    """One visit: how often of 100, how many days ago at most, and what was seen."""

    per_100: int
    days_ago: tuple[int, int]
    sign: str
    barrier: str
    cover: str
    depth_is_told: bool = True


_STORIES: Final = (
    _Story(30, (5, 150), _PRESENT, _PRESENT, _PRESENT),
    _Story(20, (5, 150), _PRESENT, _MISSING, _DAMAGED),
    _Story(10, (5, 150), _MISSING, _PRESENT, _PRESENT),
    _Story(20, (5, 300), _MISSING, _MISSING, _MISSING),
    _Story(5, (5, 300), _DAMAGED, _DAMAGED, _DAMAGED),
    _Story(8, (400, 700), _PRESENT, _PRESENT, _PRESENT),  # longer ago than evidence counts
    _Story(4, (5, 150), _PRESENT, _NOT_CHECKED, _NOT_CHECKED),
    _Story(3, (5, 150), _MISSING, _MISSING, _MISSING, depth_is_told=False),
)
_DEPTHS: Final = (DepthClass.OVER_2, DepthClass.OVER_2, DepthClass.FROM_1_TO_2)


@dataclass(frozen=True)
class Invented:
    """How many hazards were given observations now and before, and what that makes of them."""

    told: int
    kept: int
    records: int
    verdicts: Counter[str]


def invent_observations(
    *, count: int, seed: int, unit: AdminUnit | None = None, until: date | None = None
) -> Invented:
    """Give ``count`` hazards that nobody has really looked at one invented visit each.

    The same seed chooses and tells the same, by source and source id, in any database; ``until``
    (today) is the day that ages are counted back from. A repeat writes nothing. Hazards with an
    observation of any other source are left alone.
    """
    rules = _rules_of(_unseen(unit))
    if count > len(rules):
        raise TooFewHazardsError(found=len(rules), asked=count)
    chosen = sorted(rules, key=lambda hazard: _dice(seed, hazard).random())[:count]
    before = _told(chosen)
    fresh = [hazard for hazard in chosen if hazard.pk not in before]
    day = until or timezone.localdate()
    with assess_once():
        records = sum(_tell(hazard, rules[hazard], seed=seed, until=day) for hazard in fresh)
    verdicts = HazardAssessment.objects.filter(hazard__in=[hazard.pk for hazard in chosen])
    return Invented(
        told=len(fresh),
        kept=len(before),
        records=records,
        verdicts=Counter(verdicts.values_list("verdict", flat=True)),
    )


def _unseen(unit: AdminUnit | None) -> list[WaterHazard]:
    """Hazards with water and without any observation but invented ones, by id."""
    hazards = WaterHazard.objects.filter(lifecycle__in=LIFECYCLES_WITH_WATER)
    if unit is not None:
        hazards = hazards.within_unit(unit)
    for observations in (SafeguardObservation.objects, DepthObservation.objects):
        really = observations.exclude(source_kind=SOURCE_KIND)
        hazards = hazards.exclude(pk__in=really.values_list("hazard_id", flat=True))
    return list(hazards.order_by("pk").defer("geometry"))


def _told(hazards: list[WaterHazard]) -> set[int]:
    """Which of the hazards have an invented visit; each of those tells a duty at least."""
    told = SafeguardObservation.objects.filter(source_kind=SOURCE_KIND, hazard__in=hazards)
    return set(told.values_list("hazard", flat=True))


def _rules_of(hazards: list[WaterHazard]) -> dict[WaterHazard, Rule]:
    """Return each hazard's rule of today; hazards under no rule are left out."""
    rules, today = all_rules(), timezone.localdate()
    facts = facts_of_hazards(hazards)
    found = {hazard: rule_for(facts[hazard.pk], rules, today) for hazard in hazards}
    return {hazard: rule for hazard, rule in found.items() if rule is not None}


def _key(seed: int, hazard: WaterHazard) -> str:
    return f"{seed}|{hazard.source}|{hazard.source_id or hazard.code}"


def _dice(seed: int, hazard: WaterHazard) -> random.Random:
    """Return dice of the hazard's own, so that other hazards cannot change what they show."""
    return random.Random(_key(seed, hazard))  # noqa: S311


def _uuid_of(seed: int, hazard: WaterHazard) -> uuid.UUID:
    return uuid.uuid5(_SPACE, _key(seed, hazard))


def _tell(hazard: WaterHazard, rule: Rule, *, seed: int, until: date) -> int:
    """Record one visit; returns the number of records."""
    dice = _dice(seed, hazard)
    dice.random()  # decided whether this hazard was chosen
    story = dice.choices(_STORIES, [story.per_100 for story in _STORIES])[0]
    common: dict[str, Any] = {
        "hazard": hazard,
        "observed_on": until - timedelta(days=dice.randint(*story.days_ago)),
        "source_kind": SOURCE_KIND,
        "source_uuid": _uuid_of(seed, hazard),
        "is_synthetic": True,
        "note": NOTE,
    }
    for duty in rule.duties:
        record_safeguard_state(**common, duty=duty, state=getattr(story, duty))
    if story.depth_is_told:
        record_depth(**common, depth_class=dice.choice(_DEPTHS), method=DepthMethod.GUESSED)
    return len(rule.duties) + story.depth_is_told
