"""{% verdict_mark code %}: the mark and the word of a verdict, the same on every page."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from common.verdict_marks import MARKS, UNKNOWN, Mark, shape_of

register = template.Library()


def _svg(mark: Mark, *, named: bool) -> SafeString:
    inside = mark_safe(shape_of(mark))  # noqa: S308 - constants of verdict_marks only
    voice = (
        format_html('role="img" aria-label="{}"', mark.label)
        if named
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="vmark" viewBox="0 0 16 16" width="16" height="16" {}>{}</svg>', voice, inside
    )


@register.simple_tag
def verdict_mark(code: str, label: str = "yes") -> SafeString:
    """Show mark and word. ``label="no"``: the mark alone, named for screen readers.

    ``label="chip"``: on a tinted ground, for headings and cards.
    """
    return _shown(str(code), label, get_language() or "")


@lru_cache(maxsize=256)
def _shown(code: str, label: str, language: str) -> SafeString:
    """Make the mark once for each language that is in use: a list shows it for every row."""
    mark = MARKS.get(code, UNKNOWN)
    if label == "no":
        return _svg(mark, named=True)
    look = "verdict verdict-chip" if label == "chip" else "verdict"
    return format_html(
        '<span class="{} verdict-{}">{}<span>{}</span></span>',
        look,
        code,
        _svg(mark, named=False),
        mark.label,
    )


@register.simple_tag
def verdict_label(code: str) -> str:
    return str(MARKS.get(str(code), UNKNOWN).label)


@register.simple_tag
def verdict_codes() -> list[str]:
    """Return the codes, the ones that need work first."""
    return list(MARKS)
