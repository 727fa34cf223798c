"""An inspector draws at the desk: a place, a fence, an outline; steps and saves are taken back."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from accounts.roles import Role
from hazards.models import AccessPlace, HazardShape, Safeguard
from hazards.services.assessment import assess
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.acceptance,
    pytest.mark.browser,
]


@pytest.fixture
def pond():
    hazard = HazardFactory(unit=UnitFactory(place=0), geometry=Point(106.55, 11.75, srid=4326))
    assess()
    return hazard


@pytest.fixture
def desk(open_context, live_server, client, pond):
    client.force_login(user_with_role(Role.INSPECTOR, pond.unit))
    context = open_context(language="en")
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "en"}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    yield page
    assert page.failures == []


def open_page(desk, live_server, view, pond, query=""):
    desk.goto(live_server.url + reverse(view, args=[pond.code]) + query)
    desk.wait_for_selector("#draw-map .leaflet-marker-icon, #draw-map path")
    return desk.locator("#draw-map").bounding_box()


def click_at(desk, box, *offsets):
    """Press the map at offsets in pixels from its middle."""
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for right, down in offsets:
        desk.mouse.click(middle[0] + right, middle[1] + down)
        desk.wait_for_timeout(60)


def test_a_typed_place_is_kept_and_the_save_can_be_undone(desk, live_server, pond):
    open_page(desk, live_server, "hazards:place_new", pond)
    desk.fill("[name=label]", "Landing by the mill")
    desk.fill("#draw-typed", "21.0, 11.75")
    desk.press("#draw-typed", "Tab")
    assert "no position in Việt Nam" in desk.inner_text("#draw-hint")
    desk.fill("#draw-typed", "11.7501, 106.5502")
    desk.press("#draw-typed", "Tab")
    desk.click("#draw-form button.btn-primary")
    desk.wait_for_selector("#record-map")

    place = AccessPlace.objects.get()
    assert (place.geometry.y, place.geometry.x) == (11.7501, 106.5502)
    assert "Landing by the mill" in desk.inner_text("#h-places ~ a, section:has(#h-places)")

    desk.click("text=Undo")
    desk.fill("#reason", "wrong pond")
    desk.click("form button.btn-danger")
    desk.wait_for_selector("#record-map")
    assert not AccessPlace.objects.exists()


def test_an_outline_is_drawn_corner_by_corner_with_steps_back_and_on(desk, live_server, pond):
    box = open_page(desk, live_server, "hazards:shape", pond, "?form=outline")
    corners = [(-80, -60), (80, -60), (80, 60), (-80, 60), (-80, -60)]
    click_at(desk, box, *corners)
    assert "ha" in desk.inner_text("#draw-size")
    drawn = desk.input_value("[name=drawn]")

    desk.click("[data-draw=undo]")
    assert desk.input_value("[name=drawn]") == ""
    desk.click("[data-draw=redo]")
    assert desk.input_value("[name=drawn]") == drawn
    desk.click("#draw-form button.btn-primary")
    desk.wait_for_selector("#record-map")

    pond.refresh_from_db()
    assert pond.geometry.geom_type == "Polygon"
    assert pond.area_m2 > 1000
    assert {row.form for row in HazardShape.objects.all()} == {"outline", "point"}


def test_a_fence_is_drawn_as_a_line(desk, live_server, pond):
    box = open_page(desk, live_server, "hazards:safeguard_new", pond)
    desk.select_option("[name=kind]", "fence")
    desk.click("[data-draw=start]")
    click_at(desk, box, (-60, -50), (0, -55), (60, -50), (60, -50))
    assert "m" in desk.inner_text("#draw-size")
    desk.click("#draw-form button.btn-primary")
    desk.wait_for_selector("#record-map")

    assert Safeguard.objects.get().geometry.num_coords == 3


def test_what_is_refused_keeps_what_was_drawn(desk, live_server, pond):
    open_page(desk, live_server, "hazards:place_new", pond)
    desk.fill("[name=label]", "Far away")
    desk.fill("#draw-typed", "11.79, 106.59")
    desk.press("#draw-typed", "Tab")
    desk.click("#draw-form button.btn-primary")
    desk.wait_for_selector(".text-danger, .alert-danger, [role=alert]")

    assert "m from the water" in desk.inner_text("#draw-form")
    assert "106.59" in desk.input_value("[name=drawn]")
    assert desk.input_value("[name=label]") == "Far away"
    assert not AccessPlace.objects.exists()
