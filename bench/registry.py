"""Time the register at size: pages, search, import, evaluation, an earlier day, a rule tried out.

    python bench/registry.py                     # 1,000,000 hazards, 3,000,000 observations
    python bench/registry.py --quick             # 20,000 hazards, under 50 s on two cores

Makes a database of its own beside that of DATABASE_URL and drops it at the end. What is timed is
the real code: views behind their middleware, the import in a process of its own. The log goes to
stderr; stdout is one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
QUICK_HAZARDS = 20_000
QUICK_IMPORT_ROWS = 10_000


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _timed(work: Callable[[], Any]) -> float:
    """Return the seconds that ``work`` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _drop(admin: Any, name: str) -> None:
    """Drop the scratch database; without FORCE, which autovacuum (a superuser's) would refuse."""
    import psycopg

    for _attempt in range(12):  # each waits up to 5 s for sessions that are ending
        try:
            admin.execute(f"DROP DATABASE IF EXISTS {name}")
            return
        except psycopg.errors.ObjectInUse:
            time.sleep(1)
    log(f"database {name} is still in use; drop it by hand")


@contextmanager
def scratch_database() -> Iterator[None]:
    """Point DATABASE_URL at a new database for the block; drop it afterwards, whatever happens."""
    import psycopg

    from config import env

    url = env.required("DATABASE_URL")
    name = f"bench_registry_{os.getpid()}"
    before, mark, after = url.partition("?")
    admin_url = re.sub(r"^postgis", "postgresql", url)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        os.environ["DATABASE_URL"] = before.rpartition("/")[0] + f"/{name}" + mark + after
        yield
    finally:
        if "django" in sys.modules:
            from django.conf import settings
            from django.db import connections

            if settings.configured:
                connections.close_all()
        # A line of its own: the server may have been restarted meanwhile.
        with psycopg.connect(admin_url, autocommit=True) as admin:
            _drop(admin, name)


def _setup() -> None:
    """Start Django without DEBUG, its files in a folder that is thrown away."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()


def _imported(path: Path) -> dict[str, float]:
    """Import ``path`` in a process of its own, as the command would; seconds and peak MB."""
    command = [sys.executable, str(Path(__file__).resolve()), "--import-file", str(path)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def _import_here(path: Path) -> None:
    _setup()
    from hazards.importing.options import ImportOptions
    from hazards.importing.run import import_hazards

    options = ImportOptions(path=path, source="bench-import", crs="4326", is_synthetic=True)
    begun = time.perf_counter()
    report = import_hazards(options)
    seconds = time.perf_counter() - begun
    if not report.is_written:
        raise SystemExit(f"nothing was imported: {report.taken} taken, {report.refused} refused")
    print(json.dumps({"rows": report.taken, "seconds": seconds, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Return this process's own peak; getrusage would tell that of the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _rehearsed() -> float | None:
    """Return the seconds to try a stricter rule out on all; None where that cannot be done yet."""
    try:
        from hazards.services.rehearsal import draft_of, rehearse
    except ImportError:
        log("rehearsal: hazards.services.rehearsal is not there; null")
        return None
    draft = draft_of("deep-water", valid_months={"sign": 3, "barrier": 6, "cover": 6})
    return _timed(lambda: rehearse(draft))


def measure(hazards: int, import_rows: int, repeats: int, folder: Path) -> dict[str, Any]:
    """Fill the scratch database and measure everything; bars are in bench/README.md."""
    _setup()
    from django.core.management import call_command
    from django.utils import timezone

    from bench import registry_data, registry_pages
    from config.gunicorn import post_worker_init
    from hazards.services.assessment import assess
    from hazards.services.boundary_set import use_boundary_set

    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    communes = 0

    def fill() -> None:
        nonlocal communes
        communes = registry_data.fill(hazards, today)

    log(f"filled {hazards} hazards in {_timed(fill):.1f} s")
    evaluate_s = _timed(assess)
    log(f"evaluated all in {evaluate_s:.2f} s")
    registry_data.children_near()
    post_worker_init(None)  # pages are timed as they are served
    pages = registry_pages.measure(hazards, communes, repeats, log)
    rehearsal_s = _rehearsed()
    later = registry_data.second_set()
    switch_s = _timed(lambda: use_boundary_set(name=later, despite="bench"))
    log(f"moved all to another boundary set in {switch_s:.1f} s")
    pages |= registry_pages.day_after_switch(repeats, log)
    path = folder / "points.csv"
    registry_data.write_csv(path, import_rows, communes)
    imported = _imported(path)
    log(f"imported {import_rows} rows in {imported['seconds']:.1f} s")
    return pages | {
        "import_rows_per_s": round(imported["rows"] / imported["seconds"]),
        "import_peak_mb": round(imported["peak_mb"]),
        "import_rows": import_rows,
        "evaluate_all_s": round(evaluate_s, 2),
        "rehearsal_s": None if rehearsal_s is None else round(rehearsal_s, 2),
        "switch_s": round(switch_s, 2),
        "hazards": hazards,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hazards", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_HAZARDS} hazards")
    parser.add_argument("--import-rows", type=int, help="rows of the imported file; as many")
    parser.add_argument("--import-file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_file:
        _import_here(options.import_file)
        return
    hazards = QUICK_HAZARDS if options.quick else options.hazards
    rows = options.import_rows or (QUICK_IMPORT_ROWS if options.quick else hazards)
    with tempfile.TemporaryDirectory(prefix="safeshore-bench-") as folder, scratch_database():
        figures = measure(hazards, rows, 12 if options.quick else 30, Path(folder))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
