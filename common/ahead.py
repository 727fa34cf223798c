"""Work one step ahead: what an iterator makes is made in a thread while the last is being used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils import translation

T = TypeVar("T")
_END = object()


@dataclass(frozen=True)
class _Failed:
    error: BaseException


def one_ahead(items: Generator[T, Any, Any]) -> Generator[T]:
    """Yield what ``items`` yields, the next one being made meanwhile in another thread.

    At most two items are alive besides the one in use. ``items`` must not ask the database: another
    thread has another connection. It is closed when the caller stops early; what it raises is
    raised here, in its place.
    """
    made: queue.Queue[Any] = queue.Queue(maxsize=1)
    stopped = threading.Event()
    language = translation.get_language()
    worker = threading.Thread(target=_make, args=(items, made, stopped, language), daemon=True)
    worker.start()
    try:
        yield from _taken(made)
    finally:
        stopped.set()
        _empty(made)
        worker.join()


def _make(
    items: Generator[T, Any, Any],
    made: queue.Queue[Any],
    stopped: threading.Event,
    language: str | None,
) -> None:
    last: Any = _END
    with closing(items), translation.override(language):
        try:
            for item in items:
                made.put(item)
                if stopped.is_set():
                    return
        except BaseException as error:  # handed to who asked for the item
            last = _Failed(error)
    made.put(last)


def _taken(made: queue.Queue[Any]) -> Iterator[Any]:
    while (item := made.get()) is not _END:
        if isinstance(item, _Failed):
            raise item.error
        yield item


def _empty(made: queue.Queue[Any]) -> None:
    """Make room, so that a thread that waits to put its item down sees that it is to stop."""
    try:
        while True:
            made.get_nowait()
    except queue.Empty:
        return
