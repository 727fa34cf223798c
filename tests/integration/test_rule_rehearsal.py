"""A draft rule tried out on the register: what would change, and that nothing was written."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Action, Role
from accounts.scoping import scope_for
from common.errors import NotFoundError
from common.sidebyside import side_by_side
from hazards import errors
from hazards.models import ComplianceRule, HazardAssessment
from hazards.services.assessment import assess, assessments_on
from hazards.services.rehearsal import DraftRule, draft_of, rehearse
from hazards.services.rules import add_rule
from hazards.taxonomy import HazardKind
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory, SafeguardObservationFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


def pool_rule(**values) -> DraftRule:
    given = {
        "rule_code": "pools",
        "title_vi": "Bể bơi phải có rào chắn",
        "title_en": "Pools must have a barrier",
        "kinds": ("pool",),
        "duties": ("barrier",),
        "valid_from": timezone.localdate(),
    }
    return DraftRule(**(given | values))


@pytest.fixture
def units():
    return UnitFactory(name="Một", place=0, tree_left=11), UnitFactory(
        name="Hai", place=1, tree_left=22
    )


@pytest.fixture
def six(units):
    """Six hazards, one of them between 0.5 and 1 m deep and seen without a sign."""
    first, second = units
    shallow = HazardFactory(unit=first, depth_class="0_5_to_1")
    SafeguardObservationFactory(hazard=shallow, state="missing")
    HazardFactory(unit=first, depth_class="lt_0_5")
    HazardFactory(unit=first)
    HazardFactory(unit=second, depth_class="unknown")
    HazardFactory(unit=second, kind="pool")
    HazardFactory(unit=second, kind="well")
    assess()
    return units


def test_half_a_metre_moves_the_one_shallow_pond(six):
    found = rehearse(draft_of("deep-water", min_depth_m=Decimal("0.5")))

    assert found.changes == {("out_of_scope", "noncompliant"): 1}
    assert [(one.unit, one.changed, one.total) for one in found.units] == [(six[0], 1, 3)]
    # out of scope: two shallow ponds and the pool; nobody has looked at the other three
    assert found.before == {"not_surveyed": 3, "out_of_scope": 3}
    assert found.after == {"noncompliant": 1, "not_surveyed": 3, "out_of_scope": 2}
    assert (found.in_scope_before, found.in_scope_after, found.total) == (3, 4, 6)


@pytest.mark.parametrize("how", ["none kept", "overtaken"])
def test_verdicts_that_are_not_kept_for_today_are_worked_out(six, how):
    draft = draft_of("deep-water", min_depth_m=Decimal("0.5"))
    from_kept = rehearse(draft)
    if how == "none kept":
        HazardAssessment.objects.all().delete()
    else:
        HazardAssessment.objects.update(verdict="waived", changes_on=timezone.localdate())

    assert rehearse(draft) == from_kept


def test_hamlets_count_in_their_commune(six):
    hamlet = UnitFactory(name="Ấp 1", level="hamlet", parent=six[0], place=0, tree_left=12)
    HazardFactory.create_batch(2, unit=hamlet, depth_class="0_5_to_1")

    found = rehearse(draft_of("deep-water", min_depth_m=Decimal("0.5")))

    assert [(one.unit, one.changed, one.total) for one in found.units] == [(six[0], 3, 5)]


def test_a_new_rule_brings_the_pool_in(six):
    found = rehearse(pool_rule())

    assert found.changes == {("out_of_scope", "not_surveyed"): 1}
    assert [one.unit for one in found.units] == [six[1]]


def test_the_same_rule_again_changes_nothing_also_on_a_later_day(six):
    draft = draft_of("deep-water", valid_from=timezone.localdate() + timedelta(days=400))

    found = rehearse(draft)

    assert (found.changed, found.units, found.on) == (0, [], draft.valid_from)


def test_nothing_is_written(six):
    def everything():
        tables = (ComplianceRule, HazardAssessment, AuditEntry)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = everything()
    rehearse(draft_of("deep-water", min_depth_m=Decimal("0.5")))
    rehearse(pool_rule())

    assert everything() == before


def test_only_what_the_user_may_see_is_counted(six):
    user = user_with_role(Role.ADMINISTRATOR, six[1])
    draft = draft_of("deep-water", min_depth_m=Decimal("0.5"))

    found = rehearse(draft, scope=scope_for(user, Action.ADMINISTER))

    assert (found.changed, found.units, found.total) == (0, [], 3)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (lambda: pool_rule(kinds=()), errors.RuleEmptyError),
        (lambda: pool_rule(kinds=("pond",)), errors.RulesOverlapError),
        (lambda: pool_rule(valid_months={"barrier": 0}), errors.RuleMonthsError),
        (lambda: draft_of("deep-water", valid_from=date(2000, 1, 1)), errors.RuleOrderError),
        (lambda: draft_of("no-such-rule"), NotFoundError),
    ],
)
def test_what_could_not_be_signed_is_not_rehearsed(draft, error):
    with pytest.raises(error):
        rehearse(draft())


@pytest.mark.parametrize("seed", range(6))
def test_a_rehearsal_says_what_signing_does(units, seed):
    chance = random.Random(seed)
    today = timezone.localdate()
    for _ in range(40):
        hazard = HazardFactory(
            unit=chance.choice(units),
            kind=chance.choice(["pond", "lake", "pool", "well", "river_spot"]),
            depth_class=chance.choice(["lt_0_5", "0_5_to_1", "1_to_2", "gt_2", "unknown"]),
        )
        for duty in ("sign", "barrier", "cover"):
            if chance.random() < 0.6:
                SafeguardObservationFactory(
                    hazard=hazard,
                    duty=duty,
                    state=chance.choice(["present", "present", "missing", "partial"]),
                    observed_on=today - timedelta(days=chance.randrange(500)),
                )
    deep_kinds = tuple(draft_of("deep-water").kinds)
    draft = draft_of(
        "deep-water",
        kinds=chance.choice([deep_kinds, (*deep_kinds, "pool"), ("pond",)]),
        duties=chance.choice([("sign",), ("barrier",), ("sign", "barrier", "cover")]),
        min_depth_m=chance.choice([None, Decimal("0.5"), Decimal("2")]),
        valid_months={"sign": chance.randrange(1, 24), "barrier": chance.randrange(1, 24)},
        valid_from=today + timedelta(days=chance.choice([0, 30, 200])),
    )
    assess()
    before = {row.hazard_id: row.verdict for row in assessments_on(draft.valid_from)}
    said = rehearse(draft)

    add_rule(**draft.values(), actor=None)

    after = {row.hazard_id: row.verdict for row in assessments_on(draft.valid_from)}
    moved = [(before[pk], after[pk]) for pk in before if before[pk] != after[pk]]
    assert said.changes == {pair: moved.count(pair) for pair in set(moved)}
    assert (sum(said.before.values()), said.changed) == (40, len(moved))
    assert set(HazardKind.values) >= set(draft.kinds)


def test_the_command_says_it_in_words_and_for_programs(six):
    out = StringIO()
    call_command("rehearse_rule", rule="deep-water", min_depth="0.5", lang="en", stdout=out)
    assert "change on" in out.getvalue()
    assert "1 of 6; communes touched: 1. Nothing was written." in out.getvalue()

    out = StringIO()
    call_command("rehearse_rule", rule="deep-water", sign_months=1, json=True, stdout=out)
    assert json.loads(out.getvalue())["changed"] == 0


@pytest.mark.parametrize("wrong", [{"rule": "none"}, {"rule": "deep-water", "min_depth": "x"}])
def test_the_command_refuses_what_it_cannot_read(wrong):
    with pytest.raises(CommandError):
        call_command("rehearse_rule", **wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "processes"), [("deep-water", 2), ("pools", 1)])
def test_two_processes_say_together_what_one_says(six, units, code, processes, monkeypatch):
    HazardFactory(unit=units[1], kind="lake", depth_class="0_5_to_1")
    assess()
    draft = draft_of(code, min_depth_m=Decimal("0.5")) if code == "deep-water" else pool_rule()
    alone = rehearse(draft)
    asked = []

    def noted(questions):
        asked.append(len(questions))
        return side_by_side(questions)

    monkeypatch.setattr("hazards.services.assessment.MANY_HAZARDS", 1)
    monkeypatch.setattr("hazards.services.assessment.side_by_side", noted)
    assert rehearse(draft) == alone
    assert (alone.total, asked) == (7, [processes])
    assert alone.changed > 0


@pytest.mark.django_db(transaction=True)
def test_what_another_process_refuses_is_raised_here():
    def wrong():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with pytest.raises(DataError):
        side_by_side([wrong, lambda: None])
