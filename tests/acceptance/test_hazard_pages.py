"""An inspector's morning in a browser: find, narrow, look at the map, take the list away."""

import io
import re

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.factories.hazard_scenes import make_scene

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def scene(live_server):
    return make_scene()


@pytest.fixture
def page_of(live_server, open_context):
    """Give ``page_of(user, width=..., language=...)``: his page, with what went wrong on it."""

    def opened(user, **options):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        language = options.get("language", "vi")
        context = open_context(**options)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (
                    (settings.SESSION_COOKIE_NAME, session),
                    (settings.LANGUAGE_COOKIE_NAME, language),
                )
            ]
        )
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "request",
            lambda request: (
                page.problems.append(request.url)
                if not request.url.startswith((live_server.url, "data:", "blob:"))
                else None
            ),
        )
        return page

    return opened


def test_search_narrows_list_map_and_address_as_one_types(scene, live_server, page_of):
    page = page_of(scene.inspector, width=1440, language="en")
    page.goto(f"{live_server.url}/hazards/")
    expect(page.locator("#map-count")).to_contain_text("5 of 5")

    page.locator("#q").press_sequentially("suoi")

    expect(page.locator("#results tbody tr")).to_have_count(2)
    expect(page.locator("#map-count")).to_contain_text("2 of 2")
    expect(page.locator(".leaflet-marker-icon")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?q=suoi$"))  # the last letter's answer may come later
    page.locator("#results tbody tr").first.hover()
    expect(page.locator(".verdict-pin.is-selected")).to_have_count(1)
    assert page.problems == []


def test_the_list_taken_away_is_the_list_on_the_page(scene, live_server, page_of):
    page = page_of(scene.inspector, width=1440, language="en")
    page.goto(f"{live_server.url}/hazards/noncompliances/")
    page.get_by_role("button", name=re.compile("Not surveyed")).click()
    expect(page.locator("#results tbody tr")).to_have_count(4)
    page.locator("#missing").select_option("sign")
    expect(page.locator("#results tbody tr")).to_have_count(3)

    page.get_by_role("button", name="Export 3 rows").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("XLSX")).click()

    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    codes = [str(cell.value) for cell in sheet["B"] if str(cell.value).startswith("AT-")]
    shown = page.locator("#results tbody tr").evaluate_all("rows => rows.map(r => r.dataset.code)")
    assert codes == shown
    assert page.problems == []


def test_on_a_phone_cards_and_map_take_turns_and_nothing_is_cut_off(scene, live_server, page_of):
    page = page_of(scene.inspector, width=390, height=844, language="vi")
    for address in ("/hazards/", "/hazards/noncompliances/"):
        page.goto(f"{live_server.url}{address}")
        expect(page.locator("#results tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address

    page.goto(f"{live_server.url}/hazards/")
    # What can be done stands in one line, the main thing first; the rest slides in.
    actions = page.locator(".page-actions > *")
    boxes = [actions.nth(n).bounding_box() for n in range(actions.count())]
    assert len({box["y"] for box in boxes}) == 1
    assert (
        min(boxes, key=lambda box: box["x"])
        == page.locator(".page-actions .btn-primary").bounding_box()
    )
    last = page.get_by_role("link", name="Nhập dữ liệu")
    last.focus()
    assert last.bounding_box()["x"] + last.bounding_box()["width"] <= 390

    expect(page.locator("#list-map")).to_be_hidden()
    page.locator("[data-show=map]").click()
    expect(page.locator("#list-map")).to_be_visible()
    expect(page.locator("#results tbody tr").first).to_be_hidden()
    assert page.problems == []


def test_a_look_written_down_in_the_office_changes_the_record(scene, live_server, page_of):
    page = page_of(scene.inspector, width=1440, language="en")
    page.goto(f"{live_server.url}/hazards/{scene.hazards['fence'].code}/")
    expect(page.locator(".verdict-chip")).to_have_text("Partly compliant")

    page.get_by_role("link", name="Write down a look").click()
    page.locator("[name=barrier]").select_option("present")
    page.get_by_role("button", name="Write it down").click()

    expect(page.locator(".verdict-chip")).to_have_text("Compliant")
    expect(page.locator(".timeline li").first).to_contain_text("written down in the office")
    assert page.problems == []
