"""What may be drawn on the map of a hazard: its shapes, access places, safeguards."""

from __future__ import annotations

from typing import Any

import shapely
from django import forms
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.models import AccessPlace, Safeguard, WaterHazard
from hazards.record_forms import DateInput
from hazards.taxonomy import AccessPlaceKind, PositionMethod, SafeguardKind, ShapeForm


class DrawnField(forms.CharField):
    """A shape as the map script writes it: GeoJSON in EPSG:4326. Its place is checked later."""

    widget = forms.HiddenInput
    default_error_messages = {"unread": _("What was drawn could not be read. Draw it again.")}

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            drawn = shapely.from_geojson(text)
            return GEOSGeometry(memoryview(shapely.to_wkb(drawn)), srid=4326)
        except (shapely.errors.ShapelyError, GEOSException, ValueError, TypeError):
            raise forms.ValidationError(self.error_messages["unread"], code="unread") from None


class DrawForm(forms.Form):
    """``drawn`` comes last, so that the page can put the map beside the other fields."""

    drawn = DrawnField(
        label=_("Shape on the map"),
        error_messages={"required": _("Nothing is drawn yet. Draw it on the map.")},
    )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "drawn"]


class ShapeDrawForm(DrawForm):
    form = forms.ChoiceField(label=_("What is drawn"), choices=ShapeForm.choices)
    position_method = forms.ChoiceField(
        label=_("Position from"), choices=PositionMethod.choices, initial=PositionMethod.MAP
    )
    accuracy_m = forms.FloatField(
        label=_("Position accuracy, m"), min_value=0, max_value=5000, required=False
    )
    source = forms.CharField(
        label=_("Drawn from (picture, decision, survey)"), max_length=100, required=False
    )
    dated_on = forms.DateField(label=_("As it was on"), widget=DateInput(), required=False)
    reason = forms.CharField(label=_("Why is it changed?"), max_length=200, required=False)


class AccessPlaceForm(DrawForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=AccessPlaceKind.choices)
    label = forms.CharField(label=_("Name of the place"), max_length=150)
    known_from = forms.DateField(label=_("People reach the water there from"), widget=DateInput())
    known_to = forms.DateField(
        label=_("No longer from (empty: they still do)"), widget=DateInput(), required=False
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, place: AccessPlace | None = None) -> None:
        names = ("kind", "label", "known_from", "known_to", "note")
        first = {name: getattr(place, name) for name in names} if place else {}
        super().__init__(data, initial={"known_from": timezone.localdate(), **first})


class SafeguardForm(DrawForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=SafeguardKind.choices)
    label = forms.CharField(label=_("Label"), max_length=150, required=False)
    access_place = forms.ModelChoiceField(
        label=_("Where"),
        queryset=AccessPlace.objects.none(),
        required=False,
        empty_label=_("at the water, place not said"),
    )
    installed_on = forms.DateField(label=_("Installed on"), widget=DateInput(), required=False)
    removed_on = forms.DateField(
        label=_("No longer there from (empty: it stands)"), widget=DateInput(), required=False
    )

    def __init__(
        self, data: Any = None, *, hazard: WaterHazard, safeguard: Safeguard | None = None
    ) -> None:
        names = ("kind", "label", "access_place", "installed_on", "removed_on")
        first = {name: getattr(safeguard, name) for name in names} if safeguard else {}
        super().__init__(data, initial=first)
        self.fields["drawn"].required = False
        places: forms.ModelChoiceField = self.fields["access_place"]  # type: ignore[assignment]
        places.queryset = hazard.access_places.all()
        if safeguard is None:
            del self.fields["removed_on"]
