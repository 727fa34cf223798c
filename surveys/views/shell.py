"""What every phone page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.models import SubmissionState
from surveys.selectors.sent import counts_of


def phone_context(request: HttpRequest, active: str) -> dict[str, Any]:
    """Return the bottom bar: three ways, and how many surveys wait to be sent again."""
    counts = counts_of(request.user)  # type: ignore[arg-type]
    return {
        "phone_nav": {
            "near_url": reverse("surveys:near_me"),
            "capture_url": reverse("surveys:capture"),
            "outbox_url": reverse("surveys:sent"),
            "active": active,
            "outbox_count": counts[SubmissionState.RETURNED],
        },
        "counts": counts,
    }


def base_map() -> dict[str, str]:
    """Return the province's tile server, if one is set; empty addresses mean none."""
    return {"url": settings.BASE_MAP_URL, "attribution": settings.BASE_MAP_ATTRIBUTION}


def position_words() -> dict[str, str]:
    """Return what scripts say of the phone's position."""
    return {
        "searching": _("Looking for the position…"),
        "good": _("Good position: right to about {m} m."),
        "fair": _("Fair position: right to about {m} m."),
        "poor": _("Poor position: right only to about {m} m. Wait, or move the pin."),
        "odd": _("The phone gives no believable accuracy. Check the pin on the map."),
        "manual": _("Position placed by hand on the map."),
        "denied": _(
            "The phone may not tell its position. Allow it in the browser's settings, or mark "
            "the place on the map."
        ),
        "unavailable": _("The phone finds no position here. Mark the place on the map."),
        "insecure": _(
            "This address is not secure (https), so the phone keeps its position to itself. "
            "Mark the place on the map."
        ),
    }


def near_facts() -> dict[str, Any]:
    """Return what the script of the near-me page needs."""
    unknown = _("The phone does not tell its position: this is the list of your area.")
    lists = {"deniedList": unknown, "unavailableList": unknown, "insecureList": unknown}
    words = position_words() | lists
    words["poor"] = _("Poor position: right only to about {m} m.")
    words["odd"] = _("The phone gives no believable accuracy.")
    return {"words": words, "base": base_map()}
