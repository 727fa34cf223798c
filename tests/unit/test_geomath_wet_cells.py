"""People on water: which cells, and what each policy does with them."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomath.grid import Grid
from geomath.wet_cells import off_the_water, wet_cells

GRID = Grid(105, 16, 0.01, 0.01, 2, 5)
W, D = True, False


def test_a_cell_is_wet_from_half_of_it_on():
    lake = shapely.box(105.0, 15.98, 105.0251, 16.0)  # two columns and a bit more than half
    shore = shapely.box(105.04, 15.98, 105.0449, 16.0)  # a bit less than half of the last one
    found = wet_cells([lake, shore], GRID, np.ones(GRID.shape, dtype=bool))
    assert found.tolist() == [[W, W, W, D, D]] * 2
    settled = np.zeros(GRID.shape, dtype=bool)
    settled[1, 1] = True
    assert wet_cells([lake], GRID, settled).tolist() == [[D] * 5, [D, W, D, D, D]]


def test_each_policy_by_hand():
    people = np.array([[1.0, 20, 3, 0, 5], [7, 8, np.nan, 0, 0]])
    wet = np.array([[D, W, W, D, D], [W, W, W, D, D]])

    assert off_the_water(people, wet, "keep").tolist() == [[1, 20, 3, 0, 5], [7, 8, 0, 0, 0]]
    assert off_the_water(people, wet, "exclude").tolist() == [[1, 0, 0, 0, 5], [0] * 5]
    # 20 to the west; 3 lies as far from either, so west; the second row has no dry home: it stays
    assert off_the_water(people, wet, "move").tolist() == [[24, 0, 0, 0, 5], [7, 8, 0, 0, 0]]
    assert people[0, 1] == 20
    with pytest.raises(ValueError, match="policy is 'drown'"):
        off_the_water(people, wet, "drown")


rows = st.integers(0, 2**31)


@given(rows, st.integers(1, 5))
def test_moving_keeps_totals_and_does_not_depend_on_where_rows_are_cut(seed, cut):
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 4, (6, 9)) * rng.random((6, 9))
    wet = rng.random((6, 9)) < 0.4
    moved = off_the_water(people, wet, "move")

    assert moved.sum(axis=1) == pytest.approx(people.sum(axis=1))
    dry_rows = ((people > 0) & ~wet).any(axis=1)
    assert not moved[dry_rows][wet[dry_rows]].any()
    parts = [off_the_water(people[r], wet[r], "move") for r in (slice(0, cut), slice(cut, 6))]
    assert np.array_equal(np.concatenate(parts), moved)
