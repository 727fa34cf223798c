"""Invented candidates, so that the queue of the demo has something to decide."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import shapely

from accounts.models import User
from candidates.loading.found import Found
from candidates.models import Candidate
from candidates.services.deciding import reject
from candidates.services.loading import Loaded, load_candidates
from candidates.words import Origin
from geomath.distance import area_m2
from hazards.models import WaterHazard
from hazards.taxonomy import HazardKind

EVERY = 12  # beside every twelfth water of the demo
ASIDE_DEG = 0.0031  # some 340 m: beyond the reach of its position
_NAMES = ("Ao Xóm Mới", "", "Hồ Cây Da", "", "")


def make_candidates(path: Path, *, today: date, inspector: User) -> int:
    """Load candidates beside registered waters, and reject one; returns how many there are."""
    hazards = WaterHazard.objects.order_by("code").only("location")[::EVERY]
    waters = [_beside(n, hazard) for n, hazard in enumerate(hazards)]
    load_candidates(
        waters,
        origin=Origin.OSM,
        path=path,
        loaded=Loaded(),
        data_date=today - timedelta(days=40),
        actor=inspector,
    )
    # None is confirmed: a hazard made of it would not be marked as invented.
    reject(
        candidates=Candidate.objects.order_by("score", "pk")[:1], reason="paddy", actor=inspector
    )
    return Candidate.objects.count()


def _beside(n: int, hazard: WaterHazard) -> Found:
    lon, lat = hazard.location.x + ASIDE_DEG, hazard.location.y + ASIDE_DEG / 3
    shape = shapely.Point(lon, lat).buffer(0.0001 * (1 + n % 6), quad_segs=4)
    return Found(
        source_id=f"way/{9_000_000 + n}",
        kind=HazardKind.POND,
        name=_NAMES[n % len(_NAMES)],
        shape=shape,
        area_m2=area_m2(shape),
        permanence=0.5 if n % 4 == 0 else None,
    )
