"""A campaign, and an area of it given to a surveyor."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hazards.record_forms import DateInput
from hazards.taxonomy import Verdict
from places.models import AdminUnit


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.display_name()


class CampaignForm(forms.Form):
    name = forms.CharField(label=_("Name, such as “Before summer 2027”"), max_length=150)
    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Unit"), queryset=AdminUnit.objects.none()
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())

    def offer(self, units: QuerySet[AdminUnit]) -> None:
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    surveyor: forms.ModelChoiceField = _PersonField(
        label=_("Surveyor"), queryset=User.objects.none()
    )
    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Area given out"), queryset=AdminUnit.objects.none()
    )
    verdicts = forms.MultipleChoiceField(
        label=_("Only with these verdicts (none: all)"),
        choices=Verdict.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, people: QuerySet[User], units: QuerySet[AdminUnit]) -> None:
        self.fields["surveyor"].queryset = people  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
