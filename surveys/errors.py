"""What can go wrong with a survey, in words for the person at the pond or at the desk."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class EmptyPhotoError(DomainError):
    """A file of 0 bytes: the phone could not read its own photo."""

    code = "surveys.photo_empty"
    status = 422
    template = _("The photo {filename} is empty (0 bytes). Take it again.")


class PhotoTooBigError(DomainError):
    """More bytes than PHOTO_MAX_BYTES."""

    code = "surveys.photo_too_big"
    status = 413
    template = _(
        "The photo {filename} has {size_mb:.1f} MB; at most {limit_mb:.0f} MB can be sent. "
        "Choose a smaller picture size in the camera and take it again."
    )


class TooManyPhotosError(DomainError):
    code = "surveys.too_many_photos"
    status = 422
    template = _("{count} photos were sent; one survey holds at most {limit}. Send the best ones.")


class SendTooBigError(DomainError):
    """The whole body is larger than the most photos of the largest size; it is not read."""

    code = "surveys.send_too_big"
    status = 413
    template = _(
        "The photos have {size_mb:.0f} MB together; at most {limit_mb:.0f} MB can be sent at "
        "once. Send fewer photos at a time."
    )


class NoPositionError(DomainError):
    code = "surveys.no_position"
    status = 422
    template = _(
        "The position is missing or cannot be right. Let the phone find its position, or mark the "
        "place on the map."
    )


class OutsideUnitsError(DomainError):
    """No unit of the current boundaries holds the position."""

    code = "surveys.outside_units"
    status = 422
    template = _(
        "The position lies {distance_km:.1f} km outside the area you survey. Correct it on the map."
    )


class OutsideAreaError(DomainError):
    """The unit at the position is not one the surveyor works in."""

    code = "surveys.outside_area"
    status = 403
    template = _(
        "The position lies in {unit}, where you do not survey; your area is {distance_km:.1f} km "
        "away. Correct the position on the map, or ask an administrator."
    )


class NothingReportedError(DomainError):
    code = "surveys.nothing_reported"
    status = 422
    template = _("A new place needs its kind. Choose what it is and send again.")


class ClientIdTakenError(DomainError):
    """Somebody else's survey has this id; phones make ids that never meet by chance."""

    code = "surveys.client_id_taken"
    status = 409
    template = _("This survey was begun by somebody else. Open a new one and fill it in.")


class IllegalMoveError(DomainError):
    code = "surveys.illegal_move"
    status = 409
    template = _(
        "This survey is {from_state} and cannot become {to_state}. Open the list again: somebody "
        "may have decided before you."
    )


class LookFirstError(DomainError):
    """A survey that may not be accepted from the list."""

    code = "surveys.look_first"
    status = 409
    template = _(
        "Open it and look: it has no photo, a photo raises a doubt, or the place is new to the "
        "register."
    )


class SecondReviewerError(DomainError):
    """The first reviewer accepts again: four eyes are those of two people."""

    code = "surveys.second_reviewer"
    status = 409
    template = _(
        "You accepted this survey already. Many children live near this water, so another reviewer "
        "must accept it as well."
    )


class OwnSubmissionError(DomainError):
    code = "surveys.own_submission"
    status = 403
    template = _("You sent this survey yourself. Another reviewer must decide about it.")


class ReasonMissingError(DomainError):
    code = "surveys.reason_missing"
    status = 422
    template = _("Write the reason, so that the surveyor knows what to do.")


class PhotosMissingError(DomainError):
    code = "surveys.photos_missing"
    status = 409
    template = _(
        "Only {here} of {expected} photos have come; the others are still on the phone. Wait for "
        "them, or write in the reason why it is accepted without."
    )


class PhotosWaitingError(DomainError):
    """Nobody may accept what he cannot see yet."""

    code = "surveys.photos_waiting"
    status = 409
    template = _(
        "{count} of {total} photos are still being prepared. Wait a minute and accept again; if it "
        "stays so, an administrator runs: manage.py process_photos"
    )
