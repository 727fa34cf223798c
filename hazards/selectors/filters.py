"""What a list is asked for: one object behind the page, its map, its files and the command."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from hazards.taxonomy import Duty, Verdict
from places.models import AdminUnit

ANY_DUTY = "any"
NO_BODY = "none"
ANY_HOUSEHOLD = "household"

# Nobody has looked, or not lately, or not at the depth: a list never takes these for safe.
UNSEEN_VERDICTS = (Verdict.NOT_SURVEYED, Verdict.EXPIRED, Verdict.DEPTH_UNKNOWN)


@dataclass(frozen=True)
class HazardFilter:
    """Every part narrows the list; an empty part does not.

    missing              sign, barrier, cover or "any": seen not to be in place. For hazards of the
                         verdicts that nobody has (lately) looked at: not seen to be in place.
    body                 id of a responsible body, "none", or "household"
    children_near_min    children within the list's distance; rows without a figure drop out
    days_since_look_min  days; hazards that nobody ever looked at stay in
    as_of                day of the verdicts. For a day gone by, only hazards registered by then,
                         as they were then; children are those of today.
    known_at             a moment: only what the register knew by then, evidence too
    """

    unit: AdminUnit | None = None
    text: str = ""
    kinds: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    missing: str = ""
    body: str = ""
    lifecycles: tuple[str, ...] = ()
    children_near_min: int | None = None
    days_since_look_min: int | None = None
    real_only: bool = False
    as_of: date = field(default_factory=timezone.localdate)
    sort: str = "code"
    known_at: datetime | None = None

    @property
    def duties(self) -> tuple[str, ...]:
        """Return the duties of which one must be missing; none at all when it does not matter."""
        if self.missing == ANY_DUTY:
            return tuple(Duty.values)
        return (self.missing,) if self.missing else ()

    @property
    def last_look_before(self) -> date | None:
        """Return the latest day of a last look that is long enough ago."""
        if self.days_since_look_min is None:
            return None
        return self.as_of - timedelta(days=self.days_since_look_min)
