"""Load what a source shows: new candidates, those seen again, those the register holds already."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from candidates.loading.found import Found
from candidates.models import Candidate, CandidateSource
from candidates.scoring import score, score_parts
from candidates.words import CandidateState, Origin
from common.sqlfile import run
from hazards.importing.placing import UnitIndex, positions_of, unit_index

SQL = Path(__file__).resolve().parent.parent / "sql" / "loading.sql"
ROWS_AT_ONCE = 1000
TOLERANCE_M = 30.0  # a phone under trees, and a point set by hand on a picture
REACH_M = 200.0  # no position in the register is less certain than this
ATTRIBUTIONS = {
    Origin.OSM: "© OpenStreetMap contributors, ODbL 1.0",
    Origin.JRC: "Source: EC JRC/Google, Global Surface Water",
}


@dataclass
class Loaded:
    """What became of the waters of a source."""

    new: int = 0
    seen_again: int = 0
    changed: int = 0
    decided: int = 0  # decided before; they stay decided
    registered: int = 0
    outside: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def as_counts(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "skipped"} | {
            "skipped": dict(self.skipped)
        }


@transaction.atomic
def load_candidates(
    waters: Iterable[Found],
    *,
    origin: Origin,
    path: Path,
    loaded: Loaded,
    data_date: date | None = None,
    everywhere: bool = False,
    actor: User | None = None,
) -> CandidateSource:
    """Take the waters in, all or none; the counts go into ``loaded``.

    Waters outside the current units are left out, or kept without a unit when ``everywhere``. A
    repeat changes nothing, and what was rejected stays so.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    source = CandidateSource.objects.create(
        origin=origin,
        filename=path.name,
        sha256=digest,
        data_date=data_date,
        attribution=ATTRIBUTIONS[origin],
    )
    index = unit_index()
    for part in _parts(waters):
        _take(part, source, index, loaded, everywhere=everywhere)
    source.counts = loaded.as_counts()
    source.save(update_fields=["counts", "updated_at"])
    record(
        actor=actor,
        verb="load_candidates",
        target_kind="candidates",
        target_id=source.public_id,
        **source.counts,
    )
    return source


def _parts(waters: Iterable[Found]) -> Iterator[list[Found]]:
    rest = iter(waters)
    while part := list(islice(rest, ROWS_AT_ONCE)):
        yield part


def _take(
    part: list[Found],
    source: CandidateSource,
    index: UnitIndex,
    loaded: Loaded,
    *,
    everywhere: bool,
) -> None:
    shapes = np.array([water.shape for water in part], dtype=object)
    points = positions_of(shapes)
    units = [index.units[place].pk if place >= 0 else None for place in index.place(points)]
    known = _known(source.origin, part)
    free = [
        n
        for n, water in enumerate(part)
        if water.source_id not in known and (everywhere or units[n] is not None)
    ]
    loaded.outside += sum(
        1 for n, water in enumerate(part)
        if water.source_id not in known and units[n] is None and not everywhere
    )  # fmt: skip
    wkb = [bytes(shapely.to_wkb(shapes[n], byte_order=1)) for n in free]
    held = _held(wkb)
    same = _same_place(source.origin, wkb) if source.origin == Origin.JRC else {}
    for n, water in enumerate(part):
        if water.source_id in known:
            _again(known[water.source_id], water, source, loaded, units[n])
    fresh = []
    for place, n in enumerate(free, start=1):
        if place in same:
            loaded.decided += same[place].state != CandidateState.NEW
            loaded.seen_again += same[place].state == CandidateState.NEW
        elif place in held:
            loaded.registered += 1
        else:
            fresh.append(_candidate(part[n], points[n], units[n], source))
    Candidate.objects.bulk_create(fresh)
    loaded.new += len(fresh)


def _known(origin: str, part: list[Found]) -> dict[str, Candidate]:
    ids = [water.source_id for water in part]
    found = Candidate.objects.filter(origin=origin, source_key__in=ids)
    return {candidate.source_key: candidate for candidate in found}


def _held(wkb: list[bytes]) -> set[int]:
    if not wkb:
        return set()
    rows = run(SQL, "in_the_register", shapes=wkb, tolerance_m=TOLERANCE_M, reach_m=REACH_M)
    return {row["place"] for row in rows}


def _same_place(origin: str, wkb: list[bytes]) -> dict[int, Candidate]:
    if not wkb:
        return {}
    rows = run(SQL, "same_place", shapes=wkb, origin=origin)
    candidates = Candidate.objects.in_bulk([row["id"] for row in rows])
    return {row["place"]: candidates[row["id"]] for row in rows}


def _again(
    known: Candidate, water: Found, source: CandidateSource, loaded: Loaded, unit_id: int | None
) -> None:
    """A decided one stays as it was decided; of an open one the source has the last word."""
    if known.state != CandidateState.NEW:
        loaded.decided += 1
        return
    shape = _geos(water.shape)
    if known.geometry.equals_exact(shape) and (known.kind, known.name) == (water.kind, water.name):
        loaded.seen_again += 1
        return
    [point] = positions_of(np.array([water.shape], dtype=object))
    fresh = _candidate(water, point, unit_id, source)
    known.unit_id = unit_id
    for name in ("kind", "name", "geometry", "location", "area_m2", "permanence", "score",
                 "score_parts", "source"):  # fmt: skip
        setattr(known, name, getattr(fresh, name))
    known.save()
    loaded.changed += 1


def _candidate(
    water: Found, point: shapely.Point, unit_id: int | None, source: CandidateSource
) -> Candidate:
    parts = score_parts(area_m2=water.area_m2, permanence=water.permanence, name=water.name)
    return Candidate(
        origin=source.origin,
        source=source,
        source_key=water.source_id,
        kind=water.kind,
        name=water.name,
        unit_id=unit_id,
        geometry=_geos(water.shape),
        location=_geos(point),  # type: ignore[misc]
        area_m2=water.area_m2,
        permanence=water.permanence,
        score=score(parts),
        score_parts=parts,
    )


def _geos(shape: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape, byte_order=1)), srid=4326)
