"""A hazard that somebody enters at the desk, or splits off another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.map_forms import DrawForm
from hazards.selectors.timeline import Visit
from hazards.services.inventory import NewHazard
from hazards.taxonomy import (
    LIFECYCLES_WITH_WATER,
    DepthClass,
    DepthMethod,
    HazardKind,
    Lifecycle,
    PositionMethod,
    ShapeForm,
)

_STATES = [
    (state.value, state.label)
    for state in Lifecycle
    if state in LIFECYCLES_WITH_WATER or state == Lifecycle.PLANNED
]


class NewHazardForm(DrawForm):
    """What must be known is the kind and where it is; all else may come with the first visit."""

    form = forms.ChoiceField(
        label=_("What is drawn"), choices=ShapeForm.choices, initial=ShapeForm.POINT
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=HazardKind.choices)
    name = forms.CharField(label=_("Name"), max_length=250, required=False)
    hamlet = forms.CharField(label=_("Hamlet"), max_length=150, required=False)
    lifecycle = forms.ChoiceField(label=_("State"), choices=_STATES, initial=Lifecycle.IN_USE)
    depth_class = forms.ChoiceField(
        label=_("Depth class"), choices=DepthClass.choices, initial=DepthClass.UNKNOWN
    )
    max_depth_m = forms.DecimalField(
        label=_("Greatest depth, m"), required=False, min_value=0, max_digits=5, decimal_places=2
    )
    depth_method = forms.ChoiceField(
        label=_("Depth known by"), choices=DepthMethod.choices, initial=DepthMethod.UNKNOWN
    )
    position_method = forms.ChoiceField(
        label=_("Position from"), choices=PositionMethod.choices, initial=PositionMethod.MAP
    )
    accuracy_m = forms.FloatField(
        label=_("Position accuracy, m"), min_value=0, max_value=5000, required=False
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_another = forms.BooleanField(
        label=_("It is another water than those found near it"), required=False
    )

    def to_new(self) -> NewHazard:
        read = self.cleaned_data
        names = (
            "kind", "name", "hamlet", "lifecycle", "depth_class", "max_depth_m", "depth_method",
            "position_method", "note",
        )  # fmt: skip
        given: dict[str, Any] = {name: read[name] for name in names}
        return NewHazard(
            geometry=read["drawn"], position_accuracy_m=read["accuracy_m"], source="office", **given
        )


class SplitForm(NewHazardForm):
    """The second water, and what of the record belongs to it."""

    safeguards = forms.MultipleChoiceField(
        label=_("Safeguards that stand at the new one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    visits = forms.MultipleChoiceField(
        label=_("Visits that were to the new one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        safeguards: list[tuple[str, str]],
        visits: list[Visit],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        chosen: Any = self.fields["safeguards"]
        chosen.choices = safeguards
        told: Any = self.fields["visits"]
        told.choices = [(str(n), visit.told) for n, visit in enumerate(visits)]
        for name in ("safeguards", "visits"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]
        del self.fields["is_another"]
