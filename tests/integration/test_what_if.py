"""What if these waters were protected: children by hand, rights, and what cannot be answered."""

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Action, Role
from accounts.scoping import require
from geomath.credit import credit_by_water
from maps.errors import AreaTooLargeError, DistanceOutOfRangeError, NoUnitOutlineError
from maps.selectors.population import dataset_named
from maps.services import what_if_area as service
from maps.services.what_if import what_if
from tests.factories.accounts import user_with_role
from tests.factories.exposure import PEOPLE, SHARE, disk_share, run, two_communes
from tests.factories.maps import (
    at_cell,
    box_of_cells,
    give_share,
    make_dataset,
    make_hazard,
    make_unit,
    observe,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(tmp_path):
    """Two ponds in one place of West, one south of them; one of East; one that is safe."""
    made = two_communes(tmp_path)
    west, east = made["west"], made["east"]
    made["twins"] = [
        make_hazard(west, at_cell(0, 0), name=name) for name in ("Ao Trong", "Ao Ngoài")
    ]
    made["south"] = make_hazard(west, at_cell(1, 0), name="Ao Nam")
    made["other"] = make_hazard(east, at_cell(2, 2), name="Ao bên kia")
    safe = make_hazard(west, at_cell(2, 0), name="Ao an toàn")
    observe(safe, timezone.localdate(), sign="present", barrier="present")
    return made


def planner_of(unit):
    return user_with_role(Role.PLANNER, unit)


def asked(province, unit="top", of="top", **more):
    scope = require(planner_of(province[of]), Action.PLAN)
    return what_if(unit=province[unit], scope=scope, within_m=300, **more)


def children(people, row):
    return people * SHARE * disk_share(row, 300)


def about(value):
    return pytest.approx(value, rel=5e-3)


def test_protecting_one_of_two_ponds_side_by_side_frees_nobody_and_both_free_all(province):
    first, second = (pond.code for pond in province["twins"])
    north, south, east = children(100, 0), children(400, 1), children(900, 2)

    one = asked(province, protected=[first])
    assert one.children == pytest.approx(SHARE * sum(sum(row) for row in PEOPLE))
    assert one.now == about(north + south + east)
    assert one.then == one.now
    assert [gain.water.hazard.name for gain in one.gains] == ["Ao bên kia", "Ao Nam", "Ao Ngoài"]
    assert [gain.only_here for gain in one.gains] == about([east, south, north])

    both = asked(province, protected=[first, second])
    assert both.now == one.now
    assert both.then == about(south + east)
    assert [water.hazard.code for water in both.protected] == [first, second]


def test_the_figure_of_now_is_that_of_a_run(province, capsys):
    kept = run(capsys, "--within", "300")

    for unit in ("top", "west", "east"):
        figure = kept[province[unit].code]["children_exposed"]["300"]
        assert asked(province, unit).now == pytest.approx(figure, rel=1e-9)


def test_the_best_waters_are_ticked_one_after_the_other(province):
    found = asked(province, suggest_n=3)

    names = [water.hazard.name for water in found.protected]
    assert names[:2] == ["Ao bên kia", "Ao Nam"]
    assert names[2] in ("Ao Trong", "Ao Ngoài")  # alone it frees nobody, so its share led there
    assert found.then == about(children(100, 0))
    assert asked(province, suggest_n=99).then == 0


def test_after_a_tick_every_gain_is_that_of_working_it_all_out_again(province):
    dice = np.random.default_rng(7)
    for row, col in dice.uniform(0.05, 2.4, (9, 2)):
        make_hazard(province["west"], at_cell(row, col))
    area = service.area_of(province["top"], dataset_named(), 700)
    ticked = [0, 5, 9]
    live = area.live.fork()
    live.set_open(ticked, is_open=False)

    kept = [n for n in range(len(area.waters)) if n not in ticked]
    shapes = [area.waters[n].shape for n in kept]
    again = credit_by_water(shapes, area.grid, 700, area.children)

    found = area.credit_of(live, ticked)
    for part, whole in zip(found, again, strict=True):
        assert part[kept] == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert not part[ticked].any()
    assert area.live.exposed > live.exposed


def test_water_of_another_area_counts_but_is_neither_named_nor_ticked(province):
    border = make_hazard(province["east"], at_cell(1, 1), name="Ao ranh giới")

    found = asked(province, "west", of="west", protected=[border.code])

    half = children(500, 1) / 2
    assert found.now == found.then == about(children(100, 0) + children(400, 1) + half)
    assert found.protected == []
    assert "Ao ranh giới" not in [gain.water.hazard.name for gain in found.gains]
    assert found.others_n == 1
    assert asked(province, "west", protected=[border.code]).then == about(found.now - half)


def test_water_that_is_safe_is_open_again_when_its_evidence_fails(province):
    pond = province["south"]
    observe(pond, timezone.localdate(), sign="present", barrier="present")
    assert asked(province).now == about(children(100, 0) + children(900, 2))
    observe(pond, timezone.localdate(), barrier="missing")
    assert asked(province).now == about(children(100, 0) + children(400, 1) + children(900, 2))


def test_what_cannot_be_answered_says_why(province, monkeypatch):
    scope = require(planner_of(province["top"]), Action.PLAN)
    with pytest.raises(DistanceOutOfRangeError):
        what_if(unit=province["top"], scope=scope, within_m=0)
    bare = make_unit(province["set"], "00009", None, parent=province["top"])
    with pytest.raises(NoUnitOutlineError):
        what_if(unit=bare, scope=scope, within_m=300)
    monkeypatch.setattr(service, "MOST_CELLS", 3)
    service.forget_areas()
    with pytest.raises(AreaTooLargeError, match="Xã 75"):
        asked(province)
    monkeypatch.undo()
    monkeypatch.setattr(service, "MOST_WATERS", 3)
    service.forget_areas()
    with pytest.raises(AreaTooLargeError):
        asked(province)


def test_a_unit_off_the_raster_has_nobody(province):
    far = make_unit(province["set"], "00003", box_of_cells(30, 31, 30, 31), parent=province["top"])
    scope = require(planner_of(province["top"]), Action.PLAN)

    found = what_if(unit=far, scope=scope, within_m=300)

    assert (found.children, found.now, found.gains) == (0, 0, [])


def test_the_page_shows_the_same_as_its_figures(province, client):
    client.force_login(planner_of(province["top"]))
    ask = {
        "unit": province["top"].pk,
        "within": 300,
        "protect": [province["south"].code, province["other"].code, "no-such-code"],
    }

    page = client.get(reverse("maps:what_if"), ask)
    text = page.content.decode()
    figures = client.get(reverse("maps:what_if_figures"), ask).json()

    assert figures["now"] == page.context["found"].now
    assert sorted(figures["protected"]) == sorted([province["south"].code, province["other"].code])
    assert figures["then"] == about(children(100, 0))
    assert set(figures["gains"]) == {pond.code for pond in province["twins"]}
    assert figures["registry_revision"]
    assert figures["boundary_set"] == "now"
    for pond in (*province["twins"], province["south"], province["other"]):
        assert f'value="{pond.code}"' in text
    assert "Ao an toàn" not in text
    assert text.count(" checked") == 2


def test_a_problem_is_said_on_the_page_and_who_may_not_plan_is_turned_away(province, client):
    client.force_login(planner_of(province["top"]))
    page = client.get(reverse("maps:what_if"), {"unit": province["top"].pk, "within": "99999"})
    assert "99999 m cannot be used" in page.content.decode().replace("99,999", "99999")
    answer = client.get(
        reverse("maps:what_if_figures"), {"within": "0"}, HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == 422
    assert "0 m cannot be used" in answer.content.decode()

    Membership.objects.all().delete()
    client.force_login(user_with_role(Role.SURVEYOR, province["west"]))
    for name in ("maps:what_if", "maps:what_if_figures"):
        assert client.get(reverse(name)).status_code == 403


def test_a_newer_dataset_is_the_one_that_is_counted(province, tmp_path):
    newer = make_dataset(tmp_path, [[10, 10, 10]] * 3, name="newer")
    for unit in ("west", "east"):
        give_share(newer, province[unit], SHARE)
    assert asked(province).children == pytest.approx(90 * SHARE)
