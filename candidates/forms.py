"""What may be asked of the queue, and how one candidate is decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.words import CandidateState, Origin, RejectReason
from hazards.taxonomy import HazardKind

CONFIRM, REJECT, REOPEN = "confirm", "reject", "reopen"


class QueueForm(forms.Form):
    state = forms.ChoiceField(choices=CandidateState.choices, required=False)
    origin = forms.ChoiceField(
        label=_("Origin"), choices=[("", _("any")), *Origin.choices], required=False
    )


class DecisionForm(forms.Form):
    action = forms.ChoiceField(choices=[(name, name) for name in (CONFIRM, REJECT, REOPEN)])
    kind = forms.ChoiceField(label=_("Kind"), choices=HazardKind.choices, required=False)
    name = forms.CharField(label=_("Name"), max_length=250, required=False)
    reason = forms.ChoiceField(
        label=_("Why is it no hazard?"),
        choices=[("", _("choose a reason")), *RejectReason.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class BulkRejectForm(forms.Form):
    chosen = forms.MultipleChoiceField(required=True)
    reason = forms.ChoiceField(choices=RejectReason.choices)

    def __init__(self, data: object, *, offered: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field: forms.MultipleChoiceField = self.fields["chosen"]  # type: ignore[assignment]
        field.choices = [(public_id, public_id) for public_id in offered]
