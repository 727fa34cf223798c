"""What the rulebook answers: a verdict, and every fact it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hazards.compliance.facts import DepthFacts, ObservationFacts, PlaceFacts
from hazards.compliance.rules import Rule

Fact = str | int | float | date | None


@dataclass(frozen=True)
class DutyFinding:
    """The state of one duty. ``because`` is the observation that decided, if one did.

    ``valid_until`` is the first day on which evidence of presence counts no more; ``shortfall``
    says which measure of a barrier seen in place is not what the rule asks.
    """

    duty: str
    state: str
    because: ObservationFacts | None = None
    valid_until: date | None = None
    shortfall: str = ""


@dataclass(frozen=True)
class PlaceFinding:
    """How one access place stands; ``place`` is None for a hazard that is judged as a whole."""

    place: PlaceFacts | None
    verdict: str
    duties: dict[str, DutyFinding]


@dataclass(frozen=True)
class DepthFinding:
    """``is_deep``: deeper than the rule asks; None when the depth or the limit is not known."""

    depth: DepthFacts | None
    is_deep: bool | None

    @property
    def depth_class(self) -> str:
        return self.depth.known_class if self.depth else "unknown"


@dataclass(frozen=True)
class Reason:
    """One step of the decision: a stable code and its facts; the words are made elsewhere."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """``changes_on``: the first later day on which time alone may make the verdict another.

    ``duties`` are, of each, the worst finding of all places; ``places`` is empty where the hazard
    is judged as a whole or is out of scope.
    """

    verdict: str
    on: date
    duties: dict[str, DutyFinding]
    depth: DepthFinding
    reasons: tuple[Reason, ...]
    changes_on: date | None
    rule: Rule | None
    last_observed_on: date | None
    places: tuple[PlaceFinding, ...] = ()

    def state(self, duty: str) -> str:
        """Return the state of ``duty``, "not_required" where the rule does not ask for it."""
        finding = self.duties.get(duty)
        return finding.state if finding else "not_required"
