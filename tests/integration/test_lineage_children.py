"""Shares of earlier units by the children who live in each part."""

import pytest
from django.core.management import CommandError, call_command

from places.models import UnitLineage
from tests.factories.exposure import two_communes
from tests.factories.maps import box_of_cells, make_set, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(tmp_path):
    """Before: one unit over all nine cells, one over the first row, one beside the raster."""
    made = two_communes(tmp_path)
    before = make_set(name="before", is_current=False)
    made["whole"] = make_unit(before, "1", box_of_cells(0, 3, 0, 3))
    made["row"] = make_unit(before, "2", box_of_cells(0, 1, 1, 2))
    made["off"] = make_unit(before, "3", box_of_cells(0, 3, 30, 31))
    made["before"] = before
    for old in ("whole", "row", "off"):
        for new in ("west", "east"):
            UnitLineage.objects.create(from_unit=made[old], to_unit=made[new])
    return made


def test_children_not_land_decide(province, capsys):
    call_command("lineage_children", "--from-set", "before", "--to-set", province["set"].name)

    shares = {
        (row.from_unit, row.to_unit): row.share_by_children for row in UnitLineage.objects.all()
    }
    west, east = province["west"], province["east"]
    # Columns hold 1,200, 1,500 and 1,800 people; the border runs through the middle of the second.
    assert shares[province["whole"], west] == pytest.approx(1950 / 4500, abs=1e-9)
    assert shares[province["whole"], east] == pytest.approx(2550 / 4500, abs=1e-9)
    assert shares[province["row"], west] == pytest.approx(0.5, abs=1e-9)
    assert shares[province["row"], west] + shares[province["row"], east] == pytest.approx(
        1, abs=1e-6
    )
    assert shares[province["off"], west] is None
    said = capsys.readouterr()
    assert "4" in said.out
    assert province["off"].full_name in said.err


def test_sets_without_lineage_are_refused(province):
    UnitLineage.objects.all().delete()
    with pytest.raises(CommandError, match="load_lineage"):
        call_command(
            "lineage_children", "--from-set", "before", "--to-set", province["set"].name,
            "--lang", "en",
        )  # fmt: skip
