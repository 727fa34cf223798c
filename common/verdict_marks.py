"""How each verdict looks: a colour, a shape that survives greyscale, and a word.

The same shapes stand in static/common/js/verdicts.js for the maps; a test compares them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Mark:
    """``shape`` is SVG inside a 16 x 16 box; C stands for the colour, K for the dark edge."""

    label: str | Promise
    colour: str
    shape: str


EDGE = "#374151"  # a dark edge, since four of the colours are under 3:1 on white

_DISC = '<circle cx="8" cy="8" r="6" fill="C" stroke="K"/>'
_HALF = (
    '<circle cx="8" cy="8" r="6" fill="#fff" stroke="K"/>'
    '<path d="M8 2a6 6 0 0 0 0 12z" fill="C" stroke="K"/>'
)
_TRIANGLE = '<path d="M8 1.5 15 14H1z" fill="C" stroke="K" stroke-linejoin="round"/>'
_RING = (
    '<circle cx="8" cy="8" r="5.8" fill="#fff" stroke="K" stroke-width="3.4"/>'
    '<circle cx="8" cy="8" r="5.8" fill="none" stroke="C" stroke-width="2"/>'
)
_BAR = (
    '<path d="M3 8h10" stroke="K" stroke-width="3.4"/>'
    '<path d="M2.5 8h11" stroke="C" stroke-width="2"/>'
)
_DIAMOND = (
    '<path d="M8 2 14 8 8 14 2 8z" fill="#fff" stroke="K" stroke-width="3.4"/>'
    '<path d="M8 2 14 8 8 14 2 8z" fill="none" stroke="C" stroke-width="2"/>'
)
_DOT = '<circle cx="8" cy="8" r="3" fill="C" stroke="K" stroke-width=".8"/>'

MARKS: dict[str, Mark] = {
    "noncompliant": Mark(_("Not compliant"), "#D55E00", _TRIANGLE),
    "partly": Mark(_("Partly compliant"), "#E69F00", _HALF),
    "not_surveyed": Mark(_("Not surveyed"), "#6B7280", _RING),
    "expired": Mark(_("Check overdue"), "#CC79A7", _RING + _BAR),
    "depth_unknown": Mark(_("Depth not known"), "#56B4E9", _DIAMOND),
    "compliant": Mark(_("Compliant"), "#009E73", _DISC),
    "waived": Mark(_("Waived"), "#9CA3AF", _DOT),
    "out_of_scope": Mark(_("Out of scope"), "#9CA3AF", _DOT),
}
UNKNOWN = Mark(_("Unknown verdict"), "#6B7280", _RING)


def shape_of(mark: Mark) -> str:
    """Return the inner SVG with its colours filled in."""
    return mark.shape.replace('"C"', f'"{mark.colour}"').replace('"K"', f'"{EDGE}"')
