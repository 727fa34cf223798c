"""Who answers for a hazard, from when and until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hazards.errors import DateOrderError, ReasonMissingError, ResponsibilityOverlapError
from hazards.models import Responsibility
from hazards.services.inventory import update_hazard
from hazards.services.responsibility import (
    end_contractor,
    end_responsibility,
    follow_days,
    name_body,
    replace_body,
    responsible_on,
)
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory

pytestmark = pytest.mark.django_db
START = date(2025, 1, 1)


def _named(hazard, role, body, start=START, end=None):
    return name_body(
        hazard=hazard, body=body, role=role, valid_from=start, valid_to=end, actor=None
    )


def test_the_contractor_leads_until_handover_then_the_operator():
    hazard = HazardFactory()
    owner, operator, builder = ResponsibleBodyFactory.create_batch(3)
    _named(hazard, "owner", owner)
    assert hazard.responsible_body == owner
    _named(hazard, "contractor", builder)
    _named(hazard, "operator", operator, date(2025, 3, 1))
    assert hazard.responsible_body == builder
    assert end_contractor(hazard=hazard, handover_on=date(2025, 6, 1), actor=None) == 1
    assert hazard.responsible_body == operator
    on = {day: responsible_on([hazard.pk], day) for day in (date(2025, 5, 31), date(2025, 6, 1))}
    assert on[date(2025, 5, 31)] == {hazard.pk: builder.pk}
    assert on[date(2025, 6, 1)] == {hazard.pk: operator.pk}
    assert responsible_on([hazard.pk], date(2024, 12, 31)) == {}


def test_a_second_body_of_the_same_role_is_refused_and_named():
    hazard, body = HazardFactory(), ResponsibleBodyFactory(name="Công ty Thủy lợi")
    _named(hazard, "operator", body, end=date(2025, 6, 1))
    with pytest.raises(ResponsibilityOverlapError, match="Công ty Thủy lợi"):
        _named(hazard, "operator", ResponsibleBodyFactory(), date(2025, 5, 31))
    _named(hazard, "operator", ResponsibleBodyFactory(), date(2025, 6, 1))
    assert Responsibility.objects.count() == 2


def test_an_end_asks_for_a_reason_and_a_later_day():
    named = _named(HazardFactory(), "operator", ResponsibleBodyFactory())
    with pytest.raises(ReasonMissingError):
        end_responsibility(named=named, valid_to=date(2025, 2, 1), actor=None, reason=" ")
    with pytest.raises(DateOrderError):
        end_responsibility(named=named, valid_to=START, actor=None, reason="bàn giao")


def test_another_body_takes_over_the_role():
    hazard, new = HazardFactory(), ResponsibleBodyFactory()
    named = _named(hazard, "operator", ResponsibleBodyFactory())
    replace_body(named=named, body=new, on=date(2025, 7, 1), actor=None, reason="quyết định")
    hazard.refresh_from_db()
    assert hazard.responsible_body == new
    assert responsible_on([hazard.pk], date(2025, 6, 30)) == {hazard.pk: named.body_id}


def test_a_body_given_on_the_form_takes_over_from_today():
    hazard, old, new = HazardFactory(), ResponsibleBodyFactory(), ResponsibleBodyFactory()
    _named(hazard, "owner", old)
    update_hazard(hazard=hazard, actor=None, responsible_body=new)
    today = timezone.localdate()
    assert responsible_on([hazard.pk], today) == {hazard.pk: new.pk}
    assert responsible_on([hazard.pk], today - timedelta(days=1)) == {hazard.pk: old.pk}
    assert set(Responsibility.objects.values_list("role", flat=True)) == {"owner"}
    update_hazard(hazard=hazard, actor=None, responsible_body=None)
    assert responsible_on([hazard.pk], today) == {}


def test_the_column_follows_a_day_that_comes():
    hazard, body = HazardFactory(), ResponsibleBodyFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    _named(hazard, "operator", body, tomorrow)
    assert hazard.responsible_body is None
    assert follow_days(until=tomorrow) == 1
    hazard.refresh_from_db()
    assert hazard.responsible_body == body


def test_clearing_the_body_means_that_nobody_answers():
    hazard = HazardFactory()
    _named(hazard, "owner", ResponsibleBodyFactory())
    _named(hazard, "operator", ResponsibleBodyFactory())
    update_hazard(hazard=hazard, actor=None, responsible_body=None)

    assert responsible_on([hazard.pk], timezone.localdate()) == {}
    hazard.refresh_from_db()
    assert hazard.responsible_body is None


def test_a_body_given_on_the_form_answers_until_the_one_named_for_later():
    hazard, now, later = HazardFactory(), ResponsibleBodyFactory(), ResponsibleBodyFactory()
    turn = timezone.localdate() + timedelta(days=30)
    _named(hazard, "operator", later, turn)
    update_hazard(hazard=hazard, actor=None, responsible_body=now)

    assert responsible_on([hazard.pk], turn - timedelta(days=1)) == {hazard.pk: now.pk}
    assert responsible_on([hazard.pk], turn) == {hazard.pk: later.pk}
    assert Responsibility.objects.filter(valid_to=turn, body=now).count() == 1


def test_a_day_of_handover_on_the_form_ends_the_contractor():
    hazard = HazardFactory(lifecycle="under_construction")
    operator, builder = ResponsibleBodyFactory.create_batch(2)
    _named(hazard, "contractor", builder)
    _named(hazard, "operator", operator)
    handover = timezone.localdate() - timedelta(days=3)
    update_hazard(hazard=hazard, actor=None, handover_on=handover, lifecycle="in_use")

    assert responsible_on([hazard.pk], handover - timedelta(days=1)) == {hazard.pk: builder.pk}
    assert responsible_on([hazard.pk], handover) == {hazard.pk: operator.pk}
    hazard.refresh_from_db()
    assert hazard.responsible_body == operator
