"""The words that the map's script needs, in the reader's language."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hazards.taxonomy import HazardKind, Verdict
from maps.selectors.webmap import MapView
from places.selectors import current_set


def map_words(view: MapView) -> dict[str, object]:
    boundary_set = current_set()
    day = date_format(view.day)
    return {
        "verdicts": {value: str(label) for value, label in Verdict.choices},
        "kinds": {value: str(label) for value, label in HazardKind.choices},
        "hazards": _("Hazards by verdict"),
        "children": _("Children near unprotected water"),
        "coverage": _("Compliant, of those in scope"),
        "notWorkedOut": _("not worked out for this day"),
        "nothingInScope": _("no hazard in scope"),
        "nobodyLooked": _("nobody has looked"),
        "all": _("all"),
        "upTo": _("up to"),
        "over": _("from"),
        "unitsOfClasses": _("n/N: units in the class, of all shown"),
        "open": _("Open the record"),
        "zoomIn": _("Zoom in to see each hazard"),
        "unnamed": _("no name"),
        "childrenOf": _("children under 16, of"),
        "notes": [
            _("As of %(day)s") % {"day": day},
            _("Boundaries: %(name)s") % {"name": boundary_set} if boundary_set else "",
            _("A mark is shown for every hazard; at small scales circles count them."),
        ],
        "failed": _("The map could not be loaded. Check the connection and try again."),
    }
