"""Runs in blocks: resumed after a cut, and on a Dask cluster whose worker is killed."""

import os
import signal

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from geomath.block import BlockInput, BlockPart, work_block
from maps.models import ExposureRun, UnitExposure
from maps.services import exposure_blocks, kept_blocks
from maps.services.cell_counts import CellCounts
from maps.services.cluster import on_cluster
from maps.services.exposure_blocks import BlockPlan, Water, work_out
from maps.services.kept_blocks import KeptBlocks, digest_of
from tests.factories.maps import (
    CELL,
    NORTH,
    WEST,
    at_cell,
    box_of_cells,
    give_share,
    make_dataset,
    make_hazard,
    make_set,
    make_unit,
)

pytestmark = pytest.mark.django_db
ROWS, COLS = 24, 12


@pytest.fixture
def many_strips(monkeypatch):
    monkeypatch.setattr(exposure_blocks, "STRIP_CELLS", COLS * 2)  # twelve strips of two rows
    monkeypatch.setattr(kept_blocks, "STRIP_CELLS", COLS * 2)


@pytest.fixture
def scene(tmp_path, many_strips):
    """A plan over a raster of random people, with ponds, a canal and two communes."""
    dice = np.random.default_rng(3)
    dataset = make_dataset(tmp_path, dice.integers(0, 900, (ROWS, COLS)))
    boundary_set = make_set()
    for code, first, last in (("00001", 0, 5.5), ("00002", 5.5, COLS)):
        unit = make_unit(boundary_set, code, box_of_cells(0, ROWS, first, last))
        give_share(dataset, unit, 0.2 + first / 100)
    south, east = NORTH - ROWS * CELL, WEST + COLS * CELL
    spots = dice.uniform([WEST, south], [east, NORTH], (60, 2))
    waters = [
        Water(n, shapely.Point(spot), ("gap", "not_surveyed", None)[n % 3], n % 2)
        for n, spot in enumerate(spots)
    ]
    waters.append(Water(99, shapely.LineString([(WEST, NORTH), (east, south)]), "gap", -1))
    plan = BlockPlan(
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

    kept = KeptBlocks(digest_of(plan, counts))
    with pytest.raises(KeyboardInterrupt):
        work_out(plan, counts, blocks=cut_after_five, kept=kept)
    again: list[BlockInput] = []

    def counted(given):
        for block in given:
            again.append(block)
            yield work_block(block)

    kept = KeptBlocks(digest_of(plan, counts))
    assert bytes_of(work_out(plan, counts, blocks=counted, kept=kept)) == whole
    assert len(again) == 12 - 5
    kept.forget()
    assert not kept.folder.exists()


def test_a_damaged_block_is_worked_out_anew_and_another_register_meets_none(scene):
    plan, counts = scene
    kept = KeptBlocks(digest_of(plan, counts))
    whole = bytes_of(work_out(plan, counts, kept=kept))
    files = sorted(kept.folder.glob("*.npz"))
    assert len(files) == 12
    files[3].write_bytes(files[3].read_bytes()[:100])
    files[4].write_bytes(b"")

    assert kept.get(3) is kept.get(4) is None
    assert bytes_of(work_out(plan, counts, kept=kept)) == whole
    fewer = BlockPlan(plan.polygons, plan.waters[:-1], plan.groups, plan.distances_m, 300)
    assert digest_of(fewer, counts) != digest_of(plan, counts)
    kept.forget()


def one_part() -> BlockPart:
    return BlockPart(np.array([0]), np.array([], dtype=np.int64), None, np.array([1.5]))


def test_a_block_that_lacks_adults_or_single_figures_comes_back_as_it_was(scene):
    kept = KeptBlocks("test")
    kept.put(0, one_part())

    back = kept.get(0)

    assert back is not None
    assert (back.people, back.by_water, back.children.tolist()) == (None, None, [1.5])
    kept.forget()


def test_the_command_leaves_no_blocks_behind_when_it_is_done(tmp_path, capsys, settings):
    dataset = make_dataset(tmp_path, [[100, 200, 300]])
    west = make_unit(make_set(), "00001", box_of_cells(0, 1, 0, 3))
    give_share(dataset, west, 0.25)
    make_hazard(west, at_cell(0, 0))

    call_command("run_exposure", "--within", "200")

    assert list(settings.EXPOSURE_BLOCKS_DIR.glob("*")) == []


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
