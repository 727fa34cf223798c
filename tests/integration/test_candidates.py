"""Candidates are loaded once, decided once, never judged, and never raised again when rejected."""

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.scoping import scope_for
from candidates import errors
from candidates.loading.found import Found
from candidates.models import Candidate
from candidates.scoring import score, score_parts
from candidates.selectors.completeness import completeness
from candidates.selectors.queue import candidates_of, queue_page
from candidates.services.deciding import confirm, reject, reopen
from candidates.services.loading import Loaded, load_candidates
from candidates.words import Origin
from hazards.models import HazardAssessment, HazardCount, WaterHazard
from hazards.taxonomy import HazardKind
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    square = Polygon.from_bbox((106.0, 11.0, 107.0, 12.0))
    square.srid = 4326
    return UnitFactory(geometry=GEOSGeometry(f"SRID=4326;MULTIPOLYGON({square.wkt[8:]})"))


@pytest.fixture
def inspector(unit):
    user = UserFactory()
    MembershipFactory(user=user, unit=unit, role="inspector")
    return user


def pond(number, lon=106.5, lat=11.5, side=0.001, **values):
    shape = shapely.box(lon, lat, lon + side, lat + side)
    usual = {"kind": HazardKind.POND, "name": "", "shape": shape, "area_m2": 12_000.0}
    return Found(source_id=f"way/{number}", **(usual | values))


def load(waters, tmp_path, *, origin=Origin.OSM, **options):
    path = tmp_path / "waters.geojson"
    path.write_text("{}")
    loaded = Loaded()
    load_candidates(waters, origin=origin, path=path, loaded=loaded, **options)
    return loaded


def test_a_second_load_changes_nothing_and_a_new_outline_is_taken(unit, tmp_path):
    waters = [pond(1), pond(2, lon=106.6, name="Ao Sen"), pond(3, lon=108.0)]
    first = load(waters, tmp_path)
    again = load(waters, tmp_path)
    changed = load([pond(1, side=0.002)], tmp_path)

    assert (first.new, first.outside) == (2, 1)
    assert (again.new, again.seen_again, again.changed, again.outside) == (0, 2, 0, 1)
    assert (changed.new, changed.changed) == (0, 1)
    assert set(Candidate.objects.values_list("unit", flat=True)) == {unit.pk}


def test_what_is_rejected_stays_rejected_whatever_the_source_says(unit, tmp_path, inspector):
    load([pond(1)], tmp_path)
    reject(candidates=Candidate.objects.all(), reason="paddy", actor=inspector)

    again = load([pond(1, side=0.003, name="Ao Mới")], tmp_path)

    candidate = Candidate.objects.get()
    assert (again.new, again.decided, candidate.state) == (0, 1, "rejected")
    assert (candidate.reason, candidate.name, candidate.decided_by) == ("paddy", "", inspector)


def test_a_satellite_without_ids_does_not_raise_the_same_place_again(unit, tmp_path, inspector):
    load([pond("a")], tmp_path, origin=Origin.JRC)
    reject(candidates=Candidate.objects.all(), reason="paddy", actor=inspector)

    wider = load([pond("b", side=0.0012)], tmp_path, origin=Origin.JRC)  # 1 of 1.44: over half
    other = load([pond("c", side=0.0015)], tmp_path, origin=Origin.JRC)  # 1 of 2.25: under half

    assert (wider.new, wider.decided) == (0, 1)
    assert (other.new, other.decided) == (1, 0)


@pytest.mark.parametrize(
    ("lon", "accuracy_m", "registered"),
    [
        (106.5005, None, 1),  # inside the outline
        (106.49980, None, 1),  # 22 m west of it
        (106.49960, None, 0),  # 44 m
        (106.49960, 20.0, 1),  # 44 m, and the position is 20 m uncertain
    ],
)
def test_what_the_register_holds_is_no_candidate(unit, tmp_path, lon, accuracy_m, registered):
    at = Point(lon, 11.5005, srid=4326)
    HazardFactory(unit=unit, geometry=at, location=at, position_accuracy_m=accuracy_m)

    loaded = load([pond(1)], tmp_path)

    assert (loaded.registered, loaded.new) == (registered, 1 - registered)


def test_candidates_change_no_count_and_a_confirmed_one_is_not_surveyed(unit, tmp_path, inspector):
    at = Point(106.1, 11.1, srid=4326)
    HazardFactory(unit=unit, geometry=at, location=at)
    before = list(HazardCount.objects.values_list("kind", "verdict", "hazards"))
    assert load([pond(1), pond(2, lon=106.7)], tmp_path).new == 2
    assert list(HazardCount.objects.values_list("kind", "verdict", "hazards")) == before
    assert HazardAssessment.objects.count() <= WaterHazard.objects.count() == 1

    hazard = confirm(candidate=Candidate.objects.first(), actor=inspector, name="Ao Sen")

    assert (hazard.name, hazard.unit, hazard.assessment.verdict) == ("Ao Sen", unit, "not_surveyed")
    [row] = completeness(candidates_scope(inspector))
    assert (row.unit, row.confirmed, row.open, row.known) == (unit, 1, 1, 2)
    assert AuditEntry.objects.filter(verb="candidate_confirmed", actor=inspector).exists()


def candidates_scope(user):
    return scope_for(user)


def test_decisions_are_made_once_and_only_a_rejection_is_taken_back(unit, tmp_path, inspector):
    load([pond(1), pond(2, lon=106.7)], tmp_path)
    one, two = Candidate.objects.order_by("source_key")
    confirm(candidate=one, actor=inspector)
    reject(candidates=[two], reason="dry", actor=inspector)

    for deed in (
        lambda: confirm(candidate=one, actor=inspector),
        lambda: reject(candidates=[one], reason="dry", actor=inspector),
    ):
        with pytest.raises(errors.DecidedAlreadyError):
            deed()
    with pytest.raises(errors.StillRegisteredError):
        reopen(candidate=one, actor=inspector)
    assert reopen(candidate=two, actor=inspector).state == "new"
    with pytest.raises(errors.ReasonUnknownError):
        reject(candidates=[two], reason="because", actor=inspector)
    assert completeness(candidates_scope(inspector))[0].rejected == 0


def test_pages_of_the_queue_hold_each_candidate_once(unit, tmp_path, inspector):
    waters = [pond(n, lon=106.1 + n / 100, name="x" if n % 2 else "") for n in range(7)]
    load(waters, tmp_path)
    rows = candidates_of(candidates_scope(inspector))

    page = queue_page(rows, state="new", size=3)
    seen, pages = [one.source_key for one in page.rows], [page]
    while page.next_cursor:
        page = queue_page(rows, state="new", size=3, after=page.next_cursor)
        seen += [one.source_key for one in page.rows]
        pages.append(page)

    assert sorted(seen) == [f"way/{n}" for n in range(7)]
    assert page.total == 7
    back = queue_page(rows, state="new", size=3, before=pages[1].previous_cursor)
    assert [one.pk for one in back.rows] == [one.pk for one in pages[0].rows]
    assert queue_page(rows, state="new", size=3, after="nonsense").rows == pages[0].rows


def test_pages_decide_and_go_on(unit, tmp_path, inspector, client):
    load([pond(1, name="Ao Một"), pond(2, lon=106.7), pond(3, lon=106.8)], tmp_path)
    client.force_login(inspector)
    page = client.get(reverse("candidates:queue"))
    first = page.context["first_open"]
    assert first.name == "Ao Một"

    refused = client.post(
        reverse("candidates:decide", args=[first.public_id]), {"action": "reject"}
    )
    assert refused.status_code == 422
    answer = client.post(
        reverse("candidates:decide", args=[first.public_id]),
        {"action": "confirm", "kind": "lake", "name": "Hồ Một"},
    )
    assert answer.status_code == 302
    assert WaterHazard.objects.get().kind == "lake"
    rest = [str(one.public_id) for one in Candidate.objects.filter(state="new")]
    client.post(reverse("candidates:reject_many"), {"chosen": rest, "reason": "pool"})
    assert set(Candidate.objects.exclude(hazard__isnull=False).values_list("reason")) == {("pool",)}
    assert "1/1" in client.get(reverse("candidates:completeness")).content.decode()


def test_the_score_is_made_of_its_parts():
    parts = score_parts(area_m2=50.0, permanence=1.0, name="")
    assert (parts, score(parts)) == ({"size": 0.0, "permanence": 1.0, "name": 0.0}, 0.3)
    unknown = score_parts(area_m2=None, permanence=None, name="Ao")
    assert score(unknown) == pytest.approx(0.5 * 0.5 + 0.3 * 0.5 + 0.2)


def test_nobody_of_another_commune_sees_or_decides(unit, tmp_path, client):
    load([pond(1)], tmp_path)
    stranger = UserFactory()
    MembershipFactory(user=stranger, unit=UnitFactory(), role="administrator")
    client.force_login(stranger)
    candidate = Candidate.objects.get()

    assert client.get(reverse("candidates:queue")).context["page"].rows == []
    address = reverse("candidates:candidate", args=[candidate.public_id])
    assert client.get(address).status_code == 404
    answer = client.post(
        reverse("candidates:decide", args=[candidate.public_id]), {"action": "confirm"}
    )
    assert answer.status_code == 404
    chosen = {"chosen": [str(candidate.public_id)], "reason": "dry"}
    assert client.post(reverse("candidates:reject_many"), chosen).status_code == 400
    assert Candidate.objects.get().state == "new"
