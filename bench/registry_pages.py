"""Time the pages of the register through the test client, middleware and templates included."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from common.codes import make_code
from places.models import AdminUnit

SEARCHES = ("ao sen", "ho chua loc", "suoi da", "kenh tuoi dong", "dap tran", "truong hoc 17")
WARM_UP = 2  # requests whose time does not count: templates are read, plans are made


def p95(times_ms: list[float]) -> float:
    """Return the 95th of a hundred."""
    return statistics.quantiles(times_ms, n=100, method="inclusive")[94]


def measure(
    hazards: int, communes: int, repeats: int, log: Callable[[str], None]
) -> dict[str, float]:
    """Return p95 of list, search and record page and medians of other lists, all in ms."""
    rng = random.Random(hazards)
    client = _signed_in()
    units = list(AdminUnit.objects.filter(level="commune").values_list("pk", flat=True)[:200])
    lists = ["/hazards/", "/hazards/?page=2", "/hazards/?kind=pond&verdict=noncompliant",
             "/hazards/?sort=-children", f"/hazards/?unit={rng.choice(units)}",
             "/hazards/noncompliances/"]  # fmt: skip
    sorted_by_name = [f"/hazards/?{asked}&sort=name" for asked in
                      ("kind=canal", "q=kenh", "verdict=compliant", "missing=sign")]  # fmt: skip
    searches = [f"/hazards/?q={words.replace(' ', '+')}" for words in SEARCHES]
    records = [f"/hazards/{make_code(rng.randint(1, hazards))}/" for _ in range(repeats)]
    day = timezone.localdate() - timedelta(days=60)
    as_of = [f"/hazards/?unit={rng.choice(units)}&as_of={day}" for _ in range(6)]
    rounds = max(3, repeats // len(lists))
    found = {
        "list_p95_ms": p95(_times(client, "list", lists * rounds, log)),
        "search_p95_ms": p95(_times(client, "search", searches * rounds, log)),
        "by_name_ms": statistics.median(_times(client, "by name", sorted_by_name * 3, log)),
        "page_p95_ms": p95(_times(client, "record", records, log)),
        "as_of_ms": statistics.median(_times(client, "as of", as_of, log)),
    }
    return {name: round(value, 1) for name, value in found.items()}


def day_after_switch(repeats: int, log: Callable[[str], None]) -> dict[str, float]:
    """Return the median, ms, of an earlier day's list of a commune that there is since today."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="bench"))
    units = AdminUnit.objects.current().filter(level="commune").values_list("pk", flat=True)
    day = timezone.localdate() - timedelta(days=60)
    urls = [f"/hazards/?unit={unit}&as_of={day}" for unit in units[: max(6, repeats // 5)]]
    median = statistics.median(_times(client, "as of, after the switch", urls, log))
    return {"as_of_after_switch_ms": round(median, 1)}


def _signed_in() -> Client:
    """Return the client of an administrator of the whole made-up province."""
    user = User.objects.create_user("bench", language="vi")
    top = AdminUnit.objects.get(level="province")
    Membership.objects.create(user=user, unit=top, role=Role.ADMINISTRATOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _times(client: Client, name: str, urls: list[str], log: Callable[[str], None]) -> list[float]:
    """Return the milliseconds of each request; says the median of each address and its queries."""
    by_url: dict[str, list[float]] = {}
    for url in urls[:WARM_UP]:
        _get(client, url)
    for url in urls:
        begun = time.perf_counter()
        _get(client, url)
        by_url.setdefault(url, []).append((time.perf_counter() - begun) * 1000)
    times = [ms for each in by_url.values() for ms in each]
    for url in list(by_url)[:6]:
        with CaptureQueriesContext(connection) as queries:
            _get(client, url)
        slowest = max((float(q["time"]) for q in queries), default=0.0) * 1000
        median = statistics.median(by_url[url])
        log(f"{name}: {url} median {median:.0f} ms, {len(queries)} queries, slowest {slowest:.0f}")
    log(f"{name}: median {statistics.median(times):.0f} ms, p95 {p95(times):.0f} ms")
    return times


def _get(client: Client, url: str) -> None:
    status = client.get(url).status_code
    if status != 200:
        raise SystemExit(f"{url} answered {status}")
