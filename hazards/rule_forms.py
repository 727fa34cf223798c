"""A rule as an administrator drafts it, before it is tried out and signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.record_forms import DateInput
from hazards.services.rehearsal import DraftRule
from hazards.services.rules import DEFAULT_MONTHS, MAX_MONTHS
from hazards.taxonomy import Duty, HazardKind


def _months(label: Any, duty: Duty) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MAX_MONTHS, initial=DEFAULT_MONTHS[duty]
    )


class RuleDraftForm(forms.Form):
    """A rule with the code of another becomes its next version. Metres, calendar months."""

    rule_code = forms.SlugField(label=_("Code of the rule, such as deep-water"), max_length=40)
    title_vi = forms.CharField(label=_("Wording in Vietnamese"), max_length=250)
    title_en = forms.CharField(label=_("Wording in English"), max_length=250)
    legal_reference = forms.CharField(label=_("Legal reference"), max_length=250, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of water"), choices=HazardKind.choices, widget=forms.CheckboxSelectMultiple
    )
    duties = forms.MultipleChoiceField(
        label=_("What it requires"), choices=Duty.choices, widget=forms.CheckboxSelectMultiple
    )
    min_depth_m = forms.DecimalField(
        label=_("Only water deeper than, m (empty: any depth)"),
        required=False,
        min_value=0,
        max_digits=4,
        decimal_places=2,
    )
    sign_months = _months(_("A sign seen in place counts for, months"), Duty.SIGN)
    barrier_months = _months(_("A barrier seen in place counts for, months"), Duty.BARRIER)
    cover_months = _months(_("A cover seen in place counts for, months"), Duty.COVER)
    valid_from = forms.DateField(label=_("In force from"), widget=DateInput())

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(
                _("A rule cannot begin in the past: figures already reported would change.")
            )
        return day

    def draft(self) -> DraftRule:
        """Return what a form without errors says."""
        read = self.cleaned_data
        return DraftRule(
            rule_code=read["rule_code"],
            title_vi=read["title_vi"],
            title_en=read["title_en"],
            legal_reference=read["legal_reference"],
            kinds=tuple(read["kinds"]),
            duties=tuple(read["duties"]),
            min_depth_m=read["min_depth_m"],
            valid_months={duty: read[f"{duty}_months"] for duty in Duty.values},
            valid_from=read["valid_from"],
        )


def initial_of(draft: DraftRule) -> dict[str, Any]:
    """Return what the form begins with when a rule is to be changed."""
    months = {f"{duty}_months": months for duty, months in draft.valid_months.items()}
    return draft.values() | months
