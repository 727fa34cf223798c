"""The file that somebody brings, and what its columns mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.crs import VN2000_ZONES
from hazards.importing.columns import usual_column
from hazards.taxonomy import HazardKind


class BringForm(forms.Form):
    file = forms.FileField(
        label=_("File (.xlsx, .csv, .geojson, .gpkg, shapefile as .zip, .kml)"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
    )
    source = forms.CharField(
        label=_("Who gave it (the same name each time, so that a new file updates the old one)"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


_COLUMNS = {
    "kind": _("Column: kind of water"),
    "name": _("Column: name"),
    "source_id": _("Column: number that stays the same from file to file"),
    "lon": _("Column: longitude"),
    "lat": _("Column: latitude"),
    "x": _("Column: easting (VN-2000)"),
    "y": _("Column: northing (VN-2000)"),
    "depth": _("Column: greatest depth, m"),
    "body": _("Column: responsible body"),
    "lifecycle": _("Column: state"),
}


class MappingForm(forms.Form):
    """Drop-downs of the file's own columns, begun with those of the usual names."""

    crs = forms.ChoiceField(label=_("Coordinate system"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of all rows, where no column says it"),
        choices=[("", "-"), *HazardKind.choices],
        required=False,
    )
    outside = forms.ChoiceField(
        label=_("Rows outside the units"),
        choices=[("refuse", _("refuse them")), ("skip", _("leave them out"))],
    )

    field_order = ("crs", *(f"{name}_field" for name in _COLUMNS), "kind", "outside")

    def __init__(
        self, data: Any, *, columns: list[str], asked: dict[str, Any], is_table: bool
    ) -> None:
        """``is_table``: the file holds numbers alone and cannot say in which system they are."""
        super().__init__(data, initial={"outside": "refuse", "crs": ""} | asked)
        for name, label in _COLUMNS.items():
            self.fields[f"{name}_field"] = forms.ChoiceField(
                label=label,
                choices=[("", _("as usual: {column}").format(column=usual) if (
                    usual := usual_column(columns, name)) else "-"),
                    *((column, column) for column in columns)],
                required=False,
            )  # fmt: skip
        crs: forms.ChoiceField = self.fields["crs"]  # type: ignore[assignment]
        crs.required = is_table
        crs.error_messages["required"] = _(
            "Choose the system of the coordinates. The map then shows where the rows fall."
        )
        crs.choices = [
            ("", _("- choose -") if is_table else _("as the file says")),
            ("4326", _("GPS longitude and latitude (WGS 84)")),
            ("4756", _("VN-2000 longitude and latitude")),
            *((str(code), f"VN-2000, {provinces}") for code, provinces in VN2000_ZONES),
        ]
        self.order_fields(self.field_order)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def asked(self) -> dict[str, Any]:
        """Return the choices as an import takes them."""
        return {name: value for name, value in self.cleaned_data.items() if value}
