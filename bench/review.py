"""Time the reviewer's queue and desk at size: 1,000,000 visits with 3,000,000 photos.

    python bench/review.py                       # 1,000,000 visits, 40,000 of them waiting
    python bench/review.py --quick               # 50,000 visits, under 50 s

Makes a database of its own beside that of DATABASE_URL and drops it at the end. Pages go through
Django's test client, middleware and templates on, as a reviewer of the whole province and of one
commune; the photos' files are not there, pages only name them. stdout is one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.registry import _setup, log, scratch_database  # noqa: E402

QUICK_VISITS = 50_000
HAZARDS = 20_000
SURVEYORS = 500
WAITING_ONE_IN = 25
REPEATS = 30

_VISITS = """
INSERT INTO surveys_submission (
    public_id, client_uuid, surveyor_id, unit_id, hazard_id, new_kind, new_name, lifecycle,
    position, position_accuracy_m, position_is_manual, captured_at, received_at, sign_state,
    barrier_state,
    cover_state, depth_class, depth_method, note, state, photos_expected, content_sha256,
    is_synthetic, created_at, updated_at)
SELECT gen_random_uuid(), gen_random_uuid(), %(first_user)s + n %% %(users)s, hazard.unit_id,
       hazard.id,
       '', '', '', hazard.location::geography, 8, false, seen.at, seen.at, 'present',
       CASE n %% 3 WHEN 0 THEN 'missing' ELSE 'present' END, 'not_checked', 'gt_2', 'asked', '',
       CASE WHEN n %% %(one_in)s = 0 THEN 'received' WHEN n %% 97 = 0 THEN 'returned'
            WHEN n %% 89 = 0 THEN 'rejected' ELSE 'accepted' END,
       3, md5(n::text) || md5(n::text), true, seen.at, seen.at
  FROM generate_series(1, %(visits)s) AS n
  JOIN hazards_waterhazard AS hazard ON hazard.id = %(first_hazard)s + n %% %(hazards)s
 CROSS JOIN LATERAL (SELECT now() - make_interval(mins => n %% 500000) AS at) AS seen
"""
_PHOTOS = """
INSERT INTO surveys_surveyphoto (
    public_id, submission_id, subject, filename, sha256, original_name, size_bytes, media_type,
    state, problem, image_name, thumbnail_name, faces_n, look, look_bands, flags, created_at,
    updated_at)
SELECT gen_random_uuid(), visit.id, 'site', 'IMG.jpg', md5(visit.id::text) || md5(k::text),
       'ab/cd/' || md5(visit.id::text || k), 900000, 'image/jpeg', 'done', '', 'ab/image.jpg',
       'ab/thumbnail.jpg', 0, '', '{}', '[]', visit.received_at, visit.received_at
  FROM surveys_submission AS visit CROSS JOIN generate_series(1, 3) AS k
"""


def main() -> None:
    """Fill the scratch database and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with scratch_database():
        found = measure(QUICK_VISITS if options.quick else options.visits)
    print(json.dumps(found))


def measure(visits: int) -> dict[str, Any]:
    _setup()
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Membership, User
    from accounts.roles import Role
    from bench import registry_data
    from hazards.services.assessment import assess
    from places.models import AdminUnit

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    registry_data.fill(HAZARDS, timezone.localdate())
    assess()
    _fill(visits)
    log(f"filled in {time.perf_counter() - begun:.0f} s")
    top = AdminUnit.objects.get(level="province")
    commune = AdminUnit.objects.filter(level="commune").order_by("pk")[7]
    found: dict[str, Any] = {"visits": visits, "photos": 3 * visits}
    for name, unit in (("province", top), ("commune", commune)):
        user = User.objects.create_user(f"reviewer-{name}", language="vi")
        Membership.objects.create(user=user, unit=unit, role=Role.REVIEWER)
        found |= _times(user, name)
    return found


def _fill(visits: int) -> None:
    from django.db import connection

    from accounts.models import User
    from hazards.models import WaterHazard

    User.objects.bulk_create(User(username=f"surveyor{n}") for n in range(SURVEYORS))
    values = {
        "visits": visits,
        "hazards": HAZARDS,
        "first_hazard": WaterHazard.objects.order_by("pk").values_list("pk", flat=True)[0],
        "users": SURVEYORS,
        "first_user": User.objects.get(username="surveyor0").pk,
        "one_in": WAITING_ONE_IN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, values)
        cursor.execute(_PHOTOS)
        cursor.execute("VACUUM ANALYZE surveys_submission")
        cursor.execute("VACUUM ANALYZE surveys_surveyphoto")


def _times(user: Any, name: str) -> dict[str, float]:
    """Return p95 and median of queue pages and of the desk, ms."""
    from django.test import Client

    from accounts.roles import Action
    from accounts.scoping import scope_for
    from surveys.selectors.queue import submissions_to_review

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    queue = "/surveys/review/"
    pages = [queue, f"{queue}?page=2", f"{queue}?state=returned", f"{queue}?waiting_days=7"]
    waiting = submissions_to_review(scope_for(user, Action.REVIEW))
    desks = [f"{queue}{row.public_id}/" for row in random.Random(5).sample(list(waiting[:200]), 20)]
    found = {}
    for what, urls in (("queue", pages * (REPEATS // len(pages) + 1)), ("desk", desks)):
        took = []
        for number, url in enumerate(urls):
            begun = time.perf_counter()
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if number >= 2:  # templates are read, plans are made
                took.append((time.perf_counter() - begun) * 1000)
        log(f"{what}, {name}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
        found[f"{what}_{name}_p95_ms"] = round(statistics.quantiles(took, n=20)[18], 1)
        found[f"{what}_{name}_median_ms"] = round(statistics.median(took), 1)
    return found


if __name__ == "__main__":
    main()
