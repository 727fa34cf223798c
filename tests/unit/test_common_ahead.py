"""One step ahead: same items, same order, errors in their place, nothing left running."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from django.utils import translation

from common.ahead import one_ahead


def test_items_come_in_order_and_are_made_in_another_thread():
    def items():
        for n in range(20):
            yield n, threading.current_thread()

    found = list(one_ahead(items()))

    assert [n for n, _thread in found] == list(range(20))
    assert threading.current_thread() not in {thread for _n, thread in found}


def test_what_goes_wrong_is_raised_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broken row")

    ahead = one_ahead(items())

    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken row"):
        next(ahead)


def test_stopping_early_closes_the_source_and_ends_the_thread():
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(threading.current_thread())

    with closing(one_ahead(items())) as ahead:
        assert next(ahead) == 0

    assert len(closed) == 1
    assert not closed[0].is_alive()


def test_words_are_made_in_the_language_of_who_asked():
    def items():
        yield translation.get_language()

    with translation.override("en"):
        assert list(one_ahead(items())) == ["en"]
