"""What the history refuses, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NothingToUndoError(DomainError):
    code = "history.nothing_to_undo"
    status = 409
    template = _("Nothing is left to undo here: no change of these is still in force.")


class UndoReasonMissingError(DomainError):
    code = "history.undo_reason_missing"
    status = 422
    template = _("Say why this is undone: the reason stays in the history.")


class UndoBlockedError(DomainError):
    code = "history.undo_blocked"
    status = 409
    template = _(
        "Undoing would break a rule of the register in {table}: {reason} Nothing was undone. "
        "Change the rows in question by hand first."
    )


class SealingBusyError(DomainError):
    code = "history.sealing_busy"
    status = 503
    template = _(
        "A long change is being written, so nothing was sealed. It is tried again within the hour; "
        "or run seal_history when the import has ended."
    )


class PrintedListUnknownError(DomainError):
    code = "history.printed_list_unknown"
    status = 404
    template = _(
        "No list with the code {list_code} is on record here. "
        "Check the code at the foot of the sheet; letters and digits both count."
    )
