"""What an import writes is judged by one of each kind of row; judging every row says the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import connection

from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.models import HazardAssessment, WaterHazard
from hazards.services.assessment import assess, assess_range, reassess
from hazards.services.counts import check_counts
from tests.factories.hazard_scenes import observe
from tests.factories.hazards import HazardFactory
from tests.factories.places import SIDE, SOUTH, WEST, UnitFactory

pytestmark = pytest.mark.django_db

KINDS = ("pond", "canal", "well", "reservoir_irr", "construction", "pool")
STATES = ("in_use", "under_construction", "planned", "filled")
DEPTHS = ("", "0.4", "1", "1.01", "2.5")


def _file(folder: Path, rows: int) -> Path:
    rng = random.Random(3)
    lines = ["source_id,name,kind,state,max_depth_m,lon,lat"]
    lines += [
        f"r{n},Ao {n},{rng.choice(KINDS)},{rng.choice(STATES)},{rng.choice(DEPTHS)},"
        f"{WEST + SIDE * rng.uniform(0.1, 0.9):.5f},{SOUTH + SIDE * rng.uniform(0.1, 0.9):.5f}"
        for n in range(rows)
    ]
    path = folder / "rows.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _verdicts() -> dict[int, tuple[object, ...]]:
    names = [f.attname for f in HazardAssessment._meta.concrete_fields if f.name != "hazard"]
    rows = HazardAssessment.objects.values_list("hazard_id", *names)
    return {row[0]: row[1:] for row in rows}


def test_every_row_of_an_import_has_the_verdict_that_it_would_get_by_itself(tmp_path):
    UnitFactory(place=0)
    options = ImportOptions(
        path=_file(tmp_path, 600), source="s", crs="4326", lifecycle_field="state"
    )
    report = import_hazards(options)
    assert (report.taken, report.refused) == (600, 0)
    kept = _verdicts()
    assert len(kept) == 600
    assert len({row[1:3] for row in kept.values()}) > 1
    assert assess().changed == []
    HazardAssessment.objects.all().delete()
    assess()
    assert _verdicts() == kept


@pytest.mark.parametrize("is_alone", [False, True])
def test_what_somebody_has_seen_among_them_is_judged_by_itself(is_alone):
    seen, *others = [HazardFactory(kind="pond", max_depth_m=2, depth_class="1_to_2") for _ in "abc"]
    observe(seen, 3, sign="missing", barrier="missing")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM hazards_hazardassessment")
    keys = sorted(WaterHazard.objects.values_list("pk", flat=True))
    assess_range(keys[0], keys[-1], is_alone=is_alone)
    kept = dict(HazardAssessment.objects.values_list("hazard_id", "verdict"))
    assert kept[seen.pk] == "noncompliant"
    assert {kept[other.pk] for other in others} == {"not_surveyed"}
    assert assess().changed == []


@pytest.mark.parametrize("is_alone", [False, True])
def test_a_verdict_that_is_there_already_stays_as_it_is(is_alone):
    hazards = [HazardFactory(kind="pond") for _ in "abc"]
    reassess([hazards[1].pk])
    HazardAssessment.objects.filter(hazard=hazards[1]).update(children_near=7)
    assess_range(hazards[0].pk, hazards[2].pk, is_alone=is_alone)
    rows = HazardAssessment.objects.order_by("hazard_id")
    assert list(rows.values_list("children_near", flat=True)) == [None, 7, None]
    assert len(set(rows.values_list("verdict", flat=True))) == 1
    assert check_counts() == 0
