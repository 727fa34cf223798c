"""Runs in blocks: resumed after a cut, and on a Dask cluster whose worker is killed."""

import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from geomath.block import BlockPart, work_block
from maps.models import ExposureRun, UnitExposure
from maps.services import exposure_blocks
from maps.services.cell_counts import CellCounts
from maps.services.cluster import on_cluster
from maps.services.exposure_blocks import BlockPlan, Water, work_out
from maps.services.kept_blocks import KeptBlocks
from tests.factories.maps import (
    CELL,
    NORTH,
    WEST,
    box_of_cells,
    give_share,
    make_dataset,
    make_set,
    make_unit,
)

pytestmark = pytest.mark.django_db
ROWS, COLS = 24, 12


@pytest.fixture
def many_strips(monkeypatch):
    # twelve strips of two rows
    monkeypatch.setattr(exposure_blocks, "strip_cells", lambda grid: COLS * 2)


@pytest.fixture
def scene(tmp_path, many_strips, settings):
    """A plan over a raster of random people, with ponds, a canal and two communes."""
    settings.EXPOSURE_BLOCKS_DIR = tmp_path / "blocks"
    dice = np.random.default_rng(3)
    dataset = make_dataset(tmp_path, dice.integers(0, 900, (ROWS, COLS)))
    boundary_set = make_set()
    for code, first, last in (("00001", 0, 5.5), ("00002", 5.5, COLS)):
        unit = make_unit(boundary_set, code, box_of_cells(0, ROWS, first, last))
        give_share(dataset, unit, 0.2 + first / 100)
    south, east = NORTH - ROWS * CELL, WEST + COLS * CELL
    spots = dice.uniform([WEST, south], [east, NORTH], (60, 2))
    waters = [
        Water(n, shapely.Point(spot), (("gap",), ("not_surveyed",), ())[n % 3], n % 2)
        for n, spot in enumerate(spots)
    ]
    waters.append(Water(99, shapely.LineString([(WEST, NORTH), (east, south)]), ("gap",), -1))
    plan = BlockPlan(
        unit_ids=[0, 1],
        polygons=[
            shapely.from_wkb(bytes(unit.geometry.wkb))
            for unit in boundary_set.units.order_by("code")
        ],
        waters=waters,
        groups=["gap", "not_surveyed"],
        distances_m=[200, 700],
        near_each_m=300,
    )
    return plan, CellCounts(dataset)


def bytes_of(sums) -> bytes:
    exposed = b"".join(sums.exposed[key].tobytes() for key in sorted(sums.exposed))
    flows = repr(sorted((m, sorted(flow.items())) for m, flow in sums.flows.items())).encode()
    near = b"".join(sums.near_each[key].tobytes() for key in sorted(sums.near_each))
    return sums.people.tobytes() + sums.children.tobytes() + exposed + flows + near


def test_both_margins_of_the_matrix_are_the_union(scene):
    sums = work_out(*scene)

    for metres in (200, 700):
        flow = sums.flows[metres]
        union = sums.exposed["any", metres]
        for unit in (0, 1):
            at_home = sum(children for (home, _there), children in flow.items() if home == unit)
            assert at_home == pytest.approx(union[unit], rel=1e-9)
        assert sum(flow.values()) == pytest.approx(union.sum(), rel=1e-9)
        assert {there for _home, there in flow} == {-1, 0, 1}


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(scene):
    plan, counts = scene
    whole = bytes_of(work_out(plan, counts))
    worked = []

    def cut_after_five(given):
        for block in given:
            if len(worked) == 5:
                raise KeyboardInterrupt
            worked.append(block)
            yield work_block(block)

    with pytest.raises(KeyboardInterrupt):
        work_out(plan, counts, blocks=cut_after_five, kept=KeptBlocks())
    again = work_out(plan, counts, kept=KeptBlocks())

    assert bytes_of(again) == whole
    assert again.worked == 12 - 5


def test_after_an_edit_only_the_strips_round_it_are_worked_out_and_the_bytes_are_those_of_all(
    scene,
):
    plan, counts = scene
    kept = KeptBlocks()
    assert work_out(plan, counts, kept=kept).worked == 12
    assert work_out(plan, counts, kept=kept).worked == 0

    edited = list(plan.waters)
    edited[4] = replace(edited[4], groups=() if edited[4].groups else ("gap",))
    plan = replace(plan, waters=edited)
    live = work_out(plan, counts, kept=kept)

    # 700 m at rows of 1.1 km: its own strip and at most one on either side
    assert 1 <= live.worked <= 3
    assert bytes_of(live) == bytes_of(work_out(plan, counts))


def test_a_hundred_random_edits_live_give_the_bytes_of_a_full_run(scene):
    plan, counts = scene
    dice, kept = np.random.default_rng(11), KeptBlocks()
    for n in range(100):
        waters = list(plan.waters)
        chosen = int(dice.integers(len(waters)))
        if dice.random() < 0.3:
            spot = dice.uniform([WEST, NORTH - ROWS * CELL], [WEST + COLS * CELL, NORTH])
            waters.append(Water(1000 + n, shapely.Point(spot), ("gap",), int(dice.integers(2))))
        elif dice.random() < 0.2 and len(waters) > 30:
            waters.pop(chosen)
        else:
            groups: tuple[tuple[str, ...], ...] = ((), ("gap",), ("not_surveyed", "gap"))
            waters[chosen] = replace(waters[chosen], groups=groups[int(dice.integers(3))])
        plan = replace(plan, waters=waters)
        live = work_out(plan, counts, kept=kept)
        if n % 10 == 9:
            assert bytes_of(live) == bytes_of(work_out(plan, counts))


def test_a_damaged_block_is_worked_out_anew(scene):
    plan, counts = scene
    kept = KeptBlocks()
    whole = bytes_of(work_out(plan, counts, kept=kept))
    files = sorted(kept.folder.glob("*.npz"))
    assert len(files) == 12
    files[3].write_bytes(files[3].read_bytes()[:100])
    files[4].write_bytes(b"")

    again = work_out(plan, counts, kept=kept)

    assert (bytes_of(again), again.worked) == (whole, 2)


def test_blocks_that_no_run_has_taken_for_a_week_are_thrown_away(scene):
    kept = KeptBlocks()
    kept.put("old", one_part())
    kept.put("new", one_part())
    eight_days_ago = time.time() - 8 * 24 * 3600
    os.utime(kept.folder / "old.npz", (eight_days_ago, eight_days_ago))

    kept.forget_old()

    assert kept.get("old") is None
    assert kept.get("new") is not None


def one_part() -> BlockPart:
    return BlockPart(np.array([0]), np.array([], dtype=np.int64), None, np.array([1.5]))


def test_a_block_that_lacks_adults_or_single_figures_comes_back_as_it_was(scene):
    kept = KeptBlocks()
    kept.put("one", one_part())

    back = kept.get("one")

    assert back is not None
    assert (back.people, back.by_water, back.children.tolist()) == (None, None, [1.5])


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_and_survives_a_killed_worker(scene):
    from distributed import LocalCluster

    plan, counts = scene
    here = bytes_of(work_out(plan, counts))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        blocks = on_cluster(cluster.scheduler_address)
        assert bytes_of(work_out(plan, counts, blocks=blocks)) == here
        victim = next(iter(cluster.workers.values())).pid

        def kill_in_the_middle(strips):
            for n, strip in enumerate(strips):
                if n == 2:
                    os.kill(victim, signal.SIGKILL)
                yield strip

        assert bytes_of(work_out(plan, counts, kill_in_the_middle, blocks)) == here


def test_a_scheduler_that_is_not_there_is_named_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("maps.services.cluster.CONNECT_S", 0.5)
    dataset = make_dataset(tmp_path, [[100]])
    give_share(dataset, make_unit(make_set(), "1", box_of_cells(0, 1, 0, 1)), 0.2)

    with pytest.raises(CommandError, match=r"tcp://127\.0\.0\.1:9 does not answer"):
        call_command("run_exposure", "--cluster", "tcp://127.0.0.1:9")
    assert ExposureRun.objects.get().state == ExposureRun.State.FAILED
    assert not UnitExposure.objects.exists()
