"""Pages for people who use a keyboard, a screen reader or little light: axe finds nothing on them.

What axe cannot see (whether words make sense, whether an order is sensible) still wants a person.
"""

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.acceptance.two_communes import make_commune, make_exposure

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
OF_THE_OFFICE = [
    "home", "maps:overview", "maps:webmap", "maps:gaps", "maps:what_if", "maps:runs",
    "hazards:list", "hazards:noncompliances", "hazards:new", "hazards:rulebook",
    "hazards:changes", "hazards:compare", "hazards:bulk", "imports:list", "candidates:queue",
    "duplicates:list", "bodies:list", "units:search", "surveys:queue", "field:devices",
    "field:campaigns",
]  # fmt: skip
OF_THE_FIELD = ["surveys:near_me", "surveys:sent", "field:app"]


@pytest.fixture
def commune(live_server):
    made = make_commune("Xã Bình An", 0, 1)
    make_exposure([made])
    return made


def faults_of(page) -> list[str]:
    """Run axe over the page as it stands; one line a rule, with the first place that breaks it."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']} ({fault['impact']}, {len(fault['nodes'])}): {fault['nodes'][0]['html']}"
        for fault in found["violations"]
    ]


def opened(open_context, live_server, user, **options):
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = open_context(**options)
    cookies = {
        settings.SESSION_COOKIE_NAME: session,
        settings.LANGUAGE_COOKIE_NAME: options.get("language", "vi"),
    }
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    return context.new_page()


@pytest.mark.parametrize(("width", "language"), [(1440, "vi"), (390, "vi"), (1440, "en")])
def test_axe_finds_nothing_on_the_pages_of_the_office(
    commune, open_context, live_server, width, language
):
    user = commune.users[Role.ADMINISTRATOR]
    page = opened(open_context, live_server, user, width=width, language=language)
    addresses = [reverse(name) for name in OF_THE_OFFICE]
    addresses += [
        reverse(f"hazards:{name}", args=[commune.hazard.code])
        for name in ("record", "shape", "responsible", "edit", "observe", "history")
    ]
    addresses.append(reverse("surveys:review", args=[commune.submission.public_id]))

    told = {}
    for address in addresses:
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        if faults := faults_of(page):
            told[address] = faults
    assert told == {}


def test_the_months_of_water_can_be_hit_with_a_thumb(commune, open_context, live_server):
    user = commune.users[Role.ADMINISTRATOR]
    page = opened(open_context, live_server, user, width=390, language="vi")
    page.goto(live_server.url + reverse("hazards:edit", args=[commune.hazard.code]))

    group = page.get_by_role("group", name="Các tháng có nước")
    boxes = [label.bounding_box() for label in group.locator("label").all()]
    assert len(boxes) == 12
    assert min(box["height"] for box in boxes) >= 40
    assert len({box["x"] for box in boxes}) > 1  # beside each other, not twelve lines


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_the_pages_of_the_field(commune, open_context, live_server, language):
    user = commune.users[Role.SURVEYOR]
    page = opened(open_context, live_server, user, width=390, language=language)
    addresses = [reverse(name) for name in OF_THE_FIELD]
    addresses.append(f"{reverse('surveys:capture')}?hazard={commune.hazard.code}")

    told = {}
    for address in addresses:
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        page.wait_for_timeout(500)
        if faults := faults_of(page):
            told[address] = faults
    assert told == {}
