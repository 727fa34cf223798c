"""What an inspector may write about a hazard from the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hazards.models import AccessPlace, WaterHazard
from hazards.taxonomy import BodyKind, Condition, DepthClass, DepthMethod, ObservedState


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # what date fields of browsers read


class SuggestingInput(forms.TextInput):
    """A line of text with names to choose from; any other may be written."""

    def __init__(self, list_id: str, names: Sequence[str]) -> None:
        super().__init__({"list": list_id, "autocomplete": "off"})
        self.names = names

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        line = super().render(name, value, attrs, renderer)
        one = '<option value="{}"></option>'
        offered = format_html_join("", one, ((known,) for known in self.names))
        return format_html('{}<datalist id="{}">{}</datalist>', line, self.attrs["list"], offered)


_IN_ORDER = (
    "name", "kind", "lifecycle", "handover_on", "water_months", "hamlet", "max_depth_m",
    "depth_class", "depth_method", "nearest_house_m", "nearest_school_m", "responsible_body",
    "new_body", "new_body_kind", "note", "reason",
)  # fmt: skip
_BESIDE = ("new_body", "new_body_kind", "reason")  # asked for, but no columns of a hazard


class HazardForm(forms.ModelForm):
    """Changes what the register says of a hazard. Depth here is the register's own: one that
    somebody saw or measured on a day is an observation."""

    new_body = forms.CharField(
        label=_("Or a responsible body that is not in the list"), max_length=250, required=False
    )
    new_body_kind = forms.ChoiceField(
        label=_("Kind of the new body"), choices=BodyKind.choices, required=False,
        initial=BodyKind.OTHER,
    )  # fmt: skip
    water_months = forms.TypedMultipleChoiceField(
        label=_("Months with water (none chosen: nobody has said)"),
        choices=[(month, MONTHS[month]) for month in range(1, 13)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "short"}),
    )
    reason = forms.CharField(label=_("Why is it changed?"), max_length=200, required=False)

    field_order = _IN_ORDER

    class Meta:
        model = WaterHazard
        fields = (
            "name", "kind", "lifecycle", "handover_on", "water_months", "hamlet", "max_depth_m",
            "depth_class", "depth_method", "nearest_house_m", "nearest_school_m",
            "responsible_body", "note",
        )  # fmt: skip
        widgets = {"handover_on": DateInput(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: forms.ModelChoiceField = self.fields["responsible_body"]  # type: ignore[assignment]
        body.queryset = bodies
        body.empty_label = _("not known yet")

    def changes(self) -> dict[str, Any]:
        """Return only the fields that were changed, for the service."""
        changed = [name for name in self.changed_data if name not in _BESIDE]
        return {name: self.cleaned_data[name] for name in changed}

    def _post_clean(self) -> None:
        """Leave the instance alone: the service writes, and compares with what was there."""


class ObservationForm(forms.Form):
    """One look at a hazard. What was not looked at stays "not checked" and changes nothing."""

    observed_on = forms.DateField(label=_("Seen on"), widget=DateInput())
    where = forms.ModelChoiceField(
        label=_("Where it was looked at"),
        queryset=AccessPlace.objects.none(),
        required=False,
        empty_label=_("the whole water, all round"),
        to_field_name="public_id",
    )
    sign = forms.ChoiceField(label=_("Warning sign"), choices=ObservedState.choices)
    sign_condition = forms.ChoiceField(
        label=_("Condition of the sign"), choices=[("", "-"), *Condition.choices], required=False
    )
    barrier = forms.ChoiceField(label=_("Barrier"), choices=ObservedState.choices)
    barrier_condition = forms.ChoiceField(
        label=_("Condition of the barrier"), choices=[("", "-"), *Condition.choices], required=False
    )
    height_m = forms.FloatField(
        label=_("Height of the barrier at its lowest, m"), required=False, min_value=0, max_value=5
    )
    widest_gap_mm = forms.FloatField(
        label=_("Widest gap of the barrier, mm"), required=False, min_value=0, max_value=10_000
    )
    closed_percent = forms.FloatField(
        label=_("Of the shore the barrier closes, %"), required=False, min_value=0, max_value=100
    )
    cover = forms.ChoiceField(label=_("Cover"), choices=ObservedState.choices)
    depth_class = forms.ChoiceField(label=_("Depth class"), choices=DepthClass.choices)
    depth_m = forms.DecimalField(
        label=_("Depth, m"), required=False, min_value=0, max_digits=5, decimal_places=2
    )
    method = forms.ChoiceField(label=_("Depth known by"), choices=DepthMethod.choices)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, hazard: WaterHazard, where: str = "") -> None:
        super().__init__(
            data,
            initial={
                "where": where,
                "observed_on": timezone.localdate(),
                "sign": ObservedState.NOT_CHECKED,
                "barrier": ObservedState.NOT_CHECKED,
                "cover": ObservedState.NOT_CHECKED,
                "depth_class": DepthClass.UNKNOWN,
                "method": DepthMethod.UNKNOWN,
            },
        )
        places: forms.ModelChoiceField = self.fields["where"]  # type: ignore[assignment]
        places.queryset = hazard.access_places.all()
        if not places.queryset.exists():
            del self.fields["where"]

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        looked = any(
            read.get(duty) not in (None, ObservedState.NOT_CHECKED)
            for duty in ("sign", "barrier", "cover")
        )
        measured = read.get("depth_m") is not None or read.get("depth_class") != DepthClass.UNKNOWN
        if not self.errors and not looked and not measured:
            raise forms.ValidationError(
                _("Nothing was looked at. Say what was seen, or the depth.")
            )
        return read
