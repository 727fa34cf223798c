"""What a photo says of itself."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PhotoFacts:
    """Position, time and direction from a photo's own metadata; None where it says nothing usable.

    lat, lon       degrees, WGS84, both or neither; never NaN and never 0,0
    altitude_m     metres above sea, negative below
    taken_at       aware when the camera wrote its offset from UTC, else naive camera time
    orientation    EXIF, 1 to 8
    direction_deg  where the camera looked, clockwise from north, 0 to 360
    reasons        codes saying why something that was written could not be used
    """

    lat: float | None = None
    lon: float | None = None
    altitude_m: float | None = None
    taken_at: datetime | None = None
    orientation: int = 1
    direction_deg: float | None = None
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        taken_at = self.taken_at.isoformat() if self.taken_at else None
        return asdict(self) | {"taken_at": taken_at, "reasons": list(self.reasons)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "PhotoFacts":
        facts = cls(**values)
        taken_at = values.get("taken_at")
        return replace(
            facts,
            taken_at=datetime.fromisoformat(taken_at) if taken_at else None,
            reasons=tuple(values.get("reasons", ())),
        )
