"""Blocks of a run on other machines: a Dask scheduler hands them out, the sums are made here.

A worker needs ``geomath`` and its libraries on its path, no database and no raster. Which worker
took which block, and how often a lost one was begun anew, cannot be seen in the result.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from geomath.block import BlockInput, BlockPart, work_block
from maps.errors import NoClusterError, NoClusterLibraryError
from maps.services.exposure_blocks import Blocks

BLOCKS_A_THREAD: Final = 2  # waiting or at work: reading goes on, memory stays bound
CONNECT_S: Final = 20
LOST_WORKERS: Final = 10  # times that a block is begun anew elsewhere before it counts as failed


def on_cluster(address: str) -> Blocks:
    """Return what works blocks out on the scheduler at ``address``, such as tcp://10.0.0.5:8786."""
    try:
        import dask
        from distributed import Client
    except ImportError as problem:
        raise NoClusterLibraryError from problem

    def blocks(given: Iterable[BlockInput]) -> Iterator[BlockPart]:
        dask.config.set({"distributed.scheduler.allowed-failures": LOST_WORKERS})
        try:
            client = Client(address, timeout=CONNECT_S)
        except (OSError, ValueError) as problem:
            raise NoClusterError(address=address, reason=str(problem)) from problem
        with client:
            yield from _in_order(client, given)

    return blocks


def _in_order(client: Any, given: Iterable[BlockInput]) -> Iterator[BlockPart]:
    """Keep every worker busy, and hand the parts over in the order of the blocks."""
    threads = sum(client.nthreads().values()) or 1
    waiting: deque[Any] = deque()
    for block in given:
        waiting.append(client.submit(work_block, block, pure=False, retries=2))
        if len(waiting) >= threads * BLOCKS_A_THREAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
