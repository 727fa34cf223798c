"""What is asked once a page is asked anew on the next, and whenever something is written."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse

from common.memo import once, remembering
from common.middleware import RememberingMiddleware


class Asked:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_an_answer_is_remembered_within_one_page_and_forgotten_after_it():
    ask = Asked()
    with remembering():
        assert [once("key", ask), once("key", ask)] == [1, 1]
    with remembering():
        assert once("key", ask) == 2


def test_outside_of_a_page_every_question_is_asked():
    ask = Asked()
    assert [once("key", ask), once("key", ask)] == [1, 2]


def test_nothing_and_an_error_are_told_apart_from_not_asked():
    empty: list[int] = []
    with remembering():
        assert once("none", lambda: empty.append(1)) is None
        assert once("none", lambda: empty.append(1)) is None
        assert empty == [1]
        with pytest.raises(ZeroDivisionError):
            once("error", lambda: 1 // 0)
        assert once("error", lambda: 7) == 7


@pytest.mark.parametrize(("method", "expected"), [("GET", 1), ("HEAD", 1), ("POST", 2)])
def test_only_requests_that_read_remember(method: str, expected: int):
    ask, request = Asked(), HttpRequest()
    request.method = method

    def view(_request: HttpRequest) -> HttpResponse:
        once("key", ask)
        once("key", ask)
        return HttpResponse()

    RememberingMiddleware(view)(request)
    assert ask.times == expected
