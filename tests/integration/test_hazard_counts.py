"""The kept counts are those of the register after any change, by service, in bulk or by hand."""

import random

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from hazards.models import HazardAssessment, HazardCount, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.kept_counts import kept_counts
from hazards.selectors.reader import reader_for
from hazards.services.assessment import assess, assess_range
from hazards.services.bulk_points import BulkPoints, NewPoint, ready_lines
from hazards.services.counts import (
    Likeness,
    check_counts,
    fold_counts,
    verdicts_counted_together,
)
from hazards.taxonomy import Verdict
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


def total(**asked):
    return HazardCount.objects.filter(**asked).aggregate(n=Sum("hazards"))["n"] or 0


def test_a_hazard_is_counted_without_and_then_with_its_verdict():
    hazard = HazardFactory(kind="pond")
    HazardAssessment.objects.filter(hazard=hazard).delete()
    assert (total(verdict=""), total(kind="pond")) == (1, 1)

    assess([hazard.pk])

    assert (total(verdict=""), total(verdict="not_surveyed", kind="pond")) == (0, 1)


def test_changes_by_hand_move_the_count_too():
    hazards = [HazardFactory(kind="pond") for _ in range(3)]
    other, body = UnitFactory(), ResponsibleBodyFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hazards_waterhazard SET unit_id = %s, kind = 'lake', responsible_body_id = %s"
            " WHERE id = %s",
            [other.pk, body.pk, hazards[0].pk],
        )
    assert total(kind="pond") == 2
    assert total(kind="lake", unit=other, has_body=True) == 1

    WaterHazard.objects.filter(pk=hazards[1].pk).delete()
    assert total(kind="pond") == 1
    assert check_counts() == 0


def test_any_series_of_changes_keeps_the_counts_right():
    rng = random.Random(7)
    units = [UnitFactory(), UnitFactory()]
    for _ in range(40):
        hazards = list(WaterHazard.objects.all())
        deed = rng.randrange(5)
        if deed == 0 or len(hazards) < 3:
            HazardFactory(unit=rng.choice(units), kind=rng.choice(["pond", "lake"]))
        elif deed == 1:
            some = [hazard.pk for hazard in rng.sample(hazards, 2)]
            WaterHazard.objects.filter(pk__in=some).update(
                unit=rng.choice(units), lifecycle=rng.choice(["in_use", "filled"])
            )
        elif deed == 2:
            HazardAssessment.objects.update(verdict=rng.choice(Verdict.values))
        elif deed == 3:
            rng.choice(hazards).delete()
        else:
            fold_counts()
    assert WaterHazard.objects.count() == total()
    assert check_counts() == 0


def test_folding_leaves_one_row_for_each_likeness_and_none_that_is_empty():
    unit = UnitFactory()
    for _ in range(3):
        HazardFactory(unit=unit, kind="pond")
    HazardFactory(unit=unit, kind="lake").delete()
    assess()
    before = total()

    fold_counts()

    rows = list(HazardCount.objects.values_list("kind", "verdict", "hazards"))
    assert rows == [("pond", "not_surveyed", 3)]
    assert total() == before == 3


def test_a_wrong_count_is_found_and_mended():
    hazard = HazardFactory(kind="pond")
    HazardCount.objects.filter(kind="pond").update(hazards=5)

    assert check_counts() > 0

    assert (total(unit=hazard.unit), check_counts()) == (1, 0)


def snapshot():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


def statements_while_nothing_happens(reader, wanted):
    """Count the statements of a second look, once no other session of the server, such as a test
    beside this one, ended between the two: then the database has another state to look at.
    """
    for _try in range(100):
        before = snapshot()
        first = kept_counts(reader, wanted)
        with CaptureQueriesContext(connection) as queries:
            assert kept_counts(reader, wanted) == first
        if snapshot() == before:
            return len(queries)
    raise AssertionError("the server was never quiet")


@pytest.mark.django_db(transaction=True)
def test_a_list_shows_every_change_at_once_and_the_count_of_before_while_there_is_none():
    unit, user = UnitFactory(), UserFactory()
    MembershipFactory(user=user, unit=unit, role="inspector")
    reader, wanted = reader_for(user), HazardFilter()
    HazardFactory(unit=unit)
    assess()

    assert kept_counts(reader, wanted) == {"not_surveyed": 1}
    assert statements_while_nothing_happens(reader, wanted) == 2  # the area, and the snapshot
    assert kept_counts(reader, wanted) == {"not_surveyed": 1}
    for n in range(2, 5):
        HazardFactory(unit=unit)
        assess()
        assert kept_counts(reader, wanted) == {"not_surveyed": n}


def test_a_bulk_of_points_is_counted_once_for_all_its_parts():
    unit, body = UnitFactory(), ResponsibleBodyFactory()
    point = NewPoint(106.8, 11.2, "pond", "in_use", "Ao Sen", unit.pk, None, "1", {})
    lines = ready_lines([point, point._replace(kind="lake", source_id="2")])
    more = ready_lines([point._replace(source_id="3")])
    before = HazardCount.objects.count()

    with transaction.atomic():
        bulk = BulkPoints(source="test", is_synthetic=False, actor=None)
        bulk.write(lines, [None, body.pk])
        bulk.write(more, [None])
        assert HazardCount.objects.count() == before  # not yet
        with bulk.settled() as ends:
            first, last = ends

    assert last - first == 2
    stored = WaterHazard.objects.filter(pk__range=(first, last))
    assert {public_id.version for public_id in stored.values_list("public_id", flat=True)} == {7}
    assert total(kind="pond", has_body=False, verdict="", unit=unit) == 2
    assert total(kind="lake", has_body=True, verdict="", unit=unit) == 1
    HazardFactory(kind="pond", unit=unit)  # the trigger counts again
    assess_range(first, last)
    assert total(kind="pond", unit=unit) == 3
    assert check_counts() == 0


def test_a_bulk_that_fails_leaves_counting_as_it_was():
    unit = UnitFactory()
    point = NewPoint(106.8, 11.2, "pond", "in_use", "Ao Sen", unit.pk, None, "1", {})
    bulk = BulkPoints(source="test", is_synthetic=False, actor=None)
    bulk.write(ready_lines([point, point]), [None, None])  # one id twice
    with pytest.raises(IntegrityError), transaction.atomic(), bulk.settled():
        pass
    HazardFactory(kind="pond", unit=unit)
    assert total(kind="pond", unit=unit) == 1
    assert check_counts() == 0


def test_verdicts_between_two_keys_counted_together_are_counted_once():
    """Added, changed and left ones alike, and nothing of the hazards beside."""
    hazards = [HazardFactory() for _n in range(5)]
    kept = HazardAssessment.objects.filter(hazard__in=hazards)
    kept.filter(hazard=hazards[1]).delete()
    kept.filter(hazard=hazards[4]).delete()
    assert check_counts() == 0

    with verdicts_counted_together(hazards[1].pk, hazards[3].pk, {}):
        kept.filter(hazard=hazards[2]).update(verdict="compliant")
        assess_range(hazards[1].pk, hazards[3].pk)
        kept.filter(hazard=hazards[3]).update(verdict="partly")

    assert kept.filter(hazard=hazards[1]).exists()
    assert check_counts() == 0
    kept.filter(hazard=hazards[0]).update(verdict="waived")  # the triggers are on again
    assert check_counts() == 0


def test_hazards_not_counted_yet_are_counted_with_the_verdict_they_are_given():
    """One row a likeness: none counts them as without a verdict, and none takes that back."""
    added = [HazardFactory(kind="pond") for _n in range(3)]
    HazardAssessment.objects.filter(hazard__in=added).delete()
    likenesses = {
        Likeness(hazard.unit_id, hazard.kind, hazard.lifecycle, hazard.is_synthetic, False): 1
        for hazard in added
    }
    HazardCount.objects.all().delete()

    with verdicts_counted_together(added[0].pk, added[-1].pk, likenesses):
        assess_range(added[0].pk, added[1].pk)  # and the third is left without

    assert total(verdict="not_surveyed") == HazardCount.objects.count() - 1 == 2
    assert total(verdict="") == 1
    assert check_counts() == 0


def test_a_bulk_whose_verdicts_nobody_works_out_is_counted_all_the_same():
    unit = UnitFactory()
    bulk = BulkPoints(source="test", is_synthetic=False, actor=None)
    point = NewPoint(106.8, 11.2, "pond", "in_use", "Ao Sen", unit.pk, None, "1", {})

    with transaction.atomic():
        bulk.write(ready_lines([point]), [None])
        with bulk.settled() as ends, bulk.judging(*ends) as is_alone:
            assert not is_alone
            assert total(unit=unit, verdict="") == 1  # from here triggers count the verdicts
    assert total(unit=unit) == 1
    assert check_counts() == 0
