"""How well duplicates are told from neighbours: precision and recall on made-up pairs with a truth.

    python bench/duplicates.py [--seed N] [--waters N]

A world of waters is made by a seed: ponds in rows, hamlets with the same names, reservoirs with
several points, canals. Some are recorded twice, by other hands: another GPS, a redrawn outline, a
name left out or spelled otherwise. Every two records within reach are a pair whose truth is known.
Peers in the same run: "nearer than 30 m", and "nearer than 60 m with a name alike".
The weights were set while looking at seed 1; the figures of other seeds are held out.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hazards.duplicates.matching import (
    DIFFERENT,
    SAME,
    Geometry,
    Record,
    match,
    sigma_of,
)

REACH_M, AROUND_M = 150.0, 250.0
NAMES = (
    "sen", "ba den", "cay gao", "loc ninh", "suoi da", "truong hoc", "nha tho", "xom dua",
    "dong xoai", "phuoc long", "bu dop", "an khuong", "thanh an", "tan loi", "minh duc",
)  # fmt: skip
KINDS = {"pond": "ao", "canal": "kenh", "well": "gieng", "reservoir_irr": "ho chua", "lake": "ho"}


@dataclass(frozen=True)
class Seen:
    """One record: metres east and north in the world, and the water it is of."""

    water: int
    scene: str
    kind: str
    name: str
    x: float
    y: float
    radius_m: float
    has_outline: bool
    method: str
    accuracy_m: float | None
    source: str


def world(seed: int, waters: int) -> list[Seen]:
    """Return the records of a made-up land, the same for the same seed."""
    rng = random.Random(seed)
    records: list[Seen] = []
    number = 0
    while number < waters:
        x0, y0 = rng.uniform(0, 40_000), rng.uniform(0, 40_000)
        scene = rng.choices(["row", "hamlet", "alone", "reservoir"], [25, 45, 20, 10])[0]
        count = {"row": rng.randint(4, 9), "hamlet": rng.randint(6, 14), "alone": 1,
                 "reservoir": 1}[scene]  # fmt: skip
        for n in range(count):
            number += 1
            if scene == "row":  # fish ponds side by side, most of them without a name
                x, y, kind, size = x0 + n * rng.uniform(16, 40), y0, "pond", 7.0
                name = f"ao ca so {n + 1}" if rng.random() < 0.4 else ""
            elif scene == "reservoir":
                x, y, kind, size = x0, y0, "reservoir_irr", rng.uniform(80, 300)
                name = f"ho chua {rng.choice(NAMES)}"
            else:
                x, y = x0 + rng.gauss(0, 180), y0 + rng.gauss(0, 180)
                kind = rng.choice(["pond", "pond", "well", "canal", "lake"])
                size = rng.uniform(4, 25)
                name = f"{KINDS[kind]} {rng.choice(NAMES)}" if rng.random() < 0.6 else ""
            records += _recorded(rng, number, scene, kind, name, x, y, size)
    return records


def _recorded(
    rng: random.Random, water: int, scene: str, kind: str, name: str, x: float, y: float,
    size: float,
) -> list[Seen]:  # fmt: skip
    """Return one record of a water, or several by different hands."""
    hands = rng.choices([1, 2, 3], [70, 25, 5])[0]
    records = []
    for hand in range(hands):
        method = rng.choice(["gps", "gps", "map", "import"])
        outlined = size > 10 and rng.random() < 0.5
        under_trees = rng.random() < 0.25
        sigma = 5.0 if outlined else {"gps": 25.0 if under_trees else 8.0, "map": 15.0,
                                      "import": 20.0}[method]  # fmt: skip
        told = max(3.0, sigma * rng.uniform(0.6, 1.5)) if method == "gps" else None
        said = name
        if hand and name:
            dice = rng.random()
            if dice < 0.15:
                said = ""
            elif dice < 0.25:
                said = f"{KINDS.get(kind, 'ao')} {name.split(' ', 1)[-1]} moi"
        seen_kind = kind
        if hand and rng.random() < 0.1:
            seen_kind = {"pond": "lake", "lake": "pond", "reservoir_irr": "lake"}.get(kind, kind)
        edge = size * rng.uniform(0, 1) if not outlined else 0.0
        turn = rng.uniform(0, 2 * math.pi)
        records.append(Seen(
            water, scene, seen_kind, said, x + rng.gauss(0, sigma) + edge * math.cos(turn),
            y + rng.gauss(0, sigma) + edge * math.sin(turn), size, outlined, method, told,
            f"list-{hand}" if hand else "survey",
        ))  # fmt: skip
    return records


def pairs(records: list[Seen]) -> list[tuple[Seen, Seen, Geometry]]:
    """Return every two records within reach, with how they lie."""
    cells: dict[tuple[int, int], list[Seen]] = {}
    for one in records:
        cells.setdefault((int(one.x // AROUND_M), int(one.y // AROUND_M)), []).append(one)
    found = []
    for n, one in enumerate(records):
        del n
        cx, cy = int(one.x // AROUND_M), int(one.y // AROUND_M)
        near = [other for dx in (-1, 0, 1) for dy in (-1, 0, 1)
                for other in cells.get((cx + dx, cy + dy), [])]  # fmt: skip
        around = sum(math.hypot(one.x - other.x, one.y - other.y) <= AROUND_M for other in near)
        density = around / (math.pi * AROUND_M**2)
        for other in near:
            apart = math.hypot(one.x - other.x, one.y - other.y)
            if id(other) <= id(one) or apart > REACH_M:
                continue
            found.append((one, other, _geometry(one, other, apart, density)))
    return found


def _geometry(one: Seen, other: Seen, apart: float, density: float) -> Geometry:
    """Outlines are circles here."""
    radii = [seen.radius_m if seen.has_outline else 0.0 for seen in (one, other)]
    overlap = None
    if all(radii) and apart < sum(radii):
        small, large = sorted(radii)
        common = math.pi * small**2 if apart <= large - small else _lens(apart, small, large)
        overlap = common / (math.pi * (small**2 + large**2) - common)
    return Geometry(distance_m=max(apart - sum(radii), 0.0), overlap=overlap,
                    density_per_m2=density)  # fmt: skip


def _lens(d: float, r: float, big: float) -> float:
    a = r**2 * math.acos((d**2 + r**2 - big**2) / (2 * d * r))
    b = big**2 * math.acos((d**2 + big**2 - r**2) / (2 * d * big))
    c = math.sqrt((-d + r + big) * (d + r - big) * (d - r + big) * (d + r + big)) / 2
    return a + b - c


def _record(seen: Seen) -> Record:
    return Record(kind=seen.kind, name_plain=seen.name,
                  sigma_m=sigma_of(seen.method, seen.accuracy_m), source=seen.source)  # fmt: skip


def measure(seed: int, waters: int) -> dict[str, object]:
    """Return precision and recall of ours and of two peers."""
    found = pairs(world(seed, waters))
    truth = [one.water == other.water for one, other, _geometry in found]
    verdicts = [match(_record(a), _record(b), g).verdict for a, b, g in found]
    near = [g.distance_m < 30 for _a, _b, g in found]
    named = [g.distance_m < 60 and (a.name == b.name or not a.name or not b.name)
             for a, b, g in found]  # fmt: skip
    scenes = sorted({a.scene for a, _b, _g in found})
    return {
        "seed": seed,
        "pairs": len(found),
        "true_pairs": sum(truth),
        "same": _rates([v == SAME for v in verdicts], truth),
        "same_or_perhaps": _rates([v != DIFFERENT for v in verdicts], truth),
        "peer_nearer_than_30_m": _rates(near, truth),
        "peer_60_m_and_name": _rates(named, truth),
        "same_or_perhaps_recall_by_scene": {
            scene: _rates(
                [v != DIFFERENT for v, (a, _b, _g) in zip(verdicts, found, strict=True)
                 if a.scene == scene],
                [t for t, (a, _b, _g) in zip(truth, found, strict=True) if a.scene == scene],
            )["recall"]
            for scene in scenes
        },
    }  # fmt: skip


def _rates(said: list[bool], truth: list[bool]) -> dict[str, float]:
    hits = sum(s and t for s, t in zip(said, truth, strict=True))
    return {
        "precision": round(hits / max(sum(said), 1), 4),
        "recall": round(hits / max(sum(truth), 1), 4),
        "asked": sum(said),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--waters", type=int, default=20_000)
    options = parser.parse_args()
    print(json.dumps(measure(options.seed, options.waters)))


if __name__ == "__main__":
    main()
