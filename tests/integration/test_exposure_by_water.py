"""What each water and each place of water answers for, worked out by hand."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Action, Role
from accounts.scoping import require
from hazards.models import HazardAssessment
from hazards.services.access_places import add_access_place
from hazards.services.assessment import assess
from maps.models import ExposureFlow, ExposureRun
from maps.selectors.exposure import by_place_of_water, figures_by_unit
from tests.factories.accounts import user_with_role
from tests.factories.exposure import SHARE, disk_share, run, two_communes
from tests.factories.hazards import SafeguardObservationFactory
from tests.factories.maps import (
    at_cell,
    box_of_cells,
    make_hazard,
    observe,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(tmp_path):
    return two_communes(tmp_path)


def test_each_hazard_gets_its_own_figure_for_the_list(province, capsys):
    one = make_hazard(province["west"], at_cell(0, 0))
    other = make_hazard(province["west"], at_cell(0, 0))

    run(capsys, "--within", "500")

    kept = HazardAssessment.objects.in_bulk([one.pk, other.pk])
    assert kept[one.pk].children_near == pytest.approx(100 * SHARE * disk_share(0, 200), rel=5e-3)
    assert kept[one.pk].children_near_m == 200
    assert kept[other.pk].children_near == kept[one.pk].children_near
    # two ponds in one place: protecting one alone frees nobody, each answers for half
    assert kept[one.pk].children_only_here == 0
    assert kept[one.pk].children_mean_others == pytest.approx(1)
    half = kept[one.pk].children_near / 2
    assert kept[one.pk].children_equal_share == pytest.approx(half, rel=1e-6)


def test_a_protected_water_takes_no_share_from_the_open_one_beside_it(province, capsys):
    open_one = make_hazard(province["west"], at_cell(0, 0))
    safe = make_hazard(province["west"], at_cell(0, 0))
    observe(safe, timezone.localdate(), sign="present", barrier="present")

    run(capsys, "--within", "200")

    kept = HazardAssessment.objects.in_bulk([open_one.pk, safe.pk])
    assert kept[open_one.pk].children_only_here == pytest.approx(kept[open_one.pk].children_near)
    assert kept[safe.pk].children_near == pytest.approx(kept[open_one.pk].children_near)
    assert kept[safe.pk].children_only_here is None


def test_children_are_kept_by_home_and_by_the_place_of_the_water(province, capsys):
    # the border runs through the middle of column 1: one pond of the east lies right on it
    make_hazard(province["east"], at_cell(1, 1))
    make_hazard(province["west"], at_cell(0, 0))

    found = run(capsys, "--within", "300")

    flows = {
        (flow.unit.code, flow.water_unit.code): flow.children
        for flow in ExposureFlow.objects.select_related("unit", "water_unit")
    }
    on_border = 500 * SHARE * disk_share(1, 300)
    assert flows["00001", "00002"] == pytest.approx(on_border / 2, rel=5e-3)
    assert flows["00002", "00002"] == pytest.approx(on_border / 2, rel=5e-3)
    assert flows["00001", "00001"] == pytest.approx(100 * SHARE * disk_share(0, 300), rel=5e-3)
    planner = require(user_with_role(Role.PLANNER, province["top"]), Action.VIEW)
    states = {
        code: figures_by_unit(
            scope=planner,
            run=ExposureRun.objects.get(),
            units=[province[code]],
            distance_m=300,
            by_water=True,
        )[province[code].pk].from_its_waters
        for code in ("top", "west", "east")
    }
    assert states["east"] == pytest.approx(on_border, rel=5e-3)
    assert states["west"] == pytest.approx(flows["00001", "00001"])
    assert states["top"] == pytest.approx(states["east"] + states["west"])
    # who sees the west only learns nothing of what the waters of the east do
    western = require(user_with_role(Role.PLANNER, province["west"]), Action.VIEW)
    asked = {"run": ExposureRun.objects.get(), "distance_m": 300}
    seen = by_place_of_water(scope=western, units=[province["east"], province["west"]], **asked)
    assert seen == {province["east"].pk: 0, province["west"].pk: states["west"]}
    for code in ("00001", "00002"):
        at_home = sum(children for (home, _there), children in flows.items() if home == code)
        assert at_home == pytest.approx(found[code]["children_exposed"]["300"], rel=1e-12)


def test_each_child_near_water_has_one_nearest_water(province, capsys):
    # three ponds 100 m or so apart: their circles overlap
    ponds = [make_hazard(province["west"], at_cell(0, col)) for col in (0, 0.09, 0.2)]
    far = make_hazard(province["east"], at_cell(2, 2))

    found = run(capsys, "--within", "500")

    kept = HazardAssessment.objects.in_bulk([pond.pk for pond in (*ponds, far)])
    nearest = [kept[pond.pk].children_nearest for pond in ponds]
    union = 100 * SHARE * disk_share(0, 200)  # one cell: the nearest to its centre takes all of it
    assert sum(nearest) > union
    assert sorted(nearest)[:2] == [0, 0]
    assert kept[far.pk].children_nearest == pytest.approx(kept[far.pk].children_near, rel=1e-3)
    whole = run(capsys, "--within", "200")["75"]["children_exposed"]["200"]
    assert sum(figure.children_nearest for figure in kept.values()) == pytest.approx(whole)
    assert found["75"]["children_exposed"].keys() == {"500"}


@pytest.mark.parametrize("policy", ["keep", "exclude", "move"])
def test_people_on_water_are_kept_left_out_or_moved_as_the_dataset_says(province, capsys, policy):
    dataset = province["dataset"]
    dataset.water_policy = policy
    dataset.save()
    lake = box_of_cells(0, 1, 0, 1)
    lake.srid = 4326
    make_hazard(province["west"], lake, kind="lake", area_m2=1.2e6)

    found = run(capsys, "--within", "200")

    people = {"keep": 1950, "exclude": 1850, "move": 1950 - 100 + 50}[policy]
    assert found["00001"]["people_total"] == pytest.approx(people)
    assert found["00002"]["people_total"] == pytest.approx(2550 + (50 if policy == "move" else 0))
    checks = ExposureRun.objects.get().facts["checks"]
    assert (checks["people_on_water"], checks["water_policy"]) == (100, policy)


def test_a_large_water_endangers_only_from_its_open_places(province, capsys):
    bank = box_of_cells(0.1, 2.9, 0.1, 2.9)
    bank.srid = 4326
    lake = make_hazard(province["west"], bank, kind="reservoir_irr")
    whole = run(capsys, "--within", "200")["75"]["children_exposed"]["200"]
    jetty, steps = (
        add_access_place(
            hazard=lake,
            kind="access_point",
            label=label,
            geometry=spot,
            known_from=date(2024, 1, 1),
            actor=None,
        )
        for label, spot in (("Bến đò", at_cell(0, 0)), ("Bậc đá", at_cell(2, 2)))
    )
    assess([lake.pk])

    both = run(capsys, "--within", "200")["75"]["children_exposed"]["200"]
    disks = SHARE * (100 * disk_share(0, 200) + 900 * disk_share(2, 200))
    assert both == pytest.approx(disks, rel=5e-3)
    assert both < whole

    for duty in ("sign", "barrier"):
        SafeguardObservationFactory(
            hazard=lake, duty=duty, state="present", observed_on=timezone.localdate(),
            access_place=steps,
        )  # fmt: skip
    assess([lake.pk])
    left = run(capsys, "--within", "200")["75"]["children_exposed"]["200"]
    assert left == pytest.approx(SHARE * 100 * disk_share(0, 200), rel=5e-3)
    assert jetty.hazard == lake
