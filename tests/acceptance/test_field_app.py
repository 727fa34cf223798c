"""The field app in a real browser: no signal, killed at random moments, and everything arrives."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from accounts.roles import Role
from field.models import Device, FieldVisit
from hazards.services.assessment import assess
from surveys.models import Submission, SurveyPhoto
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
VISITS = 20


@pytest.fixture
def pond():
    hazard = HazardFactory(unit=UnitFactory(place=0), name="Ao làng Sen")
    assess()
    return hazard


@pytest.fixture
def phone(browser, live_server, client, pond, tmp_path):
    """A phone whose storage outlives its browser: open() starts the browser again."""
    surveyor = user_with_role(Role.SURVEYOR, pond.unit)
    client.force_login(surveyor)
    return Phone(browser, live_server.url, client.cookies["sessionid"].value, tmp_path / "phone")


class Phone:
    def __init__(self, browser, url, session, folder):
        self.kind, self.url, self.session, self.folder = browser.browser_type, url, session, folder
        self.context = self.page = None
        self.errors = []

    def open(self, *, offline=False, flags=()):
        from tests.conftest import CHROMIUM_FLAGS, chromium_path

        self.context = self.kind.launch_persistent_context(
            str(self.folder), executable_path=chromium_path(), args=[*CHROMIUM_FLAGS, *flags],
            viewport={"width": 390, "height": 844}, geolocation=HERE,
            permissions=["geolocation", "microphone"], locale="en",
        )  # fmt: skip
        self.context.add_cookies(
            [
                {"name": "sessionid", "value": self.session, "url": self.url},
                {"name": "django_language", "value": "en", "url": self.url},
            ]
        )
        self.context.set_offline(offline)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(self.url + reverse("field:app"))
        self.page.wait_for_selector("#screen-title")
        return self.page

    def close(self):
        self.context.close()

    def kill(self):
        """kill -9 the browser: nothing is closed, nothing is flushed."""
        for pid in processes_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def shoot(self, colour, subject="site"):
        data = photo_bytes(lat=HERE["latitude"], lon=HERE["longitude"], colour=colour)
        before = self.page.locator(".shots li").count()
        self.page.locator(f"input[data-subject={subject}]").first.set_input_files(
            [{"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": data}]
        )
        self.page.wait_for_function(
            "n => document.querySelectorAll('.shots li').length > n", arg=before
        )
        return hashlib.sha256(data).hexdigest()

    def choose(self, name, value):
        self.page.locator(f"label:has([name={name}][value={value}])").click()


def processes_of(folder):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def wait_until_sent(page):
    page.click("[data-go=outbox]")
    page.wait_for_selector(".sent")
    for _round in range(40):
        left = page.locator(".sent [data-state]:not([data-state=complete])").count()
        if left == 0:
            assert page.locator(".big").count() == 0  # nothing is offered to be sent
            return
        if page.locator(".big").count():  # the list is drawn anew with each visit that is sent
            with suppress(Error):
                page.click(".big", timeout=1000)
        page.wait_for_timeout(400)
    pytest.fail("not everything was sent")


def test_a_visit_is_captured_sent_and_both_sides_agree_on_the_receipt(phone, pond):
    page = phone.open()
    page.wait_for_selector(".row")
    assert pond.name in page.inner_text(".rows")
    page.click(".row")
    assert page.is_disabled(".stick button")
    digest = phone.shoot((10, 90, 140))
    phone.choose("sign_state", "missing")
    phone.choose("barrier_state", "missing")
    page.click(".stick button")
    wait_until_sent(page)

    visit = FieldVisit.objects.get()
    told = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", page.inner_text(".sent")).group()
    from field.services.visits import receipt_code

    assert told == receipt_code(str(visit.client_uuid), visit.body_sha256, [digest])
    submission = visit.submission
    assert (submission.hazard, submission.sign_state) == (pond, "missing")
    seen = submission.position.y, submission.position.x
    assert seen == pytest.approx((HERE["latitude"], HERE["longitude"]))
    assert SurveyPhoto.objects.get().sha256 == digest
    assert Device.objects.get().unsent_visits == 0
    assert phone.errors == []
    phone.close()


def test_visits_without_signal_outlive_killed_browsers_and_arrive_once(phone, pond):
    dice = random.Random(7)
    phone.open()  # once with signal: signed in, area and app on the phone
    phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.page.wait_for_selector(".row")
    phone.kill()

    hashes, saved = [], 0
    page = phone.open(offline=True)
    for number in range(VISITS):
        page.click("[data-go=home]")
        page.wait_for_selector(".row")
        page.click(".row")
        hashes.append(phone.shoot((number * 11 % 256, 40, 90)))
        if dice.random() < 0.25:  # in the middle of a visit, the photo just taken
            phone.kill()
            page = phone.open(offline=True)
            page.click("[data-go=outbox]")
            page.click("text=Go on")
            page.wait_for_selector(".shots li")
        phone.choose("sign_state", "missing")
        page.click(".stick button")
        page.wait_for_selector(".sent")
        saved += 1
        if dice.random() < 0.2:  # just after "kept" was shown
            phone.kill()
            page = phone.open(offline=True)
    assert not Submission.objects.exists()
    page.click("[data-go=outbox]")
    page.wait_for_selector(".sent")
    assert page.locator(".sent [data-state=ready]").count() == VISITS

    phone.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)

    assert Submission.objects.count() == FieldVisit.objects.count() == VISITS == saved
    assert sorted(SurveyPhoto.objects.values_list("sha256", flat=True)) == sorted(hashes)
    receipts = re.findall(r"Receipt ([0-9A-F]{4}-[0-9A-F]{4})", page.inner_text(".rows"))
    assert len(set(receipts)) == VISITS
    assert phone.errors == []
    phone.close()


def test_a_round_under_way_is_waited_for_before_anything_is_said(phone, pond):
    page = phone.open()
    page.wait_for_selector(".row")
    held = []
    page.route("**/api/visits/*/", lambda route: held.append(route))
    page.click(".row")
    phone.shoot((1, 2, 3))
    phone.choose("sign_state", "missing")
    with page.expect_request("**/api/visits/*/"):
        page.click(".stick button")
    page.wait_for_selector(".sent")
    page.click(".big")  # while the app sends by itself
    page.wait_for_timeout(300)
    assert page.inner_text("#said") == "Sending…"

    held[0].continue_()
    page.unroute("**/api/visits/*/")
    page.wait_for_function("document.querySelector('#said').textContent !== 'Sending…'")
    assert page.inner_text("#said") == "Everything is sent"
    assert Submission.objects.count() == 1
    phone.close()


def test_a_sign_in_page_of_a_wifi_is_no_receipt(phone, pond):
    page = phone.open()
    page.wait_for_selector(".row")
    page.route(
        "**/api/visits/*/", lambda route: route.fulfill(status=200, body="<html>Log in</html>")
    )
    page.click(".row")
    phone.shoot((1, 2, 3))
    phone.choose("sign_state", "missing")
    page.click(".stick button")
    page.wait_for_selector(".sent .error")

    assert "No true receipt" in page.inner_text(".sent")
    assert page.locator(".sent [data-state=ready]").count() == 1
    page.unroute("**/api/visits/*/")
    wait_until_sent(page)
    assert Submission.objects.count() == 1
    phone.close()


def test_what_is_unsent_leaves_as_a_sealed_file_that_opens_with_its_password(phone, pond, tmp_path):
    from field.services.sealed import open_sealed

    phone.open()
    phone.page.wait_for_selector(".row")
    phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    page = phone.page
    page.click(".row")
    digest = phone.shoot((77, 7, 7))
    phone.choose("sign_state", "missing")
    page.click(".stick button")
    page.wait_for_selector(".sent")
    page.click("[data-go=phone]")
    page.on("dialog", lambda dialog: dialog.accept("mật khẩu dài"))
    with page.expect_download() as waiting:
        page.click("text=Make the file")
    sealed = tmp_path / "out.sealed"
    waiting.value.save_as(sealed)

    told = open_sealed(sealed.read_bytes(), password="mật khẩu dài")

    assert json.loads(told["visits"][0]["body"])["sign_state"] == "missing"
    assert told["photos"][0]["sha256"] == digest
    phone.close()
