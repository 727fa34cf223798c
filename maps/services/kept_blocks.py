"""Blocks that an interrupted run has finished: kept on disk, so that the next run goes on there.

The folder's name is a digest of everything the figures depend on; another register, raster,
distance or version of the code never meets old blocks.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from django.conf import settings

from geomath.block import BlockPart
from maps.services.cell_counts import CellCounts, as_array
from maps.services.exposure_blocks import STRIP_CELLS, BlockPlan

OLD_AFTER_S: Final = 7 * 24 * 3600
SCALARS: Final = ("people_in_overlaps", "people_by_nearest", "cells_by_nearest", "cells_read")


def digest_of(plan: BlockPlan, counts: CellCounts) -> str:
    """Digest of everything that a run's figures depend on, the code of ``geomath`` included."""
    digest = hashlib.sha256()
    facts = [
        [raster.sha256 for raster in counts.rasters], plan.groups, list(plan.distances_m),
        plan.near_each_m, STRIP_CELLS, [(water.group, water.unit) for water in plan.waters],
    ]  # fmt: skip
    digest.update(json.dumps(facts).encode())
    shapes = [*plan.polygons, *(water.shape for water in plan.waters)]
    if counts.child_share:
        shapes.extend(counts.child_share.polygons)
        digest.update(np.ascontiguousarray(counts.child_share.shares).tobytes())
        digest.update(repr(counts.child_share.default).encode())
    for wkb in shapely.to_wkb(as_array(shapes)):
        digest.update(wkb)
    for source in sorted((Path(settings.BASE_DIR) / "geomath").glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:24]


class KeptBlocks:
    """The finished blocks of one run by number. ``forget`` ends it."""

    def __init__(self, key: str) -> None:
        root = Path(settings.EXPOSURE_BLOCKS_DIR)
        _forget_old(root)
        self.folder = root / key
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, number: int) -> BlockPart | None:
        """Return a kept block; one that is cut short or damaged counts as absent."""
        path = self._path(number)
        if not path.exists():
            return None
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                return _part_from(dict(kept))
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def put(self, number: int, part: BlockPart) -> None:
        """Write a block whole or not at all."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **_arrays_of(part))
        unfinished = self._path(number).with_suffix(f".{os.getpid()}.part")
        unfinished.write_bytes(buffer.getvalue())
        unfinished.replace(self._path(number))

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.npz"


def _forget_old(root: Path) -> None:
    for folder in root.glob("*/") if root.is_dir() else ():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > OLD_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)


def _arrays_of(part: BlockPart) -> dict[str, Any]:
    arrays: dict[str, Any] = {name: np.array(getattr(part, name)) for name in SCALARS}
    arrays |= {"units": part.units, "waters": part.waters, "children": part.children}
    if part.people is not None:
        arrays["people"] = part.people
    if part.by_water is not None:
        arrays["by_water"] = part.by_water
    for (group, metres), values in part.exposed.items():
        arrays[f"exposed {group} {metres}"] = values
    for metres, flow in part.flows.items():
        for name, column in zip(("home", "there", "weight"), flow, strict=True):
            arrays[f"flow {metres} {name}"] = column
    return arrays


def _part_from(kept: dict[str, Any]) -> BlockPart:
    part = BlockPart(kept["units"], kept["waters"], kept.get("people"), kept["children"])
    part.by_water = kept.get("by_water")
    part.people_in_overlaps = float(kept["people_in_overlaps"])
    part.people_by_nearest = float(kept["people_by_nearest"])
    part.cells_by_nearest = int(kept["cells_by_nearest"])
    part.cells_read = int(kept["cells_read"])
    for key, values in kept.items():
        match key.split(" "):
            case ["exposed", group, metres]:
                part.exposed[group, int(metres)] = values
            case ["flow", metres, "home"]:
                part.flows[int(metres)] = (
                    values, kept[f"flow {metres} there"], kept[f"flow {metres} weight"],
                )  # fmt: skip
    return part
