"""Words and links of hazard lists."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hazards.models.assessment import DutyState
from hazards.selectors.words import DUTY_WORDS
from hazards.taxonomy import Condition, ObservedState

register = template.Library()

_LOOKS = {
    DutyState.MET: "duty-met",
    DutyState.UNMET: "duty-unmet",
    DutyState.UNKNOWN: "duty-unknown",
    DutyState.EXPIRED: "duty-expired",
    DutyState.NOT_REQUIRED: "duty-none",
}


@register.simple_tag
def duty_state(state: str) -> SafeString:
    """Say in words what is known of one safeguard; the look differs in greyscale too."""
    if state == DutyState.NOT_REQUIRED:
        return format_html('<span class="duty duty-none" title="{}">-</span>', DUTY_WORDS[state])
    return format_html(
        '<span class="duty {}">{}</span>', _LOOKS[DutyState(state)], DUTY_WORDS[state]
    )


@register.simple_tag(takes_context=True)
def address_of(context: Context, view: str, *args: Any, **changes: Any) -> str:
    """{% address_of "hazards:points" verdict=codes %}: a view with this list's filters.

    The page number goes; a list of values becomes a repeated key.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        query.setlist(key, [str(item) for item in value])
    asked = query.urlencode()
    return reverse(view, args=args) + (f"?{asked}" if asked else "")


@register.inclusion_tag("hazards/partials/sort_head.html", takes_context=True)
def sort_head(
    context: Context, key: str, label: str, look: str = "", column: str = ""
) -> dict[str, Any]:
    """A table heading that sorts by ``key``; pressed again it turns the order round."""
    now = context["filter"].sort
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    return {
        "request": context["request"],
        "label": label,
        "look": look,
        "column": column,
        "direction": direction,
        "next_sort": f"-{key}" if now == key else key,
    }


@register.simple_tag
def observed_words(safeguard: Any) -> str:
    """Say how a safeguard of a record was last seen: "damaged, fallen over"."""
    words = [str(ObservedState(safeguard.seen_state).label)]
    if safeguard.seen_condition:
        words.append(str(Condition(safeguard.seen_condition).label))
    return ", ".join(words)


@register.simple_tag
def share_of(share: float) -> str:
    """{% share_of 0.254 %}: 25 %; less than one percent says so."""
    return f"{share * 100:.0f} %" if share >= 0.01 else "< 1 %"
