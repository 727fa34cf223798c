"""A user of commune A gets nothing of commune B, whatever address he tries.

The addresses come from the site itself: a new one fails this test until it is given the arguments
that would lead to commune B.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import Role
from common.errors import DomainError
from geomath.tiles import tile_at
from hazards.models import SafeguardObservation
from surveys.models import Submission, SubmissionState
from tests.acceptance.two_communes import Commune, content_of, make_commune, make_exposure

_TOKEN = re.compile(rb"[0-9A-Za-z]{64}")  # against forgery, another on every page

pytestmark = pytest.mark.django_db

Arguments = Callable[[Commune], list[dict[str, Any]]]
NONE: Arguments = lambda commune: [{}]  # noqa: E731
CODE: Arguments = lambda commune: [{"code": commune.hazard.code}]  # noqa: E731
PLACE: Arguments = lambda commune: [  # noqa: E731
    {"code": commune.hazard.code, "public_id": commune.place.public_id}
]
RESPONSIBLE: Arguments = lambda commune: [  # noqa: E731
    {"code": commune.hazard.code, "public_id": commune.responsibility.public_id}
]
ATTACHMENT: Arguments = lambda commune: [{"public_id": commune.attachment.public_id}]  # noqa: E731
HELD: Arguments = lambda commune: [{"public_id": commune.held.public_id}]  # noqa: E731
SAFEGUARD: Arguments = lambda commune: [  # noqa: E731
    {"code": commune.hazard.code, "public_id": commune.safeguard.public_id}
]
SUBMISSION: Arguments = lambda commune: [{"public_id": commune.submission.public_id}]  # noqa: E731
IMPORT: Arguments = lambda commune: [{"public_id": commune.import_job.public_id}]  # noqa: E731
CANDIDATE: Arguments = lambda commune: [{"public_id": commune.candidate.public_id}]  # noqa: E731
FORMATS = ["csv", "xlsx", "geojson"]

# How each address is led to a commune. Every address of the site must stand here.
ADDRESSES: dict[str, Arguments] = {
    "home": NONE,
    "health": NONE,
    "set_language": NONE,
    "accounts:login": NONE,
    "accounts:logout": NONE,
    "accounts:unit_search": NONE,
    "hazards:list": NONE,
    "hazards:points": NONE,
    "hazards:noncompliances": NONE,
    "hazards:noncompliances_print": NONE,
    "hazards:export": lambda commune: [
        {"list_name": name, "format_name": kind}
        for name in ("hazards", "noncompliances")
        for kind in FORMATS
    ],
    "hazards:photo": lambda commune: [
        {"public_id": commune.photo.public_id, "size": size} for size in ("full", "thumb")
    ],
    "hazards:rulebook": NONE,
    "hazards:changes": NONE,
    "hazards:compare": NONE,
    "hazards:undo": NONE,
    "hazards:check_list": NONE,
    "hazards:history": CODE,
    "hazards:rule_draft": NONE,
    "hazards:rule_end": lambda commune: [{"public_id": commune.photo.public_id}],
    "hazards:record": CODE,
    "hazards:edit": CODE,
    "hazards:observe": CODE,
    "scanned": CODE,
    "hazards:labels": NONE,
    "hazards:label": CODE,
    "hazards:bulk": NONE,
    "hazards:responsible": CODE,
    "hazards:responsible_end": RESPONSIBLE,
    "hazards:attach": CODE,
    "hazards:attachment": ATTACHMENT,
    "hazards:attachment_withdraw": ATTACHMENT,
    "hazards:new": NONE,
    "hazards:split": CODE,
    "hazards:shape": CODE,
    "hazards:shape_drop": CODE,
    "hazards:place_new": CODE,
    "hazards:place": PLACE,
    "hazards:place_withdraw": PLACE,
    "hazards:safeguard_new": CODE,
    "hazards:safeguard": SAFEGUARD,
    "surveys:near_me": NONE,
    "surveys:nearby": NONE,
    "surveys:capture": NONE,
    "surveys:sent": NONE,
    "surveys:receipt": SUBMISSION,
    "surveys:queue": NONE,
    "surveys:review": SUBMISSION,
    "surveys:decide": SUBMISSION,
    "surveys:decide_many": NONE,
    "surveys:voice": lambda commune: [{"public_id": commune.voice.public_id}],
    "surveys:original": lambda commune: [{"public_id": commune.survey_photo.public_id}],
    "surveys:photo": lambda commune: [
        {"public_id": commune.survey_photo.public_id, "size": size}
        for size in ("image", "thumbnail")
    ],
    "units:search": NONE,
    "units:unit": lambda commune: [{"unit_id": commune.unit.pk}],
    "bodies:list": NONE,
    "bodies:merge": NONE,
    "bodies:apart": lambda commune: [{"public_id": commune.responsibility.body.public_id}],
    "duplicates:list": NONE,
    "duplicates:decide": NONE,
    "duplicates:undo": lambda commune: [{"public_id": commune.photo.public_id}],
    "imports:list": NONE,
    "imports:template": NONE,
    "imports:job": IMPORT,
    "imports:step": IMPORT,
    "imports:remarks": IMPORT,
    "field:app": NONE,
    "field:service_worker": NONE,
    "field:manifest": NONE,
    "field:certificate": NONE,
    "field:campaigns": NONE,
    "field:campaign": lambda commune: [{"public_id": commune.campaign.public_id}],
    "field:devices": NONE,
    "field:invite": NONE,
    "field:join": lambda commune: [{"token": "unknown"}],
    "field:take_sealed": NONE,
    "field:revoke": lambda commune: [{"public_id": commune.device.public_id}],
    "field:held": HELD,
    "field:replay": HELD,
    "field:api_devices": NONE,
    "field:api_pack": NONE,
    "field:api_visits": NONE,
    "field:api_visit": lambda commune: [{"client_uuid": commune.submission.client_uuid}],
    "field:api_file": lambda commune: [{"sha256": "0" * 64}],
    "field:api_roll_call": NONE,
    "candidates:queue": NONE,
    "candidates:reject_many": NONE,
    "candidates:completeness": NONE,
    "candidates:candidate": CANDIDATE,
    "candidates:decide": CANDIDATE,
    "maps:overview": NONE,
    "maps:figures_state": NONE,
    "maps:gaps": NONE,
    "maps:gaps_export": lambda commune: [{"format_name": kind} for kind in FORMATS[:2]],
    "maps:what_if": NONE,
    "maps:near_hazard": CODE,
    "maps:what_if_figures": NONE,
    "maps:runs": NONE,
    "maps:runs_part": NONE,
    "maps:start_run": NONE,
    "maps:start_trend": NONE,
    "maps:dataset_preview": lambda commune: [{"sha256": "0" * 64}],
    "maps:webmap": NONE,
    "maps:areas": NONE,
    "maps:hazard_tile": lambda commune: [
        {"z": z, "x": x, "y": y} for z, x, y in _tiles_of(commune)
    ],
}


def _tiles_of(commune: Commune) -> list[tuple[int, int, int]]:
    lon, lat = commune.hazard.location.x, commune.hazard.location.y
    found = [tile_at(lon, lat, z) for z in (0, 9, 14)]
    return [(tile.z, tile.x, tile.y) for tile in found]


def _names(resolver: URLResolver, room: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue  # for superusers only; see the test below
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else room)
        elif isinstance(pattern, URLPattern):
            yield f"{room}{pattern.name}"


@pytest.fixture
def communes() -> tuple[Commune, Commune]:
    a = make_commune("Ánh Dương", place=0, tree_left=11)
    b = make_commune("Bình Minh", place=1, tree_left=22)
    make_exposure([a, b])
    return a, b


def _addresses_of(commune: Commune) -> Iterator[str]:
    """Every address that could show the commune, with the filters that ask for it."""
    asked = f"unit={commune.unit.pk}&hazard={commune.hazard.code}&q={commune.hazard.code}"
    asked += f"&within=200&lat={commune.hazard.location.y}&lon={commune.hazard.location.x}"
    for name, arguments in ADDRESSES.items():
        for kwargs in arguments(commune):
            address = reverse(name, kwargs=kwargs)
            yield address
            yield f"{address}?{asked}"


def _leaks(client: Client, address: str, secrets: list[str]) -> list[str]:
    body = content_of(client.get(address))
    # What the user typed may be shown to him again: his own words are taken out first.
    return [word for word in secrets if _stands_in(word, body) and word not in address]


def _stands_in(word: str, body: bytes) -> bool:
    """Say whether a page, a tile, a sheet or a JSON answer with escapes holds the word."""
    return word.encode() in body or json.dumps(word)[1:-1].encode() in body


def test_every_address_of_the_site_is_tried() -> None:
    assert set(_names(get_resolver())) == set(ADDRESSES)


@pytest.mark.parametrize("role", list(Role))
def test_nothing_of_commune_b_reaches_a_user_of_commune_a(
    communes: tuple[Commune, Commune], role: Role, client: Client
) -> None:
    a, b = communes
    client.force_login(a.users[role])

    leaks = {address: _leaks(client, address, b.secrets) for address in _addresses_of(b)}

    assert {address: words for address, words in leaks.items() if words} == {}


def test_the_same_addresses_do_show_it_to_its_own_users(
    communes: tuple[Commune, Commune], client: Client
) -> None:
    b = communes[1]
    shown: set[str] = set()
    for user in b.users.values():
        client.force_login(user)
        shown |= {
            address.split("?")[0]
            for address in _addresses_of(b)
            if _leaks(client, address, b.secrets)
        }

    # Lists, records, exports, tiles, review: the test above would see a leak at any of them.
    for name in (
        "hazards:list",
        "hazards:noncompliances",
        "surveys:queue",
        "maps:gaps",
        "maps:areas",
        "candidates:queue",
    ):
        assert reverse(name) in shown, name
    for name in ("hazards:record", "surveys:review", "hazards:export"):
        assert any(reverse(name, kwargs=kwargs) in shown for kwargs in ADDRESSES[name](b)), name
    assert any("/tiles/hazards/14/" in address for address in shown)


@pytest.mark.parametrize("name", ["hazards:photo", "surveys:photo", "surveys:original"])
def test_photos_of_b_are_files_for_b_and_absent_for_a(
    communes: tuple[Commune, Commune], name: str, client: Client
) -> None:
    a, b = communes
    address = reverse(name, kwargs=ADDRESSES[name](b)[0])

    client.force_login(b.users[Role.REVIEWER])
    own = client.get(address)
    assert (own.status_code, content_of(own)[:3]) == (200, b"\xff\xd8\xff")

    client.force_login(a.users[Role.REVIEWER])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_posting_to_addresses_of_b_changes_nothing(
    communes: tuple[Commune, Commune], role: Role, client: Client
) -> None:
    a, b = communes
    client.force_login(a.users[role])
    client.raise_request_exception = False
    seen_before = SafeguardObservation.objects.filter(hazard=b.hazard).count()
    form = {
        "action": "reject", "decision": "accepted", "reason": "other", "name": "Đổi tên",
        "kind": "pond", "lifecycle": "filled", "observed_on": "2026-01-01", "sign_state": "present",
        "hazard": b.hazard.code,
    }  # fmt: skip

    answers = {
        address: client.post(address, form).status_code
        for name in ("hazards:edit", "hazards:observe", "surveys:decide", "candidates:decide")
        for address in (reverse(name, kwargs=ADDRESSES[name](b)[0]),)
    }

    assert set(answers.values()) <= {403, 404}
    b.hazard.refresh_from_db()
    assert b.hazard.name == "Ao bí mật Bình Minh"
    b.candidate.refresh_from_db()
    assert b.candidate.state == "new"
    assert Submission.objects.get(pk=b.submission.pk).state == SubmissionState.RECEIVED
    assert SafeguardObservation.objects.filter(hazard=b.hazard).count() == seen_before


def test_absent_and_forbidden_look_the_same(
    communes: tuple[Commune, Commune], client: Client
) -> None:
    a, b = communes
    client.force_login(a.users[Role.INSPECTOR])

    forbidden = client.get(reverse("hazards:record", args=[b.hazard.code]))
    absent = client.get(reverse("hazards:record", args=["AT-9999999-9"]))

    assert (forbidden.status_code, absent.status_code) == (404, 404)
    pages = [_TOKEN.sub(b"", content_of(page)) for page in (forbidden, absent)]
    assert pages[0].replace(b.hazard.code.encode(), b"AT-9999999-9") == pages[1]


def test_a_stranger_is_sent_to_sign_in(communes: tuple[Commune, Commune], client: Client) -> None:
    public = {"health", "set_language", "accounts:login", "accounts:logout"}
    public |= {
        "field:service_worker",
        "field:manifest",
        "field:certificate",
        "field:join",
    }  # nobody's data
    by_token = {name for name in ADDRESSES if name.startswith("field:api_")}
    for name, arguments in ADDRESSES.items():
        if name in public:
            continue
        for kwargs in arguments(communes[1]):
            response = client.get(reverse(name, kwargs=kwargs))
            refusals = {401, 302, 405} if name in by_token else {302, 405}
            assert response.status_code in refusals, name
            if response.status_code == 302:
                assert response["Location"].startswith("/accounts/login/"), name


def test_the_admin_is_closed_to_every_role(
    communes: tuple[Commune, Commune], client: Client
) -> None:
    for user in communes[0].users.values():
        client.force_login(user)
        assert client.get("/admin/hazards/waterhazard/").status_code == 302


def test_errors_are_domain_errors_with_their_own_codes() -> None:
    codes = [kind.code for kind in DomainError.__subclasses__()]

    assert len(codes) == len(set(codes))
