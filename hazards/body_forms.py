"""Who answers for a hazard: named, replaced, ended; and one change to many hazards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.models import ResponsibleBody
from hazards.record_forms import DateInput
from hazards.taxonomy import (
    LIFECYCLES_WITH_WATER,
    BodyKind,
    DepthClass,
    Lifecycle,
    ResponsibleRole,
)


class _BodyForm(forms.Form):
    """A body of the list, or the name of a new one; ``bodies`` are those that may be named."""

    body = forms.ModelChoiceField(
        label=_("Responsible body"),
        queryset=ResponsibleBody.objects.none(),
        required=False,
        empty_label="-",
    )
    new_body = forms.CharField(
        label=_("Or a responsible body that is not in the list"), max_length=250, required=False
    )
    new_body_kind = forms.ChoiceField(
        label=_("Kind of the new body"), choices=BodyKind.choices, initial=BodyKind.OTHER
    )

    def __init__(self, data: Any = None, *, bodies: QuerySet[ResponsibleBody], **more: Any) -> None:
        super().__init__(data, **more)
        body: forms.ModelChoiceField = self.fields["body"]  # type: ignore[assignment]
        body.queryset = bodies

    def _check_body(self, read: dict[str, Any]) -> None:
        if bool(read.get("body")) == bool(read.get("new_body")):
            self.add_error("body", _("Choose a body, or write the name of a new one: one of them."))


class NameBodyForm(_BodyForm):
    role = forms.ChoiceField(
        label=_("As what"), choices=ResponsibleRole.choices, initial=ResponsibleRole.OPERATOR
    )
    valid_from = forms.DateField(label=_("From"), widget=DateInput())
    document_no = forms.CharField(label=_("Number of the decision"), max_length=100, required=False)
    field_order = ("role", "body", "new_body", "new_body_kind", "valid_from", "document_no")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, initial={"valid_from": timezone.localdate()}, **more)

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        self._check_body(read)
        return read


class EndBodyForm(forms.Form):
    valid_to = forms.DateField(label=_("Answers no longer from"), widget=DateInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)


FIELDS = [
    ("responsible_body", _("responsible body")),
    ("lifecycle", _("state")),
    ("depth_class", _("depth class, where no metres are known")),
    ("hamlet", _("hamlet")),
    ("note", _("note (put after what stands there)")),
]


STATES = [
    (state.value, state.label)
    for state in (Lifecycle.PLANNED, *LIFECYCLES_WITH_WATER, Lifecycle.FILLED)
]


class BulkForm(_BodyForm):
    """One field, one value, one reason; for all hazards that stay ticked."""

    field = forms.ChoiceField(label=_("What is changed"), choices=FIELDS)
    lifecycle = forms.ChoiceField(
        label=_("State"),
        choices=STATES,
        initial=Lifecycle.IN_USE,
    )
    depth_class = forms.ChoiceField(label=_("Depth class"), choices=DepthClass.choices)
    text = forms.CharField(label=_("Text"), max_length=500, required=False)
    reason = forms.CharField(label=_("Why is it changed?"), max_length=200)
    field_order = (
        "field", "body", "new_body", "new_body_kind", "lifecycle", "depth_class", "text", "reason",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        if read.get("field") == "responsible_body":
            self._check_body(read)
        if read.get("field") in ("hamlet", "note") and not read.get("text"):
            self.add_error("text", _("Write the text."))
        return read
