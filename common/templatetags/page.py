"""Parts of pages: icons, addresses that keep their filters, pager, empty state, vendored files."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

VENDOR_VERSIONS = {
    "leaflet": "1.9.4",
    "leaflet.markercluster": "1.5.3",
    "leaflet.locatecontrol": "0.90.1",
    "protomaps-leaflet": "5.1.0",
    "bootstrap": "5.3.9",
    "htmx.org": "2.0.11",
    "be-vietnam-pro": "5.3.0",
    "bootstrap-icons": "1.13.2",
}
_VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
_ICONS = _VENDOR / f"bootstrap-icons-{VENDOR_VERSIONS['bootstrap-icons']}" / "icons"
# Words of the product -> pictures of the set, so that pages do not know the set.
_ICON_ALIASES = {
    "overview": "columns-gap",
    "children": "people",
    "review": "clipboard-check",
    "near": "crosshair",
    "outbox": "cloud-upload",
    "noncompliant": "exclamation-triangle",
    "export": "download",
    "history": "clock-history",
    "menu": "list",
    "close": "x-lg",
    "add": "plus-lg",
    "edit": "pencil",
    "delete": "trash",
    "filter": "funnel",
    "sign-out": "box-arrow-right",
    "date": "calendar3",
    "place": "geo-alt",
    "user": "person-circle",
    "settings": "gear",
    "columns": "sliders",
    "warning": "exclamation-triangle",
    "error": "exclamation-circle",
    "success": "check-circle",
    "info": "info-circle",
    "list": "list-ul",
}
# What belongs to one page of a list, and is dropped when its contents change.
PAGING_KEYS = ("page", "after", "before", "cursor")


@register.simple_tag
def vendor(package: str, file: str) -> str:
    """{% vendor "leaflet" "leaflet.js" %}: the static address of a vendored file."""
    return static(f"vendor/{package}-{VENDOR_VERSIONS[package]}/{file}")


@lru_cache
def _icon_paths(name: str) -> SafeString:
    text = (_ICONS / f"{_ICON_ALIASES.get(name, name)}.svg").read_text(encoding="utf-8")
    return mark_safe(text[text.index(">") + 1 : text.rindex("</svg>")].strip())  # noqa: S308


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """Draw an icon beside a word. It says nothing to screen readers: the word does."""
    try:
        paths = _icon_paths(str(name))
    except FileNotFoundError:
        paths = _icon_paths("info-circle")
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="{0}" height="{0}" fill="currentColor" '
        'aria-hidden="true" focusable="false">{1}</svg>',
        str(size),
        paths,
    )


def _page_query(context: Context) -> QueryDict:
    """Return the query of the page in the address bar, also inside an htmx fragment."""
    request = context.get("request")
    if request is None:
        return QueryDict(mutable=True)
    current = request.headers.get("HX-Current-URL")
    if current and urlsplit(current).path != request.path:  # else: the page itself, asked anew
        return QueryDict(urlsplit(current).query, mutable=True)
    query: QueryDict = request.GET.copy()
    return query


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """{% query_with kind="pond" %}: "?..." with these keys set and the others kept.

    None or "" removes a key; paging keys go, unless set here. Plain digits, never 1.234.
    """
    query = _page_query(context)
    for key in PAGING_KEYS:
        query.pop(key, None)
    for key, value in changes.items():
        query.pop(key, None)
        if isinstance(value, (list, tuple)):
            query.setlist(key, [str(item) for item in value])
        elif value is not None and value != "":
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def hidden_params(context: Context, but: str = "") -> SafeString:
    """Carry the address's other parameters through a GET form; ``but`` names those it sets."""
    skipped = {*but.split(), *PAGING_KEYS}
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        (
            (key, value)
            for key, values in _page_query(context).lists()
            if key not in skipped
            for value in values
        ),
    )


@register.inclusion_tag("common/partials/pager.html", takes_context=True)
def pager(context: Context, page: Any, about: bool = False) -> dict[str, Any]:
    """Page through a list: a Django ``Page``, or an object with keyset cursors.

    Keyset: ``next_cursor`` and ``previous_cursor`` (text or None), put in the address as ``after``
    and ``before``; ``total`` may be None; ``about`` says that it is an estimate.
    """
    numbered = hasattr(page, "paginator")
    return {
        "request": context.get("request"),
        "page": page,
        "numbered": numbered,
        "total": page.paginator.count if numbered else getattr(page, "total", None),
        "about": about,
    }


@register.inclusion_tag("common/partials/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", label: str = "", picture: str = "water"
) -> dict[str, str]:
    """Say what would stand here, and offer the first step."""
    return {"title": title, "text": text, "url": url, "label": label, "picture": picture}
