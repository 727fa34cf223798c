"""A province of two communes on a raster of nine cells, where exposure is worked out by hand."""

import json
import math
from pathlib import Path
from typing import Any

from django.core.management import call_command

from geomath.distance import metres_per_degree_lat, metres_per_degree_lon
from tests.factories.maps import (
    CELL,
    NORTH,
    box_of_cells,
    give_share,
    make_dataset,
    make_set,
    make_unit,
)

PEOPLE = [[100, 200, 300], [400, 500, 600], [700, 800, 900]]
SHARE = 0.25


def cell_area_m2(row: float) -> float:
    lat = NORTH - (row + 0.5) * CELL
    return float(metres_per_degree_lat(lat) * metres_per_degree_lon(lat)) * CELL * CELL


def disk_share(row: float, within_m: float) -> float:
    """Part of a cell of that row in a circle that lies wholly inside it."""
    return math.pi * within_m**2 / cell_area_m2(row)


def two_communes(tmp_path: Path) -> dict[str, Any]:
    """Two communes side by side under one province: columns 0 to 1.5 and 1.5 to 3."""
    boundary_set = make_set()
    top = make_unit(boundary_set, "75", None, level="province")
    west = make_unit(boundary_set, "00001", box_of_cells(0, 3, 0, 1.5), parent=top)
    east = make_unit(boundary_set, "00002", box_of_cells(0, 3, 1.5, 3), parent=top)
    top.refresh_from_db()
    west.refresh_from_db()
    dataset = make_dataset(tmp_path, PEOPLE)
    for unit in (west, east):
        give_share(dataset, unit, SHARE)
    return {"top": top, "west": west, "east": east, "dataset": dataset, "set": boundary_set}


def run(capsys: Any, *arguments: str) -> dict[str, Any]:
    """What the command says of each unit, by code."""
    capsys.readouterr()
    call_command("run_exposure", "--json", *arguments)
    return {row["code"]: row for row in json.loads(capsys.readouterr().out)}
