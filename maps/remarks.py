"""What was noticed while loading rasters: kept as code and facts, worded for each reader."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Final[dict[str, Promise]] = {
    "nodata_not_declared": _(
        "{filename}: declares no no-data value; no count is negative, so all were taken."
    ),
    "looks_like_density": _(
        "{filename}: looks like people per km² rather than per cell (up to {most:.0f} in a cell). "
        "Check the publisher's description before using the figures."
    ),
    "no_adults": _("The files hold no people of all ages: figures are given for children only."),
    "units_beyond": _(
        "The raster ends inside the boundary set: {count} units reach beyond it, with so much of "
        "their area: {units}."
    ),
}


def remark(code: str, **facts: Any) -> dict[str, Any]:
    """Return a remark as it is stored."""
    return {"code": code, "facts": facts}


def remark_text(stored: Mapping[str, Any]) -> str:
    return str(TEXTS[stored["code"]]).format(**stored["facts"])
