"""What is known of one hazard, as plain values: days as dates, depths in metres."""

from dataclasses import dataclass
from datetime import date

from hazards.compliance.words import CLASS_AT_MOST_M, DEPTH_NOT_KNOWN


@dataclass(frozen=True, kw_only=True)
class ObservationFacts:
    """The state of one safeguard on a day, or of a whole duty when ``safeguard`` is None.

    Only safeguards that serve the duty come in here (a boundary marker is no sign). ``removed_on``
    is the first day on which the safeguard no longer stands in the register. ``place`` is the
    access place of the safeguard, or that the statement is about; None: of the whole hazard, or
    nobody has said where. Measures are those of a barrier, None where none were taken.
    """

    uuid: str
    duty: str
    state: str
    observed_on: date
    safeguard: str | None = None
    removed_on: date | None = None
    place: str | None = None
    height_m: float | None = None
    widest_gap_mm: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """Where people reach a water, known from a day up to, not on, ``known_to``."""

    uuid: str
    label: str
    known_from: date
    known_to: date | None = None

    def in_force(self, on: date) -> bool:
        return self.known_from <= on and (self.known_to is None or on < self.known_to)


@dataclass(frozen=True, kw_only=True)
class DepthFacts:
    """A depth and the day from which it counts; metres decide over the class.

    ``uuid`` is empty for the depth that came with the hazard into the register.
    """

    observed_on: date
    depth_class: str = DEPTH_NOT_KNOWN
    depth_m: float | None = None
    method: str = "unknown"
    uuid: str = ""

    @property
    def at_most_m(self) -> float | None:
        """The greatest depth in metres that this says is possible; None when it says nothing.

        >>> DepthFacts(observed_on=date(2026, 1, 1), depth_class="0_5_to_1").at_most_m
        1.0
        """
        if self.depth_m is not None:
            return self.depth_m
        return CLASS_AT_MOST_M.get(self.depth_class)

    @property
    def known_class(self) -> str:
        """The class that the metres fall in, or the class as given."""
        if self.depth_m is None:
            return self.depth_class
        return next(name for name, end_m in CLASS_AT_MOST_M.items() if self.depth_m <= end_m)


@dataclass(frozen=True, kw_only=True)
class WaiverFacts:
    """A waiver: in force from its first day up to, not on, ``valid_to``."""

    valid_from: date
    valid_to: date
    reason: str = ""
    uuid: str = ""


@dataclass(frozen=True, kw_only=True)
class HazardFacts:
    """One hazard. ``own_depth`` is the depth it was registered with, if any.

    The distances are metres to the nearest house and school; None where nobody has said.
    """

    kind: str
    lifecycle: str
    nearest_house_m: float | None = None
    nearest_school_m: float | None = None
    own_depth: DepthFacts | None = None
    observations: tuple[ObservationFacts, ...] = ()
    depths: tuple[DepthFacts, ...] = ()
    waivers: tuple[WaiverFacts, ...] = ()
    places: tuple[PlaceFacts, ...] = ()
