"""The same water twice: weighed, asked about, merged with all that hangs on it, and taken apart."""

import uuid
from types import SimpleNamespace

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.scoping import scope_for
from hazards import errors
from hazards.duplicates.matching import DIFFERENT, SAME, Geometry, Record, match
from hazards.models import HazardPhoto, SafeguardObservation, WaterHazard
from hazards.selectors.duplicates import likely_pairs, similar_hazards
from hazards.selectors.pair_pictures import PicturedPair, with_pictures
from hazards.services.assessment import assess
from hazards.services.merging import current, followers, keep_apart, merge, undo_merge
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import (
    DepthObservationFactory,
    HazardFactory,
    SafeguardFactory,
    SafeguardObservationFactory,
    WaiverFactory,
)
from tests.factories.places import UnitFactory

LAT_M = 1 / 110_574  # degrees of latitude in a metre


def pond(unit, metres_north=0.0, **values):
    at = Point(106.55, 11.75 + metres_north * LAT_M, srid=4326)
    usual = {"kind": "pond", "geometry": at, "source": "", "position_accuracy_m": 10.0}
    return HazardFactory(unit=unit, **(usual | values))


@pytest.fixture
def unit(db):
    return UnitFactory()


@pytest.fixture
def inspector(unit):
    user = UserFactory()
    MembershipFactory(user=user, unit=unit, role="inspector")
    return user


names = st.sampled_from(["", "ao sen", "ao sen 2", "ho da", "ao ong tu"])
records = st.builds(
    Record, kind=st.sampled_from(["pond", "lake", "well", "canal"]), name_plain=names,
    sigma_m=st.floats(5, 60), source=st.sampled_from(["", "a", "b"]),
)  # fmt: skip


@given(one=records, other=records, apart=st.floats(0, 150), density=st.floats(1e-7, 1e-3))
def test_it_does_not_matter_which_comes_first(one, other, apart, density):
    lie = Geometry(distance_m=apart, density_per_m2=density)
    assert match(one, other, lie) == match(other, one, lie)


@given(one=records, other=records, near=st.floats(0, 100), more=st.floats(0, 100))
def test_further_apart_is_never_likelier(one, other, near, more):
    scores = [match(one, other, Geometry(distance_m=d)).score for d in (near, near + more)]
    assert scores[1] <= scores[0]


@pytest.mark.parametrize(
    ("one", "other", "lie", "verdict"),
    [
        # the same name and ten metres apart
        (("pond", "ao sen"), ("pond", "ao sen"), {"distance_m": 10.0}, SAME),
        # numbers tell ponds of one owner apart, however close
        (("pond", "ao so 1"), ("pond", "ao so 2"), {"distance_m": 5.0}, DIFFERENT),
        # a well beside a canal
        (("well", ""), ("canal", ""), {"distance_m": 5.0}, DIFFERENT),
        # one outline drawn twice, named by one hand only
        (("lake", "ho da"), ("pond", ""), {"distance_m": 0.0, "overlap": 0.7}, SAME),
        # far apart, though of one name
        (("pond", "ao sen"), ("pond", "ao sen"), {"distance_m": 140.0}, DIFFERENT),
    ],
)
def test_cases_that_can_be_argued(one, other, lie, verdict):
    sides = [Record(kind=kind, name_plain=name, sigma_m=10.0) for kind, name in (one, other)]
    assert match(*sides, Geometry(**lie)).verdict == verdict


def test_pairs_come_up_until_somebody_decides(unit, inspector):
    one, other = pond(unit, name="Ao Sen"), pond(unit, 12, name="ao sen")
    pond(unit, 3000, name="Ao Sen")
    scope = scope_for(inspector)

    [pair] = likely_pairs(scope)
    assert {pair.one, pair.other} == {one, other}
    assert pair.distance_m == pytest.approx(12, abs=0.1)
    keep_apart(one=other, other=one, actor=inspector)
    assert likely_pairs(scope) == []
    assert likely_pairs(scope_for(UserFactory())) == []


def test_outlines_of_one_lake_are_found(unit, inspector):
    west = Polygon.from_bbox((106.55, 11.75, 106.552, 11.752))
    east = Polygon.from_bbox((106.5502, 11.75, 106.5522, 11.752))
    for shape in (west, east):
        shape.srid = 4326
        HazardFactory(unit=unit, kind="lake", name="", geometry=shape, source="")

    [pair] = likely_pairs(scope_for(inspector))
    assert pair.match.verdict == SAME  # 0.0018 of 0.0022 degrees in common


def test_a_pair_is_shown_to_scale_with_the_newest_photo_of_each(unit, inspector, client):
    one, other = pond(unit, name="Ao Sen"), pond(unit, 12, name="ao sen")
    made = {"image_name": "x.jpg", "original_sha256": "0" * 64, "source_kind": "submission"}
    for day in ("2026-02-01", "2026-03-01"):
        photo = HazardPhoto.objects.create(
            hazard=other, taken_on=day, source_uuid=uuid.uuid4(), **made
        )

    [shown] = with_pictures(likely_pairs(scope_for(inspector)))

    # 152 units of the drawing are the 30 m that it shows at least; north is up.
    assert [side.outline.points for side in shown.sides] == [[(100.0, 130.4)], [(100.0, 69.6)]]
    assert [side.photo for side in shown.sides] == [None, photo]
    assert (shown.sides[0].hazard, shown.drawing.scale_m) == (one, 10)
    client.force_login(inspector)
    text = client.get(
        reverse("duplicates:list"), headers={"accept-language": "vi"}
    ).content.decode()
    assert 'cx="100.0" cy="130.4"' in text  # decimal points, also where people read commas
    assert reverse("hazards:photo", args=[photo.public_id, "thumb"]) in text


def test_a_pair_says_in_words_what_speaks_for_one_water_and_what_for_two(unit, inspector, client):
    pond(unit, name="Ao Sen", source="list")
    pond(unit, 8, name="Ao Sen", kind="lake", source="register")

    [shown] = with_pictures(likely_pairs(scope_for(inspector)))
    assert [str(word) for word in shown.speaks_for_one] == [
        "as close together as two readings of one place",
        "names that agree",
    ]
    assert [str(word) for word in shown.speaks_for_two] == ["different kinds"]
    client.force_login(inspector)
    text = client.get(reverse("duplicates:list")).content.decode()
    assert "For two: different kinds" in text
    assert "+3.5" not in text  # an official cannot read weights


@given(one=records, other=records, apart=st.floats(0, 300))
def test_each_part_that_weighs_has_its_word(one, other, apart):
    weighed = match(one, other, Geometry(distance_m=apart))
    shown = PicturedPair(SimpleNamespace(match=weighed), None, [])
    assert len(shown.speaks_for_one) + len(shown.speaks_for_two) == sum(
        weight != 0 for weight in weighed.parts.values()
    )


def test_a_new_water_is_compared_before_it_is_written(unit):
    pond(unit, name="Ao Sen")
    at = Point(106.55, 11.75 + 8 * LAT_M, srid=4326)

    [alike] = similar_hazards(location=at, kind="pond", name="Ao Sen", accuracy_m=8)
    assert (alike.hazard.name, alike.match.verdict) == ("Ao Sen", SAME)
    assert similar_hazards(location=at, kind="canal", name="Kênh Tây") == []


def everything(hazard):
    """Return all rows that hang on a hazard, by table."""
    return {
        f"{field.model._meta.label}.{field.name}": sorted(
            field.model._base_manager.filter(**{field.name: hazard}).values_list("pk", flat=True)
        )
        for field in followers()
    }


def full_pond(unit, metres=0.0):
    hazard = pond(unit, metres)
    safeguard = SafeguardFactory(hazard=hazard)
    SafeguardObservationFactory(hazard=hazard, safeguard=safeguard, duty="sign")
    DepthObservationFactory(hazard=hazard)
    WaiverFactory(hazard=hazard)
    return hazard


def test_merging_moves_all_that_hangs_on_a_hazard_and_undoing_brings_it_back(unit, inspector):
    stays, goes = full_pond(unit), full_pond(unit, 10)
    assess()
    before = {hazard.pk: everything(hazard) for hazard in (stays, goes)}

    done = merge(survivor=stays, merged=goes, actor=inspector, reason="hai phiếu")

    assert not any(everything(goes).values())
    assert {k: len(v) for k, v in everything(stays).items()} == {
        k: len(v) + len(before[goes.pk][k]) for k, v in before[stays.pk].items()
    }
    goes.refresh_from_db()
    assert (goes.lifecycle, current(goes)) == ("duplicate", stays)
    assert goes.assessment.verdict == "out_of_scope"

    late = SafeguardObservationFactory(hazard=stays, duty="barrier")
    undo_merge(merge=done, actor=inspector)

    goes.refresh_from_db()
    assert everything(goes) == before[goes.pk]
    assert (goes.lifecycle, current(goes)) == ("in_use", goes)
    assert SafeguardObservation.objects.get(pk=late.pk).hazard == stays  # written down since
    with pytest.raises(errors.MergeUndoneError):
        undo_merge(merge=done, actor=inspector)


def test_merging_one_after_another_leads_to_the_last(unit, inspector):
    one, two, three = (pond(unit, n * 10) for n in range(3))
    merge(survivor=two, merged=one, actor=inspector)
    merge(survivor=three, merged=two, actor=inspector)

    assert current(one) == three
    for pair in ((one, three), (three, one), (one, one)):
        with pytest.raises(errors.MergeNotPossibleError):
            merge(survivor=pair[0], merged=pair[1], actor=inspector)


def test_a_gap_seen_at_either_stays_a_gap(unit, inspector):
    stays, goes = pond(unit), pond(unit, 10)
    SafeguardObservationFactory(hazard=stays, duty="sign", state="present")
    SafeguardObservationFactory(hazard=goes, duty="sign", state="missing")
    merge(survivor=stays, merged=goes, actor=inspector)

    stays = WaterHazard.objects.get(pk=stays.pk)
    assert stays.assessment.sign == "unmet"


def test_the_page_merges_keeps_apart_and_undoes(unit, inspector, client):
    one, other = pond(unit, name="Ao Sen"), pond(unit, 9, name="Ao Sen")
    client.force_login(inspector)
    page = client.get(reverse("duplicates:list"))
    assert len(page.context["pairs"]) == 1

    client.post(reverse("duplicates:decide"), {
        "one": one.code, "other": other.code, "stays": other.code, "answer": "same",
    })  # fmt: skip
    assert current(one) == other
    answer = client.get(reverse("hazards:record", args=[one.code]))
    assert (answer.status_code, answer["Location"]) == (
        302, reverse("hazards:record", args=[other.code])
    )  # fmt: skip
    [done] = client.get(reverse("duplicates:list")).context["merges"]
    client.post(reverse("duplicates:undo", args=[done.public_id]))
    assert current(one) == one
    client.post(reverse("duplicates:decide"), {
        "one": one.code, "other": other.code, "answer": "apart",
    })  # fmt: skip
    assert client.get(reverse("duplicates:list")).context["pairs"] == []


def test_a_stranger_merges_nothing(unit, inspector, client):
    one, other = pond(unit), pond(unit, 9)
    done = merge(survivor=one, merged=pond(unit, 20), actor=inspector)
    stranger = UserFactory()
    MembershipFactory(user=stranger, unit=UnitFactory(), role="administrator")
    client.force_login(stranger)

    form = {"one": one.code, "other": other.code, "answer": "same"}
    assert client.post(reverse("duplicates:decide"), form).status_code == 404
    assert client.post(reverse("duplicates:undo", args=[done.public_id])).status_code == 404
    assert current(other) == other
