"""The verbs that the history keeps, in the reader's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Promise] = {
    "register_hazards": _("entered into the register"),
    "update_hazards": _("record edited"),
    "import_hazards": _("import of a file"),
    "record_safeguard_state": _("look written down"),
    "record_depth": _("depth written down"),
    "add_safeguard": _("safeguard added"),
    "remove_safeguard": _("safeguard removed"),
    "change_safeguard": _("safeguard changed"),
    "bulk_change": _("many changed at once"),
    "name_responsible": _("responsible body named"),
    "add_attachment": _("document added"),
    "withdraw_attachment": _("document taken off"),
    "split_hazard": _("record split in two"),
    "add_access_place": _("access place added"),
    "change_access_place": _("access place changed"),
    "withdraw_access_place": _("access place taken back"),
    "grant_waiver": _("waiver granted"),
    "end_waiver": _("waiver given another end"),
    "accept_submission": _("survey accepted"),
    "use_boundary_set": _("change of boundaries"),
    "merge_bodies": _("spellings put together"),
    "undo_batch": _("batch undone"),
    "undo_day": _("somebody's day undone"),
    "command:load_demo": _("demonstration data"),
}


def verb_label(verb: str) -> str:
    return str(VERBS.get(verb, verb))
