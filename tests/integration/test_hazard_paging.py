"""Pages of a list follow one another without a gap or a double, in every order and both ways."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards.models import HazardAssessment, WaterHazard
from hazards.selectors import counted, first_keys, listing
from hazards.selectors.filters import HazardFilter
from hazards.selectors.order import SORTS
from hazards.selectors.pages import Cursor, along_the_order, by_itself, read_cursor
from hazards.selectors.past import PastRows
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
HOW_MANY = 23


@pytest.fixture
def reader():
    """The reader of a register in which many rows are alike, and some know nothing."""
    bodies = [None, *(ResponsibleBodyFactory(kind=kind) for kind in ("company", "household"))]
    units = [UnitFactory(), UnitFactory()]
    for n in range(HOW_MANY):
        HazardFactory(
            name=f"Ao {n % 4}", kind=["pond", "lake", "canal"][n % 3], unit=units[n % 2],
            responsible_body=bodies[n % 3],
        )  # fmt: skip
    assess()
    verdicts = ["noncompliant", "not_surveyed", "compliant", "partly"]
    for n, kept in enumerate(HazardAssessment.objects.order_by("pk")):
        kept.verdict = verdicts[n % 4]
        kept.children_near = [None, 0, 7.5][n % 3]
        kept.last_observed_on = [None, date(2026, 1, 1), date(2026, 2, 2)][(n // 2) % 3]
        kept.save()
    user = UserFactory()
    for unit in units:
        MembershipFactory(user=user, unit=unit, role="inspector")
    return reader_for(user)


def walk(rows, size):
    """Return the codes from page to page to the end, and then back again."""
    page = rows.page(size)
    there, pages = [row.hazard.code for row in page.rows], [page]
    while page.next_cursor:
        page = rows.page(size, read_cursor(page.next_cursor, ""))
        assert page.start_index == len(there) + 1
        there += [row.hazard.code for row in page.rows]
        pages.append(page)
    for earlier in reversed(pages[:-1]):
        page = rows.page(size, read_cursor("", page.previous_cursor))
        assert page == earlier
    assert page.previous_cursor is None
    return there


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("days_ago", [0, 1])
def test_pages_hold_every_row_once_in_the_order_of_the_files(reader, sort, days_ago):
    day = timezone.localdate() - timedelta(days=days_ago)
    WaterHazard.objects.update(registered_on=date(2025, 1, 1))
    rows = listing.rows_for(reader, HazardFilter(sort=sort, as_of=day))
    assert isinstance(rows, PastRows) == bool(days_ago)

    codes = walk(rows, 5)

    assert codes == [row.hazard.code for row in rows.stream()]
    assert codes == [row.hazard.code for row in rows.first(HOW_MANY)]
    assert len(set(codes)) == HOW_MANY == rows.count()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(("walked", "few"), [(20_000, 5), (4, 5), (20_000, 2_000)])
@pytest.mark.parametrize("text", ["", "ao"])
def test_pages_are_the_same_however_their_rows_are_found(
    reader, monkeypatch, sort, walked, few, text
):
    """Along the order, gathered where that would go too far, or gathered at once."""
    monkeypatch.setattr(first_keys, "WALKED_ROWS", walked)
    monkeypatch.setattr(counted, "COUNTED_ROWS", few)
    monkeypatch.setattr(counted, "LOOKED_THROUGH", 10)
    rows = listing.rows_for(reader, HazardFilter(sort=sort, kinds=("pond", "canal"), text=text))

    codes = walk(rows, 5)

    assert codes == [row.hazard.code for row in rows.stream()]
    assert len(set(codes)) == sum(rows.exact_counts().values()) == 15


def test_rows_without_a_figure_stand_last_both_ways(reader):
    for sort in ("children", "-children"):
        rows = listing.rows_for(reader, HazardFilter(sort=sort)).first(HOW_MANY)
        known = [row.children_near for row in rows if row.children_near is not None]
        assert [row.children_near for row in rows][: len(known)] == known
        assert known == sorted(known, reverse=sort == "children")


def test_a_row_that_came_or_went_moves_no_other(reader):
    rows = listing.rows_for(reader, HazardFilter())
    page = rows.page(5)
    second = rows.page(5, read_cursor(page.next_cursor, ""))
    page.rows[2].hazard.delete()

    assert rows.page(5, read_cursor(page.next_cursor, "")).rows == second.rows


@pytest.mark.parametrize("text", ["", "x", "AT-0000001-9", "AT-0000001-9~x", "AT-9999999-9~5", "~"])
def test_a_cursor_that_says_nothing_shows_the_first_page(reader, text):
    rows = listing.rows_for(reader, HazardFilter())

    assert rows.page(5, read_cursor(text, "")).start_index == 1


def test_a_cursor_of_somebody_elses_hazard_tells_nothing_of_it(reader):
    hidden = HazardFactory(unit=UnitFactory())
    rows = listing.rows_for(reader, HazardFilter())

    assert rows.page(5, Cursor(hidden.code, 3)) == rows.page(5)


def test_a_large_register_counts_a_search_as_far_as_is_quick(reader, client, monkeypatch):
    monkeypatch.setattr(counted, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(counted, "COUNTED_ROWS", 5)
    rows = listing.rows_for(reader, HazardFilter(text="ao"))

    assert rows.is_cut
    assert (rows.count(), rows.page(4).is_cut) == (6, True)
    assert sum(rows.exact_counts().values()) == HOW_MANY
    assert not rows.is_cut
    few = listing.rows_for(reader, HazardFilter(text="ao 3"))
    assert (few.is_cut, few.count()) == (False, 5)
    begun = listing.rows_for(reader, HazardFilter(text="a"))
    assert (begun.is_cut, begun.count()) == (True, 6)
    none = listing.rows_for(reader, HazardFilter(text="ao xa"))
    assert (none.count(), none.page(4).rows) == (0, [])

    user = UserFactory()
    MembershipFactory(user=user, unit=UnitFactory(), role="inspector")
    client.force_login(user)
    assert client.get(reverse("hazards:list"), {"q": "ao"}).context["page"].total == 0


def test_a_verdict_that_none_of_the_counted_has_is_looked_for_all_the_same(reader, monkeypatch):
    monkeypatch.setattr(counted, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(counted, "COUNTED_ROWS", 5)
    last = WaterHazard.objects.order_by("pk").last()
    HazardAssessment.objects.filter(hazard=last).update(verdict="waived")
    rows = listing.rows_for(reader, HazardFilter(text="ao", verdicts=("waived",)))

    assert rows.is_cut
    assert [row.hazard for row in rows.page(4).rows] == [last]


@pytest.mark.parametrize("is_rare_at_first", [False, True])
def test_what_is_common_is_counted_among_the_first_if_it_is_common_there(
    reader, monkeypatch, is_rare_at_first
):
    monkeypatch.setattr(counted, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(counted, "COUNTED_ROWS", 5)
    WaterHazard.objects.update(kind="pond")
    if is_rare_at_first:
        first = list(WaterHazard.objects.order_by("pk").values_list("pk", flat=True)[:8])
        WaterHazard.objects.filter(pk__in=first).update(kind="lake")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hazards_waterhazard, hazards_hazardassessment")
    fitting = WaterHazard.objects.filter(kind="pond", assessment__isnull=False)

    with CaptureQueriesContext(connection) as queries:
        found = counted.count_some(fitting, HOW_MANY)

    assert (sum(found.by_verdict.values()), found.keys) == (6, None)
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(reads) == 1 + is_rare_at_first
    rare = counted.count_some(WaterHazard.objects.filter(name="Ao 3"), HOW_MANY)
    assert (sum(rare.by_verdict.values()), len(rare.keys)) == (5, 5)


def test_what_the_planner_may_use_is_set_back_to_what_it_was_even_one_within_another(db):
    def settings():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('enable_seqscan'), current_setting('enable_bitmapscan'), "
                "current_setting('max_parallel_workers_per_gather')"
            )
            return cursor.fetchone()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 1")
    with by_itself():
        assert settings() == ("on", "on", "0")
        with along_the_order():
            assert settings() == ("off", "off", "0")
        assert settings() == ("on", "on", "0")
    assert settings() == ("on", "on", "1")
