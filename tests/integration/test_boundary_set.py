"""use_boundary_set: hazards move by place, roles by level and code, or nothing moves at all."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from hazards.models import WaterHazard
from hazards.services.boundary_set import (
    BoundarySetEmptyError,
    BoundarySetFaultsError,
    BoundarySetMissingError,
    HazardsLeftOutsideError,
    MembershipsLeftBehindError,
    use_boundary_set,
)
from hazards.services.inventory import NewHazard, register_hazard
from places.models import BoundarySet
from tests.factories.accounts import MembershipFactory
from tests.factories.places import SIDE, SOUTH, WEST, BoundarySetFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    return [UnitFactory(place=place, code=str(place)) for place in range(2)]


@pytest.fixture
def new(old):
    """One large unit, with the code of the first, where there were two."""
    boundary_set = BoundarySetFactory(name="moi", is_current=False)
    box = (WEST, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)
    outline = MultiPolygon(Polygon.from_bbox(box), srid=4326)
    return UnitFactory(boundary_set=boundary_set, code="0", geometry=outline)


def hazard_at(place, **more):
    point = Point(WEST + SIDE * (place + 0.5), SOUTH + SIDE / 2, srid=4326)
    return register_hazard(new=NewHazard(kind="pond", geometry=point, **more), actor=None)


def test_hazards_and_roles_move(old, new):
    hazards = [hazard_at(0), hazard_at(1)]
    membership = MembershipFactory(unit=old[0], role=Role.INSPECTOR)

    change = use_boundary_set(name="moi")

    assert change.hazards_moved == 2
    assert len(change.roles_moved) == 1
    assert {hazard.unit for hazard in WaterHazard.objects.all()} == {new}
    assert Membership.objects.get().unit == new
    assert Membership.objects.get().user == membership.user
    assert BoundarySet.objects.get(is_current=True).name == "moi"
    assert AuditEntry.objects.filter(verb="use_boundary_set").count() == 1
    assert set(WaterHazard.objects.visible_to(membership.user)) == set(hazards)


def test_a_repeat_moves_nothing(old, new):
    hazard_at(0)
    use_boundary_set(name="moi")

    assert use_boundary_set(name="moi").hazards_moved == 0


def test_hazards_outside_stop_it(old, new):
    UnitFactory(place=5, code="5")
    hazard_at(5)
    hazard_at(0)

    with pytest.raises(HazardsLeftOutsideError, match="1 hazards lie in no unit of the set moi"):
        use_boundary_set(name="moi")
    assert {hazard.unit.boundary_set.name for hazard in WaterHazard.objects.all()} == {"test-units"}
    assert BoundarySet.objects.get(is_current=True).name == "test-units"


def test_hazards_near_a_unit_may_go_to_it(old, new):
    """The new unit ends at 106.7 E; the middle of the third square is 0.05 degrees (5.45 km) on."""
    UnitFactory(place=2, code="2")
    hazard_at(2)

    with pytest.raises(HazardsLeftOutsideError):
        use_boundary_set(name="moi", near_km=5.4)
    assert use_boundary_set(name="moi", near_km=5.5).hazards_moved == 1


def test_roles_without_a_counterpart_stop_it(old, new):
    MembershipFactory(unit=old[1], role=Role.INSPECTOR)

    with pytest.raises(MembershipsLeftBehindError, match="1 roles have no unit of the same level"):
        use_boundary_set(name="moi")
    assert Membership.objects.get().unit == old[1]


def test_a_role_that_is_there_already_is_not_doubled(old, new):
    membership = MembershipFactory(unit=old[0], role=Role.INSPECTOR)
    MembershipFactory(user=membership.user, unit=new, role=Role.INSPECTOR)

    use_boundary_set(name="moi")

    assert Membership.objects.get().unit == new


def test_a_set_must_be_there_and_hold_outlines(old):
    with pytest.raises(BoundarySetMissingError, match="There are: test-units"):
        use_boundary_set(name="khong-co")
    BoundarySetFactory(name="rong", is_current=False)
    with pytest.raises(BoundarySetEmptyError, match="holds no outlines"):
        use_boundary_set(name="rong")


def test_the_command(old, new, capsys):
    hazard_at(0)

    call_command("use_boundary_set", "moi", "--lang=en")

    assert capsys.readouterr().out == "moi is current; hazards moved 1, roles moved 0.\n"
    with pytest.raises(CommandError, match="There is no boundary set khong-co"):
        call_command("use_boundary_set", "khong-co", "--lang=en")


def test_a_set_with_two_units_on_one_ground_needs_a_reason(old, new):
    hazard_at(0)
    UnitFactory(boundary_set=new.boundary_set, code="1", geometry=new.geometry)

    with pytest.raises(BoundarySetFaultsError) as refused:
        use_boundary_set(name="moi")
    assert "overlap" in str(refused.value)
    assert WaterHazard.objects.get().unit == old[0]

    use_boundary_set(name="moi", despite="bản đồ của tỉnh đang sửa")
    assert AuditEntry.objects.get(verb="use_boundary_set").facts["despite"].startswith("bản đồ")
