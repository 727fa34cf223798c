"""Blocks that earlier runs have worked out, kept on disk under a digest of all they depend on.

A run that is cut off goes on where it stopped, and after an edit only the strips round it are
worked out. Another register, raster, boundary, distance or code never meets an old block.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings

from geomath.block import BlockPart

OLD_AFTER_S: Final = 7 * 24 * 3600  # since a run last took it
SCALARS: Final = (
    "people_in_overlaps",
    "people_by_nearest",
    "cells_by_nearest",
    "cells_read",
    "people_on_water",
)


class KeptBlocks:
    """Blocks by digest, below the folder of EXPOSURE_BLOCKS_DIR; it may be emptied at any time."""

    def __init__(self) -> None:
        self.folder = Path(settings.EXPOSURE_BLOCKS_DIR)
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> BlockPart | None:
        """Return a kept block; one that is cut short or damaged counts as absent."""
        path = self._path(key)
        if not path.exists():
            return None
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                part = _part_from(dict(kept))
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        with suppress(OSError):
            os.utime(path)
        return part

    def put(self, key: str, part: BlockPart) -> None:
        """Write a block whole or not at all."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **_arrays_of(part))
        unfinished = self._path(key).with_suffix(f".{os.getpid()}.part")
        unfinished.write_bytes(buffer.getvalue())
        unfinished.replace(self._path(key))

    def forget_old(self) -> None:
        """Throw away what no run has taken for a week."""
        for path in self.folder.iterdir():
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > OLD_AFTER_S:
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"


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
    part.people_on_water = float(kept["people_on_water"])
    for key, values in kept.items():
        match key.split(" "):
            case ["exposed", group, metres]:
                part.exposed[group, int(metres)] = values
            case ["flow", metres, "home"]:
                part.flows[int(metres)] = (
                    values, kept[f"flow {metres} there"], kept[f"flow {metres} weight"],
                )  # fmt: skip
    return part
