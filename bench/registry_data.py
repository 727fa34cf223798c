"""A made-up register for bench/registry.py: communes with hamlets, waters, observations, one seed.

Everything is written by COPY and set-based SQL; the verdicts are left to the real code.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from common.codes import make_code
from common.text import plain

SEED = 20260101
HAZARDS_PER_COMMUNE = 300  # a million waters over the 3,321 communes of the country
COMMUNES_MIN = 100
HAMLETS = 4  # quarters of a commune
WEST, SOUTH, SIDE = 104.0, 9.0, 0.1  # degrees
COLUMNS = 60  # communes from west to east
SOURCE = "bench"

KINDS = (
    ("pond", 40, ("Ao", "Ao cá", "Ao sen")),
    ("canal", 12, ("Kênh", "Mương", "Kênh tưới")),
    ("well", 10, ("Giếng", "Giếng làng")),
    ("reservoir_irr", 8, ("Hồ chứa", "Hồ thủy lợi")),
    ("river_spot", 8, ("Bến sông", "Khúc suối", "Bãi tắm")),
    ("borrow_pit", 7, ("Hố đất", "Hố cát", "Moong")),
    ("lake", 6, ("Hồ", "Đầm", "Bàu")),
    ("dam", 5, ("Đập", "Đập tràn")),
    ("pool", 4, ("Bể bơi", "Hồ bơi")),
)
NAMES = (
    "Lộc", "Ninh", "Đông", "Tây", "Thắng", "Lợi", "Hòa", "Bình", "Phước", "Long", "Thạnh", "Sơn",
    "Đức", "Cây Gáo", "Suối Đá", "Bà Đen", "Ông Tư", "Trường Học", "Chợ Mới", "Xóm Dưới",
)  # fmt: skip
DEPTHS = (("gt_2", 45), ("1_to_2", 30), ("0_5_to_1", 8), ("lt_0_5", 5), ("unknown", 12))


@dataclass(frozen=True)
class Water:
    """One made-up water: degrees of EPSG:4326 and the running number of its hamlet."""

    name: str
    kind: str
    depth: str
    lon: float
    lat: float
    hamlet: int


def commune_count(hazards: int) -> int:
    return max(COMMUNES_MIN, hazards // HAZARDS_PER_COMMUNE)


def waters(count: int, communes: int, seed: int = SEED) -> Iterator[Water]:
    """Yield waters scattered over the hamlets, the same for the same seed."""
    rng = random.Random(seed)
    kinds = rng.choices(KINDS, [kind[1] for kind in KINDS], k=count)
    depths = rng.choices([name for name, _ in DEPTHS], [n for _, n in DEPTHS], k=count)
    for (kind, _, heads), depth in zip(kinds, depths, strict=True):
        hamlet = rng.randrange(communes * HAMLETS)
        west, south = _corner(hamlet)
        name = f"{rng.choice(heads)} {rng.choice(NAMES)} {rng.choice(NAMES)} {rng.randrange(200)}"
        lon = west + rng.uniform(0.02, 0.98) * SIDE / 2
        lat = south + rng.uniform(0.02, 0.98) * SIDE / 2
        yield Water(name, kind, depth, round(lon, 7), round(lat, 7), hamlet)


def write_csv(path: Path, rows: int, communes: int) -> None:
    """Write points as a commune would send them: other waters than those of the register."""
    with path.open("w", encoding="utf-8") as file:
        file.write("source_id,name,kind,lon,lat,max_depth_m\n")
        for n, water in enumerate(waters(rows, communes, SEED + 1)):
            depth = "" if water.depth == "unknown" else "2.5"
            file.write(f"i{n},{water.name},{water.kind},{water.lon},{water.lat},{depth}\n")


def fill(hazards: int, today: date) -> int:
    """Write units, hazards and three observations each; returns the number of communes."""
    communes = commune_count(hazards)
    first_hamlet = _units(communes)
    _hazards(hazards, communes, first_hamlet, today)
    with connection.cursor() as cursor:
        cursor.execute(_SAFEGUARDS_SEEN, {"today": today})
        cursor.execute(_DEPTHS_SEEN, {"today": today})
        cursor.execute("VACUUM ANALYZE")
    return communes


def second_set() -> str:
    """Write province and communes once more as a set without hamlets; returns its name."""
    with connection.cursor() as cursor:
        cursor.execute(_SECOND_SET)
        for level in ("province", "commune"):
            cursor.execute(_SECOND_UNITS, {"level": level})
        cursor.execute("ANALYZE places_adminunit")
    return "bench-second"


def children_near() -> None:
    """Give seven verdicts of ten a figure of children, as an exposure run would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hazards_hazardassessment SET children_near_m = 200,"
            " children_near = abs(hashint8(hazard_id)) %% 900 / 10.0"
            " WHERE abs(hashint8(hazard_id + 7)) %% 10 < 7",
            [],
        )
        cursor.execute("VACUUM ANALYZE hazards_hazardassessment")


def _corner(hamlet: int) -> tuple[float, float]:
    commune, quarter = divmod(hamlet, HAMLETS)
    row, column = divmod(commune, COLUMNS)
    return (WEST + column * SIDE + quarter % 2 * SIDE / 2,
            SOUTH + row * SIDE + quarter // 2 * SIDE / 2)  # fmt: skip


def _units(communes: int) -> int:
    """Write a province over communes over hamlets; returns the key of the first hamlet."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDARY_SET)
        for statement in (_PROVINCE, _COMMUNES, _HAMLETS):
            cursor.execute(statement, {"communes": communes, "columns": COLUMNS, "west": WEST,
                                       "south": SOUTH, "side": SIDE})  # fmt: skip
        cursor.execute("SELECT min(id) FROM places_adminunit WHERE level = 'hamlet'")
        return int(cursor.fetchone()[0])


def _hazards(count: int, communes: int, first_hamlet: int, today: date) -> None:
    columns = (
        "code, name, name_plain, kind, lifecycle, unit_id, hamlet, geometry, location,"
        " position_method, depth_class, depth_method, registered_on, source, source_id,"
        " source_facts, is_synthetic, note, public_id, created_at, updated_at"
    )
    rng = random.Random(SEED + 2)
    plains = {word: plain(word) for word in (*NAMES, *(h for kind in KINDS for h in kind[2]))}
    now, registered = f"{today} 00:00:00+00", "2023-01-01"
    with connection.cursor() as cursor:
        with cursor.cursor.copy(f"COPY hazards_waterhazard ({columns}) FROM STDIN") as copy:
            for n, w in enumerate(waters(count, communes), start=1):
                point = f"SRID=4326;POINT({w.lon} {w.lat})"
                name_plain = plains.get(w.name) or plain(w.name)
                public_id = f"{rng.getrandbits(128):032x}"
                copy.write_row((
                    make_code(n), w.name, name_plain, w.kind, "in_use", first_hamlet + w.hamlet,
                    "", point, point, "gps", w.depth, "asked", registered, SOURCE, f"b{n}",
                    "{}", "t", "", public_id, now, now,
                ))  # fmt: skip
        cursor.execute("SELECT setval('hazards_code_number', %s)", [count])


_BOUNDARY_SET = """
INSERT INTO places_boundaryset (name, title, valid_from, source, is_current, created_at, updated_at)
VALUES ('bench', 'bench', DATE '2020-01-01', '', true, now(), now())
"""
_UNIT_COLUMNS = """
INSERT INTO places_adminunit (boundary_set_id, level, code, name, full_name, name_plain, parent_id,
    depth, tree_left, tree_right, valid_from, geometry, created_at, updated_at)
"""
_PROVINCE = (
    _UNIT_COLUMNS
    + """
SELECT id, 'province', '1', 'Thử', 'Tỉnh Thử', 'tinh thu', NULL, 0, 1,
       1 + %(communes)s * 5, DATE '2020-01-01', ST_Multi(ST_MakeEnvelope(%(west)s, %(south)s,
       %(west)s + %(columns)s * %(side)s,
       %(south)s + (1 + %(communes)s / %(columns)s) * %(side)s, 4326)), now(), now()
  FROM places_boundaryset WHERE name = 'bench'
"""
)
_COMMUNES = (
    _UNIT_COLUMNS
    + """
SELECT province.boundary_set_id, 'commune', 'c' || n, 'Xã ' || n, 'Xã Thử ' || n, 'xa thu ' || n,
       province.id, 1, 2 + n * 5, 6 + n * 5, DATE '2020-01-01',
       ST_Multi(ST_MakeEnvelope(%(west)s + n %% %(columns)s * %(side)s,
           %(south)s + n / %(columns)s * %(side)s, %(west)s + (n %% %(columns)s + 1) * %(side)s,
           %(south)s + (n / %(columns)s + 1) * %(side)s, 4326)), now(), now()
  FROM places_adminunit AS province, generate_series(0, %(communes)s - 1) AS n
 WHERE province.level = 'province' ORDER BY n
"""
)
_HAMLETS = (
    _UNIT_COLUMNS
    + """
SELECT commune.boundary_set_id, 'hamlet', commune.code || 'h' || q, 'Ấp ' || q, 'Ấp ' || q,
       'ap ' || q, commune.id, 2, commune.tree_left + 1 + q, commune.tree_left + 1 + q,
       DATE '2020-01-01',
       ST_Multi(ST_MakeEnvelope(west + q %% 2 * %(side)s / 2, south + q / 2 * %(side)s / 2,
           west + (q %% 2 + 1) * %(side)s / 2, south + (q / 2 + 1) * %(side)s / 2, 4326)),
       now(), now()
  FROM places_adminunit AS commune, generate_series(0, 3) AS q,
       LATERAL (SELECT ST_XMin(commune.geometry), ST_YMin(commune.geometry)) AS at (west, south)
 WHERE commune.level = 'commune' ORDER BY commune.tree_left, q
"""
)
_SECOND_SET = """
INSERT INTO places_boundaryset (name, title, valid_from, source, is_current, created_at, updated_at)
VALUES ('bench-second', 'bench-second', DATE '2025-07-01', '', false, now(), now())
"""
_SECOND_UNITS = (
    _UNIT_COLUMNS
    + """
SELECT later.id, unit.level, unit.code, unit.name, unit.full_name, unit.name_plain,
       (SELECT id FROM places_adminunit AS top WHERE top.boundary_set_id = later.id), unit.depth,
       10000000 + unit.tree_left, 10000000 + unit.tree_right, DATE '2025-07-01', unit.geometry,
       now(), now()
  FROM places_adminunit AS unit
  JOIN places_boundaryset AS first ON first.id = unit.boundary_set_id,
       places_boundaryset AS later
 WHERE unit.level = %(level)s AND first.name = 'bench' AND later.name = 'bench-second'
"""
)
# Three in ten were never looked at; the rest within 500 days, so that some checks are overdue.
_SAFEGUARDS_SEEN = """
INSERT INTO hazards_safeguardobservation (public_id, created_at, updated_at, observed_on,
    source_kind, is_synthetic, note, hazard_id, duty, state, condition)
SELECT gen_random_uuid(), now(), now(), %(today)s::date - dice.day, 'demo', true, '', hazard.id,
       CASE WHEN part.n = 1 AND hazard.kind = 'well' THEN 'cover'
            WHEN part.n = 1 THEN 'barrier' ELSE 'sign' END,
       CASE WHEN dice.surveyed < 3 THEN 'not_checked' WHEN dice.state < 4 THEN 'present'
            WHEN dice.state < 9 THEN 'missing' ELSE 'damaged' END, ''
  FROM hazards_waterhazard AS hazard, generate_series(0, 1) AS part (n),
       LATERAL (SELECT abs(hashint8(hazard.id + 11)) %% 500 AS day,
                       abs(hashint8(hazard.id + 23)) %% 10 AS surveyed,
                       abs(hashint8(hazard.id * 2 + part.n)) %% 10 AS state) AS dice
"""
_DEPTHS_SEEN = """
INSERT INTO hazards_depthobservation (public_id, created_at, updated_at, observed_on, source_kind,
    is_synthetic, note, hazard_id, depth_class, method)
SELECT gen_random_uuid(), now(), now(),
       %(today)s::date - abs(hashint8(hazard.id + 11)) %% 500, 'demo', true, '', hazard.id,
       hazard.depth_class, 'asked'
  FROM hazards_waterhazard AS hazard
"""
