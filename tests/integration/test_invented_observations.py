"""Invented observations: marked as such, never beside real ones, the same for the same seed."""

import io

import pytest
from django.core.management import CommandError, call_command

from hazards.models import DepthObservation, SafeguardObservation, WaterHazard
from hazards.services.invention import NOTE
from hazards.taxonomy import Verdict
from tests.factories.hazard_scenes import observe
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db


def invent(count: int, seed: int = 7, **more) -> str:
    told = io.StringIO()
    call_command("invent_observations", count=count, seed=seed, lang="en", stdout=told, **more)
    return told.getvalue()


def told_hazards() -> set[int]:
    return set(SafeguardObservation.objects.values_list("hazard", flat=True))


def test_each_record_says_that_it_is_invented():
    ponds = [HazardFactory(kind="pond", source="s", source_id=str(n)) for n in range(6)]

    said = invent(4)

    assert "for 4 hazards (0 had theirs before)" in said
    assert len(told_hazards()) == 4
    assert told_hazards() <= {pond.pk for pond in ponds}
    for model in (SafeguardObservation, DepthObservation):
        marks = set(model.objects.values_list("is_synthetic", "source_kind", "note", "observer"))
        assert marks <= {(True, "invented", NOTE, None)}
    assert SafeguardObservation.objects.count() == 8  # sign and barrier of four ponds


def test_a_repeat_writes_nothing_and_more_are_added_to_the_same_ones():
    for n in range(6):
        HazardFactory(kind="pond", source="s", source_id=str(n))
    invent(2)
    first = told_hazards()

    assert "for 0 hazards (2 had theirs before): 0 records" in invent(2)
    assert "for 3 hazards (2 had theirs before)" in invent(5)
    assert first < told_hazards()


def test_what_somebody_really_saw_is_left_alone():
    seen, unseen = HazardFactory(kind="pond"), HazardFactory(kind="pond")
    observe(seen, 10, sign="missing")

    invent(1)

    assert set(SafeguardObservation.objects.filter(source_kind="invented").values_list(
        "hazard", flat=True)) == {unseen.pk}  # fmt: skip
    with pytest.raises(CommandError, match="Only 1 hazards are under a rule"):
        invent(2)


def test_waters_under_no_rule_are_not_told_about():
    HazardFactory(kind="pool")
    HazardFactory(kind="pond", lifecycle="filled")

    with pytest.raises(CommandError, match="Only 0 hazards"):
        invent(1)
    assert not SafeguardObservation.objects.exists()


def test_a_well_is_told_about_its_cover_only():
    HazardFactory(kind="well")

    invent(1)

    assert set(SafeguardObservation.objects.values_list("duty", flat=True)) == {"cover"}


def test_the_verdicts_follow():
    HazardFactory.create_batch(20, kind="pond")

    invent(20)

    verdicts = set(WaterHazard.objects.values_list("assessment__verdict", flat=True))
    assert {Verdict.COMPLIANT, Verdict.NONCOMPLIANT} <= verdicts


@pytest.mark.parametrize("words", [["--count=0"], ["--count=x"], ["--until=2999-01-01"]])
def test_words_that_make_no_sense_are_refused(words):
    given = {"--count": "--count=1", "--seed": "--seed=7"}
    given |= {word.split("=")[0]: word for word in words}

    with pytest.raises(CommandError):
        call_command("invent_observations", *given.values(), stdout=io.StringIO())
