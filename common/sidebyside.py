"""Ask the database several things at once, each in a process of its own there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def side_by_side(questions: Sequence[Callable[[], T]]) -> list[T]:
    """Return the answers in the order of the questions, one or more; raises what one raises.

    The last is asked by this thread, each other by a thread with a connection of its own: it sees
    what has been committed, not what this transaction has written. Only for questions, then.
    """
    *others, own = questions
    if not others:
        return [own()]
    with ThreadPoolExecutor(max_workers=len(others)) as pool:
        asked = [pool.submit(_asked_alone, question) for question in others]
        answer = own()
        return [*(one.result() for one in asked), answer]


def _asked_alone(question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        connection.close()
