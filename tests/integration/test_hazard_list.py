"""The list of hazards: filters, counts, days gone by, the map beside it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards.models import HazardAssessment
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import DayRows, StoredRows, hazard_rows, rows_for
from hazards.selectors.order import SORTS
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess
from hazards.taxonomy import SEEN_GAPS
from tests.factories.hazard_scenes import Scene, days_ago, make_scene, observe
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db

GAPS = tuple(str(verdict) for verdict in SEEN_GAPS)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def keys_of(scene: Scene, rows) -> list[str]:
    names = {hazard.pk: key for key, hazard in scene.hazards.items()}
    return [names[row.hazard.pk] for row in rows.stream()]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"bare", "fence", "sign", "good", "unseen"}),
        ({"verdicts": GAPS}, {"bare", "fence", "sign"}),
        ({"verdicts": GAPS, "missing": "sign"}, {"bare", "sign"}),
        ({"verdicts": GAPS, "missing": "barrier"}, {"bare", "fence"}),
        ({"missing": "any"}, {"bare", "fence", "sign", "unseen"}),
        ({"missing": "cover"}, set()),
        ({"text": "suoi"}, {"fence", "unseen"}),
        ({"text": "HỒ giai"}, {"fence"}),
        ({"kinds": ("well",)}, set()),
        ({"body": "none"}, {"sign", "unseen"}),
        ({"body": "household"}, {"bare"}),
        ({"days_since_look_min": 12}, {"sign", "good", "unseen"}),
        (
            {"lifecycles": ("in_use",), "real_only": True},
            {"bare", "fence", "sign", "good", "unseen"},
        ),
    ],
)
def test_each_filter_keeps_what_it_says(scene, wanted, found):
    rows = hazard_rows(scene.inspector, HazardFilter(**wanted))

    assert set(keys_of(scene, rows)) == found
    assert rows.count() == len(found)


def test_a_body_is_chosen_by_its_number(scene):
    rows = hazard_rows(scene.inspector, HazardFilter(body=str(scene.company.pk)))

    assert keys_of(scene, rows) == ["fence", "good"]


def test_a_full_code_and_the_beginning_of_one_are_found(scene):
    code = scene.hazards["good"].code

    for text in (code, code.lower(), code.replace("-", ""), code[:10]):
        rows = hazard_rows(scene.inspector, HazardFilter(text=text))
        assert "good" in keys_of(scene, rows), text


def test_children_near_keeps_only_rows_that_have_a_figure(scene):
    HazardAssessment.objects.filter(hazard=scene.hazards["good"]).update(
        children_near=40, children_near_m=200
    )

    assert keys_of(scene, hazard_rows(scene.inspector, HazardFilter(children_near_min=40))) == [
        "good"
    ]
    assert hazard_rows(scene.inspector, HazardFilter(children_near_min=41)).count() == 0


def test_counts_by_verdict_leave_only_the_verdict_out_of_the_filter(scene):
    rows = hazard_rows(scene.inspector, HazardFilter(verdicts=("partly",)))

    assert rows.verdict_counts() == {
        "noncompliant": 1, "partly": 2, "compliant": 1, "not_surveyed": 1,
    }  # fmt: skip
    assert rows.count() == 2


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("missing", ["", "any", "sign"])
def test_kept_verdicts_and_those_worked_out_for_the_day_give_one_list(scene, sort, missing):
    reader = reader_for(scene.inspector)
    wanted = HazardFilter(sort=sort, missing=missing, days_since_look_min=11)

    stored, worked_out = StoredRows(reader, wanted), DayRows(reader, wanted)

    assert keys_of(scene, stored) == keys_of(scene, worked_out)
    assert stored.verdict_counts() == worked_out.verdict_counts()
    assert list(stored.points()) == list(worked_out.points())


def test_a_day_gone_by_has_the_verdicts_and_the_hazards_of_that_day(scene):
    HazardFactory(unit=scene.unit_a, registered_on=timezone.localdate())
    wanted = HazardFilter(as_of=days_ago(12))  # "bare" and "fence" were looked at later

    rows = hazard_rows(scene.inspector, wanted)

    assert rows.count() == 5
    assert rows.verdict_counts() == {"not_surveyed": 3, "partly": 1, "compliant": 1}


def test_a_kept_verdict_that_time_has_overtaken_is_worked_out_anew(scene):
    observe(scene.hazards["good"], days=400, cover="present")
    HazardAssessment.objects.filter(hazard=scene.hazards["bare"]).update(
        verdict="compliant", changes_on=timezone.localdate()
    )

    rows = rows_for(reader_for(scene.inspector), HazardFilter())

    assert isinstance(rows, DayRows)
    assert rows.verdict_counts()["noncompliant"] == 1


def test_the_page_shows_counts_rows_and_files_of_the_same_number(scene, client):
    client.force_login(scene.inspector)

    page = client.get(reverse("hazards:noncompliances"))
    text = page.content.decode()

    assert page.context["page"].total == 3
    assert "3 of 5 hazards" in text
    assert "Export 3 rows" in text
    assert "Beside this list, 1 hazard has not been looked at" in text
    assert "Ao Bình Minh" not in text


def test_an_unreadable_filter_is_named_and_the_others_hold(scene, client):
    client.force_login(scene.inspector)

    page = client.get(reverse("hazards:list"), {"children_min": "many", "q": "suoi"})

    assert "left out of this list" in page.content.decode()
    assert page.context["page"].total == 2
    points = client.get(reverse("hazards:points"), {"children_min": "many"})
    assert points.status_code == 400
    assert "children_min" in points.json()["fields"]


def test_an_empty_list_says_what_would_stand_there(scene, client):
    client.force_login(scene.inspector)

    text = client.get(reverse("hazards:list"), {"q": "nothing like it"}).content.decode()

    assert "No hazard fits these filters" in text


def test_the_map_has_exactly_the_rows_of_the_list(scene, client):
    client.force_login(scene.inspector)
    query = {"verdict": ["partly"], "q": "suoi"}

    page = client.get(reverse("hazards:list"), query)
    answer = client.get(reverse("hazards:points"), query).json()

    assert [row.hazard.code for row in page.context["rows"]] == [
        feature["properties"]["code"] for feature in answer["features"]
    ]
    assert answer["total"] == page.context["page"].total == 1
    assert [outline["is_whole"] for outline in answer["outlines"]] == [True]


def test_the_list_takes_as_many_queries_for_fifty_rows_as_for_five(scene, client):
    client.force_login(scene.inspector)
    addresses = [reverse("hazards:list"), reverse("hazards:noncompliances")]
    taken = {address: _queries(client, address) for address in addresses}
    for _ in range(45):
        observe(HazardFactory(unit=scene.unit_a), days=3, sign="missing")
    assess()

    for address in addresses:
        assert _queries(client, address) == taken[address] <= 26


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_sort_head_turns_the_order_and_keeps_the_filters(scene, client):
    client.force_login(scene.inspector)

    page = client.get(reverse("hazards:list"), {"sort": "name", "missing": "any"})

    assert 'href="?missing=any&amp;sort=-name"' in page.content.decode()


def test_a_page_asks_once_what_its_reader_holds_and_which_unit_is_meant(scene, client):
    client.force_login(scene.inspector)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("hazards:list")).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    assert sum('FROM "accounts_membership"' in sql for sql in asked) == 1
    assert sum('FROM "hazards_responsiblebody"' in sql for sql in asked) == 1


def test_a_right_that_is_taken_away_is_gone_on_the_very_next_page(scene, client):
    client.force_login(scene.inspector)
    assert client.get(reverse("hazards:list")).status_code == 200
    scene.inspector.memberships.all().delete()
    assert client.get(reverse("hazards:list")).status_code == 403
