"""Whatever a page changes is by the signed-in user, under the page's address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from history.context import acting

_READING = {"GET", "HEAD", "OPTIONS"}
_VERB_MAX_CHARS = 100


class ActingMiddleware:
    """Reading pages cost nothing; the few that write (a printed list) name the user themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _READING:
            return self.get_response(request)
        actor = request.user if isinstance(request.user, User) else None
        verb = f"{request.method} {request.path}"[:_VERB_MAX_CHARS]
        with acting(actor=actor, verb=verb):
            return self.get_response(request)
