"""The capture page in a real browser: position, photo, double tap, broken connection."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.roles import Role
from hazards.services.assessment import assess
from surveys.models import Submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import photo_bytes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.acceptance,
    pytest.mark.browser,
]

HERE = {"latitude": 11.75, "longitude": 106.55, "accuracy": 9}


@pytest.fixture
def unit():
    return UnitFactory(place=0)


@pytest.fixture
def phone(open_context, live_server, client, unit):
    """A phone with a signed-in surveyor, standing in the middle of his commune."""
    surveyor = user_with_role(Role.SURVEYOR, unit)
    client.force_login(surveyor)
    context = open_context(
        width=390, height=844, language="en", geolocation=HERE, permissions=["geolocation"]
    )
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "en"}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    yield page
    assert page.failures == []


def take_photo(page, subject="site", name="IMG_1.jpg", **look):
    data = photo_bytes(lat=HERE["latitude"], lon=HERE["longitude"], **look)
    page.locator(f"input[data-subject={subject}]").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": data}]
    )


def choose(page, name, value):
    page.locator(f"label:has([name={name}][value={value}])").click()


def test_a_new_place_is_reported_with_position_and_two_photos(phone, live_server, unit):
    phone.goto(live_server.url + reverse("surveys:capture"))
    phone.wait_for_selector("[data-position-line][data-quality=good]")
    assert "9 m" in phone.inner_text("[data-position-line]")
    assert phone.inner_text("[data-send-words]") == "Take a photo first"
    assert phone.is_disabled("[data-send]")

    take_photo(phone)
    take_photo(phone, "sign", "IMG_2.jpg", colour=(9, 9, 9))
    assert phone.inner_text("[data-send-words]") == "Send 2 photos"
    choose(phone, "new_kind", "pond")
    choose(phone, "sign_state", "missing")
    choose(phone, "barrier_state", "partial")
    choose(phone, "depth_class", "gt_2")
    phone.locator("[data-send]").dblclick()
    phone.wait_for_selector(".receipt-code")

    visit = Submission.objects.get()
    assert (visit.new_kind, visit.sign_state, visit.barrier_state) == ("pond", "missing", "partial")
    assert (visit.position.y, visit.position.x) == (HERE["latitude"], HERE["longitude"])
    assert (visit.position_accuracy_m, visit.position_is_manual) == (9.0, False)
    assert sorted(visit.photos.values_list("subject", flat=True)) == ["sign", "site"]
    call_command("process_photos", verbosity=0)
    assert [photo.flags for photo in visit.photos.all()] == [[], []]


def test_a_broken_connection_keeps_everything_and_the_next_press_sends(phone, live_server, unit):
    hazard = HazardFactory(unit=unit)
    assess([hazard.pk])
    phone.goto(f"{live_server.url}{reverse('surveys:capture')}?hazard={hazard.code}")
    phone.wait_for_selector("[data-position-line][data-quality]")
    take_photo(phone)
    phone.fill("#note", "Cổng để mở")

    phone.route("**/surveys/capture/**", lambda route: route.abort())
    phone.locator("[data-send]").click()
    phone.wait_for_selector("[data-refusal]:not([hidden])")
    assert "Nothing is lost" in phone.inner_text("[data-refusal-text]")
    assert Submission.objects.count() == 0
    phone.unroute("**/surveys/capture/**")
    phone.locator("[data-send]").click()
    phone.wait_for_selector(".receipt-code")

    visit = Submission.objects.get()
    assert (visit.hazard, visit.note) == (hazard, "Cổng để mở")
    assert visit.photos.count() == 1


def test_a_refusal_is_told_in_words_and_the_photos_stay(phone, live_server, unit):
    phone.goto(live_server.url + reverse("surveys:capture"))
    phone.wait_for_selector("[data-position-line][data-quality=good]")
    take_photo(phone)

    phone.locator("[data-send]").click()
    phone.wait_for_selector("[data-refusal]:not([hidden])")

    assert "Choose what kind of place this is." in phone.inner_text("[data-refusal-text]")
    assert phone.locator("[data-tray=site] img").count() == 1


def test_a_well_is_asked_for_its_cover(phone, live_server, unit):
    phone.goto(live_server.url + reverse("surveys:capture"))
    choose(phone, "new_kind", "well")

    assert phone.is_visible("fieldset[data-duty=cover]")
    assert phone.is_hidden("fieldset[data-duty=barrier]")


def test_a_known_place_nearby_is_offered(phone, live_server, unit):
    at = unit.geometry.point_on_surface
    hazard = HazardFactory(unit=unit, name="Ao nhà ông Sáu", geometry=at, location=at)
    assess([hazard.pk])
    phone.goto(live_server.url + reverse("surveys:capture"))

    phone.wait_for_selector("[data-same-place]:not([hidden])")

    assert "Ao nhà ông Sáu" in phone.inner_text("[data-same-place-list]")


def test_near_me_measures_from_where_the_phone_is(phone, live_server, unit):
    at = unit.geometry.point_on_surface
    hazard = HazardFactory(unit=unit, name="Ao nhà ông Sáu", geometry=at, location=at)
    assess([hazard.pk])

    phone.goto(live_server.url + reverse("surveys:near_me"))
    phone.wait_for_selector(".card-row .far")

    assert phone.inner_text(".card-row .far") == "0 m"
    assert phone.locator("#near-map .leaflet-marker-icon").count() == 1


def test_a_phone_that_keeps_its_position_gets_the_list_of_the_area(
    open_context, live_server, client, unit
):
    hazard = HazardFactory(unit=unit, name="Ao nhà ông Sáu")
    assess([hazard.pk])
    client.force_login(user_with_role(Role.SURVEYOR, unit))
    context = open_context(width=390, language="en")  # no permission for the position
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()

    page.goto(live_server.url + reverse("surveys:near_me"))
    page.wait_for_function(
        "document.querySelector('[data-position-line]').textContent.includes('list of your area')"
    )

    assert "Ao nhà ông Sáu" in page.inner_text("#near-list")
