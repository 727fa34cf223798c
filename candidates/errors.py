"""What can go wrong with candidates, in words."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class DecidedAlreadyError(DomainError):
    code = "candidates.decided_already"
    status = 409
    template = _("This candidate has been decided already: {state}. Reload the page.")


class ReasonUnknownError(DomainError):
    code = "candidates.reason_unknown"
    status = 422
    template = _("“{reason}” is no reason known here. Choose one of: {allowed}.")


class StillRegisteredError(DomainError):
    code = "candidates.still_registered"
    status = 409
    template = _(
        "The hazard {code} was made from this candidate and is in the register. Change the state "
        "of the hazard instead; a hazard is never deleted."
    )


class NoUnitError(DomainError):
    code = "candidates.no_unit"
    status = 422
    template = _("The candidate lies in no unit of the current set. Load the units there first.")


class WaterRasterError(DomainError):
    code = "candidates.water_raster"
    status = 422
    template = _(
        "{name} is no layer of water occurrence: {reason}. Give the JRC layer “occurrence”, whole "
        "numbers from 0 to 100 (percent of the time) with 255 for no data."
    )


class OtherGridError(DomainError):
    code = "candidates.other_grid"
    status = 422
    template = _(
        "{name} is not on the grid of {first}: {what}. Give the layers of one and the same tile."
    )
