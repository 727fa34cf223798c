"""The page of responsible bodies: counts by area, spellings put together and taken apart."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from hazards.models import HazardAssessment, Responsibility, ResponsibleBody, WaterHazard
from hazards.services.assessment import assess
from hazards.services.bodies import find_or_create_body
from hazards.services.body_merging import (
    BodyMergeError,
    BodyOutsideAreaError,
    BodyStandsForOthersError,
    merge_bodies,
    unmerge_body,
)
from history.services.verifying import verify
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.hazard_scenes import make_scene
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Beside the company of the scene, its name as another office writes it, with one pond."""
    made = make_scene()
    ResponsibleBody.objects.filter(pk=made.company.pk).update(name_plain="cong ty thuy loi")
    made.spelling = ResponsibleBodyFactory(
        name="Cty TNHH MTV Thuỷ lợi", name_plain="cty tnhh mtv thuy loi"
    )
    made.pond = HazardFactory(unit=made.unit_a, name="Ao mới", responsible_body=made.spelling)
    Responsibility.objects.create(
        hazard=made.pond, body=made.spelling, role="operator", valid_from=timezone.localdate()
    )
    assess()
    return made


def everywhere_inspector(scene):
    user = user_with_role(Role.INSPECTOR, scene.unit_a)
    MembershipFactory(user=user, role=Role.INSPECTOR, unit=scene.unit_b)
    return user


def page_of(client, user, **query):
    client.force_login(user)
    return client.get(reverse("bodies:list"), query, headers={"accept-language": "en"})


def test_bodies_stand_with_their_gaps_and_households_do_not(client, scene):
    answer = page_of(client, scene.inspector)
    rows = {
        row.body.name: (row.hazards, row.gaps, row.unknown) for row in answer.context["page"].rows
    }
    # In commune A the company has one partly and one compliant hazard; the third lies in B.
    assert rows == {"Công ty Thủy lợi": (2, 1, 0), "Cty TNHH MTV Thuỷ lợi": (1, 0, 1)}
    assert scene.household.name not in answer.text
    assert "One body, written differently?" in answer.text
    found = page_of(client, scene.inspector, q="thuy loi cong").context["page"]
    assert found.rows == []
    assert len(page_of(client, scene.inspector, q="CÔNG TY thuy").context["page"].rows) == 1


def test_spellings_are_put_together_and_taken_apart(client, scene):
    everywhere = everywhere_inspector(scene)
    client.force_login(everywhere)
    client.post(reverse("bodies:merge"), {
        "stays": scene.company.public_id,
        "spelling": [scene.company.public_id, scene.spelling.public_id],
    })  # fmt: skip
    assert WaterHazard.objects.get(pk=scene.pond.pk).responsible_body == scene.company
    assert Responsibility.objects.get(hazard=scene.pond).body == scene.company
    assert find_or_create_body(name="cty tnhh mtv thuy loi") == scene.company
    answer = page_of(client, everywhere)
    assert "also written Cty TNHH MTV Thuỷ lợi" in answer.text
    assert len(answer.context["page"].rows) == 1
    # Found by the other spelling too.
    assert len(page_of(client, everywhere, q="mtv").context["page"].rows) == 1

    client.post(reverse("bodies:apart", args=[scene.spelling.public_id]))
    assert WaterHazard.objects.get(pk=scene.pond.pk).responsible_body == scene.spelling
    assert Responsibility.objects.get(hazard=scene.pond).body == scene.spelling
    assert ResponsibleBody.objects.get(pk=scene.spelling.pk).merged_into is None
    assert verify().faults == []


def test_nobody_merges_what_reaches_beyond_his_area(client, scene):
    WaterHazard.objects.filter(pk=scene.hazards["other"].pk).update(responsible_body=scene.spelling)
    with pytest.raises(BodyOutsideAreaError, match="1 hazards outside"):
        merge_bodies(survivor=scene.company, merged=scene.spelling, actor=scene.inspector)
    assert WaterHazard.objects.get(pk=scene.pond.pk).responsible_body == scene.spelling


def test_a_body_is_not_merged_twice_nor_with_itself(scene):
    with pytest.raises(BodyMergeError):
        merge_bodies(survivor=scene.company, merged=scene.company, actor=scene.inspector)
    merge_bodies(survivor=scene.company, merged=scene.spelling, actor=scene.inspector)
    with pytest.raises(BodyMergeError):
        merge_bodies(survivor=scene.company, merged=scene.spelling, actor=scene.inspector)
    with pytest.raises(BodyMergeError):
        merge_bodies(survivor=scene.spelling, merged=scene.company, actor=scene.inspector)


def test_what_was_changed_since_stays_when_taken_apart(scene):
    merge_bodies(survivor=scene.company, merged=scene.spelling, actor=scene.inspector)
    WaterHazard.objects.filter(pk=scene.pond.pk).update(responsible_body=None)
    unmerge_body(merged=scene.spelling, actor=everywhere_inspector(scene))
    assert WaterHazard.objects.get(pk=scene.pond.pk).responsible_body is None


def test_a_planner_sees_no_button_and_cannot_merge(client, scene):
    answer = page_of(client, scene.planner)
    assert reverse("bodies:merge") not in answer.text
    refused = client.post(reverse("bodies:merge"), {"stays": scene.company.public_id})
    assert refused.status_code == 403


def test_a_body_named_elsewhere_in_the_past_is_not_merged_either(scene):
    """It leads nowhere outside the area today, and yet its name stands in records there."""
    Responsibility.objects.create(
        hazard=scene.hazards["other"],
        body=scene.spelling,
        role="owner",
        valid_from=timezone.localdate() - timedelta(days=90),
        valid_to=timezone.localdate() - timedelta(days=30),
    )
    with pytest.raises(BodyOutsideAreaError, match="1 hazards outside"):
        merge_bodies(survivor=scene.company, merged=scene.spelling, actor=scene.inspector)


def test_what_stands_for_others_is_not_put_under_a_third(scene):
    third = ResponsibleBodyFactory(name="CT Thủy lợi", name_plain="ct thuy loi")
    everywhere = everywhere_inspector(scene)
    merge_bodies(survivor=scene.company, merged=scene.spelling, actor=everywhere)
    with pytest.raises(BodyStandsForOthersError, match="other spellings"):
        merge_bodies(survivor=third, merged=scene.company, actor=everywhere)
    merge_bodies(survivor=scene.company, merged=third, actor=everywhere)
    unmerge_body(merged=scene.spelling, actor=everywhere)
    assert WaterHazard.objects.get(pk=scene.pond.pk).responsible_body == scene.spelling


def test_what_ran_out_or_has_no_known_depth_is_not_passed_over(client, scene):
    """A body with nothing but overdue checks must not look as if all were well."""
    HazardAssessment.objects.filter(hazard=scene.pond).update(verdict="expired")
    other = HazardFactory(unit=scene.unit_a, responsible_body=scene.spelling)
    assess([other.pk])
    HazardAssessment.objects.filter(hazard=other).update(verdict="depth_unknown")
    rows = page_of(client, scene.inspector).context["page"].rows
    [row] = [row for row in rows if row.body == scene.spelling]
    assert (row.hazards, row.gaps, row.unknown) == (2, 0, 2)
