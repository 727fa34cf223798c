"""Days gone by, asked for after the boundaries changed; and the register written anew for many."""

import psycopg
import pytest
from django.db import connection

from accounts.models import Membership
from accounts.roles import Action
from accounts.scoping import scope_for
from hazards.models import WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import hazard_rows, rows_for
from hazards.selectors.reader import office_reader
from hazards.services import placing
from hazards.services.assessment import assess
from hazards.services.boundary_set import use_boundary_set
from hazards.services.counts import check_counts
from hazards.services.printed import check_printed_list, record_printed_list
from hazards.taxonomy import Lifecycle
from history.models import Event
from history.services.verifying import verify
from maps.selectors.coverage import coverage
from tests.factories.hazard_scenes import days_ago, make_scene
from tests.factories.places import BoundarySetFactory, UnitFactory

pytestmark = pytest.mark.django_db
YESTERDAY = days_ago(1)


def new_set(scene):
    """Two units where there were two others, with the same codes."""
    boundary_set = BoundarySetFactory(name="moi", is_current=False)
    made = []
    for old in (scene.unit_a, scene.unit_b):
        made.append(
            UnitFactory(
                boundary_set=boundary_set,
                code=old.code,
                name=f"Mới {old.code}",
                geometry=old.geometry,
            )
        )
    for hazard in WaterHazard.objects.all():
        old = scene.unit_a if hazard.unit_id == scene.unit_a.pk else scene.unit_b
        point = old.geometry.point_on_surface
        WaterHazard.objects.filter(pk=hazard.pk).update(location=point, geometry=point)
    return made


@pytest.fixture(params=["few", "many"])
def way(request, monkeypatch):
    """Both ways of moving hazards: by an UPDATE, and by writing the table anew."""
    if request.param == "many":
        monkeypatch.setattr(placing, "MANY_HAZARDS", 1)
    return request.param


@pytest.fixture
def scene():
    return make_scene()


def test_a_past_day_stays_visible_after_the_boundaries_changed(scene, way):
    """The history began today, so yesterday shows rows as they first were."""
    units = new_set(scene)
    WaterHazard.objects.filter(pk=scene.hazards["bare"].pk).update(name="Ao đổi tên")
    use_boundary_set(name="moi")
    assert Membership.objects.get(user=scene.planner).unit == units[0]

    rows = hazard_rows(scene.planner, HazardFilter(as_of=YESTERDAY))
    found = {row.hazard.name: row.commune.name for row in rows.stream()}

    assert rows.count() == 5
    assert found["Ao ông Tám"] == units[0].name  # the name of then, the unit of now
    assert "Ao Bình Minh" not in found  # of the other commune, then and now


def test_a_list_printed_before_the_change_is_made_again_identical(scene, way):
    new_set(scene)
    everything = rows_for(office_reader(), HazardFilter())
    code = record_printed_list(
        rows=everything, list_name="register", file_format="csv", actor=None
    ).code
    use_boundary_set(name="moi")

    assert check_printed_list(code).same


def test_moving_leaves_counts_history_and_verification_in_order(scene, way):
    new_set(scene)
    moved = use_boundary_set(name="moi").hazards_moved

    assert moved == 6
    told = Event.objects.filter(
        table_name="hazards_waterhazard",
        new__has_key="unit_id",
        change__verb="use_boundary_set",
    )
    assert len(told) == 6
    assert {event.new["unit_id"] for event in told} == {
        hazard.unit_id for hazard in WaterHazard.objects.all()
    }
    assert check_counts() == 0
    assert verify().faults == []


def test_figures_of_a_past_day_count_the_states_of_that_day(scene):
    WaterHazard.objects.filter(pk=scene.hazards["bare"].pk).update(lifecycle=Lifecycle.FILLED)
    assess()

    def counted(on):
        scope = scope_for(scene.planner, Action.VIEW)
        return coverage(scope=scope, unit=None, as_of=on, units=[scene.unit_a]).whole.by_verdict

    assert counted(YESTERDAY)["noncompliant"] == 1
    assert counted(days_ago(0))["noncompliant"] == 0


def test_a_list_of_a_past_day_says_what_is_of_today(client, scene):
    client.force_login(scene.planner)
    said = "A day gone by"
    assert said in client.get(f"/hazards/?as_of={YESTERDAY.isoformat()}").text
    assert said not in client.get("/hazards/").text


@pytest.mark.django_db(transaction=True)
def test_a_busy_register_is_left_as_it_was(scene, monkeypatch):
    new_set(scene)
    monkeypatch.setattr(placing, "MANY_HAZARDS", 1)
    monkeypatch.setattr("common.bulkload.LOCK_WAIT_S", 1)
    before = set(WaterHazard.objects.values_list("pk", "unit_id"))
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM hazards_waterhazard LIMIT 1")  # an export that is being read
        with pytest.raises(placing.RegisterBusyError, match="30 seconds"):
            use_boundary_set(name="moi")
        other.rollback()
    assert set(WaterHazard.objects.values_list("pk", "unit_id")) == before
