"""No page shows a verdict that time has overtaken, even where no worker ran at midnight."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hazards.services.assessment import ensure_fresh


class FreshVerdictsMiddleware:
    """Before the first page of a day in this process, work out what is due; later: nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ensure_fresh()
        return self.get_response(request)
