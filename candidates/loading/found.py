"""What a source shows, before it is compared with the register."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from hazards.taxonomy import HazardKind


@dataclass(frozen=True)
class Found:
    """One water of a source. EPSG:4326; m²; ``permanence`` 0 to 1, None where not known."""

    source_id: str
    kind: HazardKind
    name: str
    shape: shapely.Geometry
    area_m2: float | None
    permanence: float | None = None
