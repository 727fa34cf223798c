"""An import killed at any moment leaves the register as before; run again, it is whole."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from hazards.importing.run import _IMPORT_LOCK
from hazards.models import HazardAssessment, HazardCount, WaterHazard
from hazards.services.assessment import assess
from history.models import Event
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance]
ROWS = 15_000
MOMENTS_S = (0.02, 0.3, 0.6)  # after the import has taken its lock


@pytest.fixture
def table(tmp_path):
    unit = UnitFactory(place=0)
    HazardFactory(unit=unit)
    assess()
    lines = ["ma,loai,ten,lon,lat,do_sau_m"]
    lines += [
        f"{n},ao,Ao {n},{106.5 + (n % 97) / 1000:.5f},{11.7 + n // 97 / 2000:.5f},2"
        for n in range(ROWS)
    ]
    path = tmp_path / "ao.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def start(path):
    """Run the command in a process of its own, on the database of the tests."""
    told = connection.settings_dict
    place = f"host={told['HOST']}&port={told['PORT']}"
    secret = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
    url = f"postgresql://{told['USER']}{secret}@/{told['NAME']}?{place}"
    words = [
        sys.executable, str(settings.BASE_DIR / "manage.py"), "import_hazards", str(path),
        "--source", "x", "--crs", "4326", "--source-id-field", "ma",
    ]  # fmt: skip
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL)


def holds_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted",
            [_IMPORT_LOCK],
        )
        return cursor.fetchone()[0] > 0


def wait_for(reached, limit_s=30.0):
    until = time.monotonic() + limit_s
    while not reached():
        assert time.monotonic() < until, "nothing happened in time"
        time.sleep(0.01)


def register():
    """Return what the register holds, in a form that shows any difference."""
    rows = WaterHazard.objects.order_by("pk").values_list("pk", "code", "name", "updated_at")
    return {
        "hazards": hashlib.sha256(repr([*rows]).encode()).hexdigest(),
        "verdicts": HazardAssessment.objects.count(),
        "events": Event.objects.count(),
        "counted": sum(HazardCount.objects.values_list("hazards", flat=True)),
    }


def test_a_killed_import_changes_nothing_and_runs_again_to_the_end(table):
    before = register()
    for moment_s in MOMENTS_S:
        running = start(table)
        wait_for(holds_lock)
        time.sleep(moment_s)
        assert running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
        wait_for(lambda: not holds_lock())
        assert register() == before

    for _repeat in range(2):  # the second time there is nothing left to do
        assert start(table).wait(timeout=120) == 0
        assert WaterHazard.objects.count() == ROWS + 1
        assert HazardAssessment.objects.count() == ROWS + 1
    assert sum(HazardCount.objects.values_list("hazards", flat=True)) == ROWS + 1
