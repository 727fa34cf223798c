"""Guards for views: the action is asked once, at the door."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from accounts.roles import Action
from accounts.scoping import require

View = Callable[..., HttpResponseBase]


def allowed(action: Action) -> Callable[[View], View]:
    """Let a view run only for a user who may do ``action`` somewhere; sets ``request.scope``."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.scope = require(request.user, action)  # type: ignore[attr-defined,arg-type]
            return view(request, *args, **kwargs)

        return guarded

    return decorate
