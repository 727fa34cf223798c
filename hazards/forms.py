"""What a page of hazards may be asked in its address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.selectors.bodies import bodies_offered, household_offered
from hazards.selectors.filters import ANY_DUTY, ANY_HOUSEHOLD, NO_BODY, HazardFilter
from hazards.selectors.order import SORTS
from hazards.selectors.reader import Reader
from hazards.taxonomy import Duty, HazardKind, Lifecycle, Verdict
from places.models import AdminUnit

MISSING_CHOICES = [
    ("", _("any or none")),
    (ANY_DUTY, _("any of them")),
    (Duty.SIGN.value, _("warning sign")),
    (Duty.BARRIER.value, _("barrier")),
    (Duty.COVER.value, _("cover")),
]
MAX_CHILDREN = 1_000_000
MAX_DAYS = 36_500


class HazardFilterForm(forms.Form):
    """Reads the filters of a list; ``unit`` and ``as_of`` come from the bar above every page."""

    q = forms.CharField(label=_("Name or code"), max_length=100, required=False)
    kind = forms.MultipleChoiceField(label=_("Kind"), choices=HazardKind.choices, required=False)
    verdict = forms.MultipleChoiceField(label=_("Verdict"), choices=Verdict.choices, required=False)
    missing = forms.ChoiceField(label=_("Missing"), choices=MISSING_CHOICES, required=False)
    body = forms.ChoiceField(label=_("Responsible body"), required=False)
    state = forms.MultipleChoiceField(label=_("State"), choices=Lifecycle.choices, required=False)
    children_min = forms.IntegerField(
        label=_("Children near, at least"), min_value=0, max_value=MAX_CHILDREN, required=False
    )
    days_min = forms.IntegerField(
        label=_("Days since the last look, at least"),
        min_value=0,
        max_value=MAX_DAYS,
        required=False,
    )
    real_only = forms.BooleanField(label=_("Without invented records"), required=False)
    sort = forms.ChoiceField(choices=[(sort, sort) for sort in SORTS], required=False)

    def __init__(self, data: Any, *, reader: Reader, unit: AdminUnit | None) -> None:
        super().__init__(data)
        body: forms.ChoiceField = self.fields["body"]  # type: ignore[assignment]
        body.choices = [
            ("", _("any")),
            (NO_BODY, _("not known yet")),
            (ANY_HOUSEHOLD, _("households")),
            *household_offered(reader, (data or {}).get("body", "")),
            *bodies_offered(reader, unit),
        ]
        self.unit = unit

    def to_filter(
        self, *, as_of: date, default_verdicts: tuple[str, ...] = (), default_sort: str = "code"
    ) -> HazardFilter:
        """Return the filter; a part that could not be read is left out (the page says so)."""
        self.is_valid()
        read = self.cleaned_data
        return HazardFilter(
            unit=self.unit,
            text=read.get("q", ""),
            kinds=tuple(read.get("kind", ())),
            verdicts=tuple(read.get("verdict", ())) or default_verdicts,
            missing=read.get("missing", ""),
            body=read.get("body", ""),
            lifecycles=tuple(read.get("state", ())),
            children_near_min=read.get("children_min"),
            days_since_look_min=read.get("days_min"),
            real_only=read.get("real_only", False),
            as_of=as_of,
            sort=read.get("sort") or default_sort,
        )
