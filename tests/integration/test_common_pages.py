"""The frame of the pages: what stands around every list, map and record."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from places.services import renumber_tree
from tests.factories.accounts import user_with_role
from tests.factories.places import UnitFactory

OFFICE = "{% extends 'base.html' %}{% block heading %}Ponds{% endblock %}"


def office_page(user, path: str = "/", source: str = OFFICE) -> str:
    request = RequestFactory().get(path)
    request.user = user
    return engines["django"].from_string(source).render({}, request)


@pytest.fixture
def inspector(db):
    return user_with_role(Role.INSPECTOR, UnitFactory(name="Lộc Ninh", full_name="Xã Lộc Ninh"))


def test_an_office_page_says_place_and_date_and_shows_the_way_on(inspector):
    html = office_page(inspector)
    assert '<span aria-current="location">Xã Lộc Ninh</span>' in html
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in html
    assert reverse("hazards:list") in html
    assert "pastband" not in html
    assert "Skip to content" in html


def test_a_day_in_the_past_is_announced_and_can_be_left(inspector):
    html = office_page(inspector, "/hazards/?kind=pond&as_of=2026-01-31")
    assert "state on <strong>31 Jan 2026</strong>, not today" in html
    assert 'href="?kind=pond"' in html  # back to today keeps the filter
    assert '<input type="hidden" name="kind" value="pond">' in html


def test_pages_speak_vietnamese_to_who_wants_it(inspector):
    with translation.override("vi"):
        html = office_page(inspector, "/?as_of=2026-01-31")
    assert "Bờ An Toàn" in html
    assert "Bạn đang xem tình trạng ngày <strong>31/01/2026</strong>" in html
    assert '<html lang="vi"' in html


def test_names_of_units_found_are_links_that_keep_the_filters():
    request = RequestFactory().get(
        "/accounts/units/", headers={"HX-Current-URL": "http://x/hazards/?kind=pond&unit=1&page=3"}
    )
    unit = SimpleNamespace(pk=12345, full_name="Xã <Lộc> Ninh", trail_text="Tỉnh Đồng Nai")
    html = render_to_string("common/partials/unit_options.html", {"units": [unit]}, request)
    assert 'href="?kind=pond&amp;unit=12345"' in html
    assert "Xã &lt;Lộc&gt; Ninh" in html
    assert "Try fewer letters" in render_to_string("common/partials/unit_options.html", {}, request)


def test_the_sign_in_page_needs_no_user_and_asks_nobody_outside(client, db):
    html = client.get(reverse("accounts:login")).content.decode()
    assert "Đăng nhập" in html  # Vietnamese unless chosen otherwise
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)


def test_a_wrong_password_keeps_the_name_that_was_typed(client, db):
    answer = client.post(reverse("accounts:login"), {"username": "bay.hanh", "password": "x"})
    assert 'value="bay.hanh"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_the_language_is_switched_and_the_page_stays(client, db):
    login = reverse("accounts:login")
    answer = client.post(reverse("set_language"), {"language": "en", "next": login})
    assert answer.url == login
    assert "User name" in client.get(login).content.decode()


def test_an_address_that_is_not_there_says_what_to_do(client, db):
    answer = client.get("/no/such/page/", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "Về trang đầu" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "common/offline.html"])
def test_last_resort_pages_need_nothing_else(name):
    """No user, no request, no stylesheet: any of them may be what is broken."""
    html = render_to_string(name)
    assert "<h1>" in html
    assert not re.search(r"<(?:link|script|img)\b", html)


def test_a_phone_page_shows_its_three_actions_and_what_waits(inspector):
    request = RequestFactory().get("/")
    request.user = inspector
    nav = {"near_url": "/n", "capture_url": "/c", "outbox_url": "/o", "active": "near"}
    context = {"phone_nav": nav | {"outbox_count": 3}}
    html = engines["django"].from_string("{% extends 'phone.html' %}").render(context, request)
    assert re.search(r'href="/n" aria-current="page"', html)
    assert 'href="/c"' in html
    assert len(re.findall(r"data-outbox-count>3<", html)) == 2


def test_a_page_with_a_map_loads_one_leaflet():
    source = "{% load leaflet_tags %}{% leaflet_css %}{% leaflet_js %}"
    html = Template(source).render(Context())
    assert re.findall(r"[\w.-]+/leaflet\.js", html) == ["leaflet-1.9.4/leaflet.js"]
    assert re.findall(r"[\w.-]+/leaflet\.css", html) == ["leaflet-1.9.4/leaflet.css"]
    assert "leaflet-1.9.4/images/marker-icon.png" in html


def pager(page: object) -> str:
    request = RequestFactory().get("/?kind=pond&after=old")
    source = "{% load page %}{% pager page about=True %}"
    return Template(source).render(Context({"page": page, "request": request}))


def test_a_keyset_pager_counts_about_and_goes_on_from_the_last_row():
    html = pager(SimpleNamespace(next_cursor="9f", previous_cursor=None, total=10_000))
    assert "about 10,000" in html
    assert 'href="?kind=pond&amp;after=9f"' in html
    assert "before=" not in html


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1440])
def test_the_sign_in_page_fits_the_screen_and_stays_at_home(live_server, open_context, width):
    page = open_context(width=width).new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(live_server.url + reverse("accounts:login"))
    page.get_by_label("Mật khẩu").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    assert broken == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_another_unit_is_found_by_typing_and_the_filters_stay(live_server, open_context, client):
    """The page of an address that is not there has the same bars as any office page."""
    parent = UnitFactory(name="Đồng Nai", full_name="Tỉnh Đồng Nai")
    for name in ("Lộc Ninh", "Lộc Thạnh"):
        UnitFactory(name=name, full_name=f"Xã {name}", parent=parent)
    renumber_tree()
    client.force_login(user_with_role(Role.INSPECTOR, parent))
    context = open_context()
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/no/such/page/?kind=pond&page=4")
    page.locator(".picker > button").click()
    page.locator("#unit-q").press_sequentially("loc th")
    found = page.locator("#unit-options a")
    found.filter(has_text="Xã Lộc Thạnh").wait_for()
    page.wait_for_function("document.querySelectorAll('#unit-options a').length === 1")
    page.locator("#unit-q").press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?kind=pond&unit=\d+$"))
    assert page.locator(".trail [aria-current]").inner_text() == "Xã Lộc Thạnh"


def test_the_future_is_not_a_date_one_can_look_at(inspector):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    html = office_page(inspector, f"/?as_of={tomorrow:%Y-%m-%d}")
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in html
