"""A rule as an administrator drafts it, before it is tried out and signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.record_forms import DateInput
from hazards.services.rehearsal import DraftRule
from hazards.services.rules import (
    DEFAULT_MONTHS,
    MAX_GAP_MM,
    MAX_HEIGHT_M,
    MAX_MONTHS,
    MAX_NEAR_M,
)
from hazards.taxonomy import LIFECYCLES_WITH_WATER, Duty, HazardKind, Lifecycle


def _months(label: Any, duty: Duty) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MAX_MONTHS, initial=DEFAULT_MONTHS[duty]
    )


def _distance(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MAX_NEAR_M, required=False)


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
    lifecycles = forms.MultipleChoiceField(
        label=_("Only in these states (none ticked: in any state with water)"),
        choices=[
            (str(state), state.label) for state in Lifecycle if state in LIFECYCLES_WITH_WATER
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    near_house_m = _distance(_("Only within so many metres of a house (empty: anywhere)"))
    near_school_m = _distance(_("Or within so many metres of a school (empty: anywhere)"))
    min_barrier_height_m = forms.FloatField(
        label=_("A barrier is at least so high, m (empty: heights are not judged)"),
        min_value=0.1,
        max_value=MAX_HEIGHT_M,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    max_barrier_gap_mm = forms.IntegerField(
        label=_("And has no gap wider than, mm (empty: gaps are not judged)"),
        min_value=1,
        max_value=MAX_GAP_MM,
        required=False,
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
            lifecycles=tuple(read["lifecycles"]),
            near_house_m=read["near_house_m"],
            near_school_m=read["near_school_m"],
            min_barrier_height_m=read["min_barrier_height_m"],
            max_barrier_gap_mm=read["max_barrier_gap_mm"],
            valid_months={duty: read[f"{duty}_months"] for duty in Duty.values},
            valid_from=read["valid_from"],
        )


def initial_of(draft: DraftRule) -> dict[str, Any]:
    """Return what the form begins with when a rule is to be changed."""
    months = {f"{duty}_months": months for duty, months in draft.valid_months.items()}
    return draft.values() | months


class RuleEndForm(forms.Form):
    """From today on: a day gone by is not judged anew by an end that nobody had said then."""

    valid_to = forms.DateField(label=_("Holds no more from"), widget=DateInput())

    def clean_valid_to(self) -> date:
        day: date = self.cleaned_data["valid_to"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Give today or a later day."))
        return day
