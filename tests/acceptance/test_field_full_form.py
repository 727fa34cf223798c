"""On the phone: a photo or a reason for each safeguard, the full form, and words spoken."""

from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.test import Client

from accounts.roles import Role
from hazards.models import DepthObservation, SafeguardObservation
from surveys.models import Submission, VoiceNote
from surveys.services.review import accept_submission
from tests.acceptance.test_field_app import phone, pond, wait_until_sent  # noqa: F401 - fixtures
from tests.factories.accounts import user_with_role

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.acceptance,
    pytest.mark.browser,
]
FAKE_VOICE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def test_what_is_there_is_shown_or_a_reason_is_given(phone, pond):  # noqa: F811
    page = phone.open()
    page.wait_for_selector(".row")
    page.click(".row")
    phone.shoot((10, 90, 140))
    phone.choose("sign_state", "present")
    phone.choose("barrier_state", "partial")
    assert "Photo or reason: Warning sign" in page.inner_text(".stick button")
    assert page.is_disabled(".stick button")
    phone.shoot((200, 30, 30), "sign")
    assert "Photo or reason: Barrier" in page.inner_text(".stick button")
    page.select_option(".lacking select", "not_reachable")
    page.wait_for_selector(".stick button:enabled")

    page.click("summary:has-text('The fence')")
    page.fill("[data-detail=barrier_height_m]", "1,1")
    page.fill("[data-detail=barrier_widest_gap_mm]", "120")
    page.click("summary:has-text('The water')")
    page.fill("[data-detail=max_depth_m]", "999")
    assert "from 0 to 250" in page.inner_text("label:has([data-detail=max_depth_m])")
    page.fill("[data-detail=max_depth_m]", "2.4")
    page.click("[data-detail=level_today][data-value=high]")
    page.click(".stick button")
    page.wait_for_selector(".sent")
    wait_until_sent(page)

    survey = Submission.objects.get()
    assert survey.skipped_shots == {"barrier": "not_reachable"}
    assert survey.details == {
        "barrier_height_m": 1.1, "barrier_widest_gap_mm": 120, "max_depth_m": 2.4,
        "level_today": "high",
    }  # fmt: skip
    assert sorted(survey.photos.values_list("subject", flat=True)) == ["sign", "site"]
    assert phone.errors == []
    survey.photos.update(state="done")
    accept_submission(reviewer=user_with_role(Role.REVIEWER, pond.unit), public_id=survey.public_id)
    fence = SafeguardObservation.objects.get(duty="barrier")
    assert (fence.height_m, fence.widest_gap_mm) == (1.1, 120)
    assert float(DepthObservation.objects.get().depth_m) == 2.4
    phone.close()


def test_spoken_words_arrive_like_a_photo_and_are_no_photo(phone, pond):  # noqa: F811
    page = phone.open(flags=FAKE_VOICE)
    page.wait_for_selector(".row")
    page.click(".row")
    page.click(".voice")
    page.wait_for_selector(".voice[aria-pressed=true]")
    page.wait_for_timeout(1500)
    page.click(".voice")
    page.wait_for_selector(".shots .spoken audio")
    assert page.is_disabled(".stick button")  # a voice is no photo
    phone.shoot((10, 90, 140))
    phone.choose("sign_state", "missing")
    page.click(".stick button")
    wait_until_sent(page)
    page.click("[data-go=outbox]")
    told = page.inner_text(".sent .line[data-state=complete]")
    assert told == "All on the server, 1 photo with it · voice note sent"  # one photo, not two

    note, survey = VoiceNote.objects.get(), Submission.objects.get()
    assert note.media_type == "audio/webm"
    assert note.submission == survey
    assert (survey.photos_expected, survey.photos.count()) == (1, 1)
    with storages["originals"].open(note.original_name) as file:
        assert len(file.read()) == note.size_bytes > 500
    assert phone.errors == []
    phone.close()


def test_on_a_shared_phone_nobody_sends_the_visits_of_another(phone, pond):  # noqa: F811
    page = phone.open()
    page.wait_for_selector(".row")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    first = phone.session
    phone.context.set_offline(True)
    page.click(".row")
    phone.shoot((10, 90, 140))
    phone.choose("sign_state", "missing")
    page.click(".stick button")
    page.wait_for_selector(".sent")
    phone.close()

    other = user_with_role(Role.SURVEYOR, pond.unit)
    desk = Client()  # another browser: the first one's session stays
    desk.force_login(other)
    phone.session = desk.cookies["sessionid"].value
    page = phone.open()
    page.wait_for_selector(".row")
    page.click("[data-go=outbox]")
    page.click(".big")
    page.wait_for_timeout(1500)
    assert "is sent when" in page.inner_text(".sent")
    assert not Submission.objects.exists()
    phone.close()

    phone.session = first
    wait_until_sent(phone.open())
    assert Submission.objects.get().surveyor != other
    phone.close()
