"""The main job in a real browser: phone, reviewer, map, inspector's list, planner's figure.

One deep pond stands in the middle of a cell in which 1,000 people live, three in ten of them
children. Cells are 0.01 degrees: 1.2045 km² at this latitude. So within 200 m of the pond there are
300 x (pi x 0.2² / 1.2045) = 31.3 children, and none of them counts while the pond is protected.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from hazards.models import HazardAssessment
from surveys.models import Submission
from tests.factories.accounts import user_with_role
from tests.factories.maps import (
    at_cell,
    box_of_cells,
    give_share,
    make_dataset,
    make_hazard,
    make_set,
    make_unit,
    observe,
)
from tests.factories.surveys import photo_bytes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.acceptance,
    pytest.mark.browser,
]

PEOPLE = [[1000.0] * 4 for _ in range(4)]
CHILDREN_NEAR = 31  # within 200 m, as worked out above


@pytest.fixture
def commune(tmp_path: Path) -> Any:
    unit = make_unit(make_set(), "Suối Lam", box_of_cells(0, 4, 0, 4))
    dataset = make_dataset(tmp_path, PEOPLE)
    give_share(dataset, unit, 0.3)
    return unit


@pytest.fixture
def pond(commune: Any) -> Any:
    """A pond that carried sign and barrier when it was last seen, 20 days ago."""
    pond = make_hazard(commune, at_cell(1, 1), name="Ao Bàu Tre")
    observe(pond, timezone.localdate() - timedelta(days=20), sign="present", barrier="present")
    return pond


@pytest.fixture
def page_of(open_context: Callable[..., Any], live_server: Any, commune: Any) -> Callable[..., Any]:
    """Give ``page_of(role, width)``: a signed-in page of a new user of the commune."""

    def opened(role: Role, *, width: int = 1440, **more: Any) -> Any:
        client = Client()
        client.force_login(user_with_role(role, commune))
        context = open_context(width=width, accept_downloads=True, **more)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        words = {"name": "django_language", "value": "vi"}
        context.add_cookies([{**cookie, "url": live_server.url} for cookie in (session, words)])
        return context.new_page()

    return opened


def work_off_jobs() -> None:
    """Run the worker until nothing waits; its loop needs a thread without Playwright's."""

    def run() -> None:
        try:
            call_command("procrastinate", "worker", "--one-shot")
        finally:
            connections.close_all()  # this thread's own

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=60)


def children_on_overview(page: Any, url: str) -> int:
    page.goto(url + reverse("maps:overview"))
    tile = page.locator(".tile", has_text="200 m").first.inner_text()
    return int(re.search(r"\n\s*([\d.]+)\s*/", tile).group(1).replace(".", ""))  # type: ignore[union-attr]


def verdict_on_map(page: Any, url: str, code: str) -> str:
    """Return the figure beside a verdict in the map's panel, n/N."""
    page.goto(url + reverse("maps:webmap"))
    page.wait_for_function("window.safeshoreMap")
    row = page.locator(f".webmap-verdict:has(input[value={code}])")
    return str(row.locator(".tabular").inner_text())


def test_a_photo_of_a_missing_sign_reaches_map_list_and_figure(
    page_of: Callable[..., Any], live_server: Any, pond: Any
) -> None:
    url = live_server.url
    call_command("run_exposure", "--within", "200", "--json", stdout=io.StringIO())
    planner = page_of(Role.PLANNER)
    assert children_on_overview(planner, url) == 0
    assert verdict_on_map(planner, url, "compliant") == "1/1"

    _survey(page_of, url, pond)
    work_off_jobs()
    assert verdict_on_map(planner, url, "compliant") == "1/1"  # not before it is reviewed

    _review(page_of, url)
    work_off_jobs()

    assert HazardAssessment.objects.get(hazard=pond).verdict == "noncompliant"
    assert verdict_on_map(planner, url, "noncompliant") == "1/1"
    _open_mark_on_map(planner, pond)
    assert _codes_in_inspectors_workbook(page_of, url) == [pond.code]
    assert children_on_overview(planner, url) == CHILDREN_NEAR


def _survey(page_of: Callable[..., Any], url: str, pond: Any) -> None:
    here = {"latitude": pond.location.y, "longitude": pond.location.x, "accuracy": 7}
    phone = page_of(
        Role.SURVEYOR, width=390, height=844, geolocation=here, permissions=["geolocation"]
    )
    phone.goto(f"{url}{reverse('surveys:capture')}?hazard={pond.code}")
    phone.wait_for_selector("[data-position-line][data-quality=good]")
    photo = photo_bytes(lat=here["latitude"], lon=here["longitude"])
    phone.locator("input[data-subject=sign]").set_input_files(
        [{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo}]
    )
    for name, value in (("sign_state", "missing"), ("barrier_state", "missing")):
        phone.locator(f"label:has([name={name}][value={value}])").click()
    phone.locator("[data-send]").click()
    phone.wait_for_selector(".receipt-code")
    assert Submission.objects.get().hazard == pond


def _review(page_of: Callable[..., Any], url: str) -> None:
    reviewer = page_of(Role.REVIEWER)
    reviewer.goto(url + reverse("surveys:queue"))
    reviewer.goto(url + reverse("surveys:review", args=[Submission.objects.get().public_id]))
    reviewer.wait_for_selector(".photo-stage img")
    reviewer.click("button[value=accept]")
    reviewer.wait_for_load_state()
    assert Submission.objects.get().state == "accepted"


def _open_mark_on_map(planner: Any, pond: Any) -> None:
    """Press the pond on the map and read what opens."""
    planner.evaluate(
        "([lat, lon]) => window.safeshoreMap.map.setView([lat, lon], 15, {animate: false})",
        [pond.location.y, pond.location.x],
    )
    box = planner.locator("#hazards").bounding_box()
    planner.wait_for_load_state("networkidle")
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(20):  # the tile is drawn a moment after it came
        planner.mouse.click(*middle)
        if planner.locator(".leaflet-popup").count():
            break
        planner.wait_for_timeout(250)
    popup = planner.locator(".leaflet-popup").inner_text()
    assert pond.name in popup
    assert "Chưa đạt" in popup


def _codes_in_inspectors_workbook(page_of: Callable[..., Any], url: str) -> list[str]:
    inspector = page_of(Role.INSPECTOR)
    inspector.goto(url + reverse("hazards:noncompliances"))
    assert inspector.locator("tbody tr[data-code]").count() == 1
    inspector.locator(".table-tools .dropdown button.btn-primary").click()
    with inspector.expect_download() as download:
        inspector.locator("a[download][href*=xlsx]").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    words = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    return [word for word in words if word.startswith("AT-")]
