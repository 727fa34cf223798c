"""The registry in Django's administration. Every change goes through the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from common.errors import DomainError
from common.readonly_admin import ReadOnlyAdmin
from common.text import plain
from hazards.models import (
    ComplianceRule,
    DepthObservation,
    HazardAssessment,
    ResponsibleBody,
    Safeguard,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from hazards.services.inventory import update_hazard
from hazards.services.preparation import columns_of
from hazards.services.rules import add_rule, check_overlap, check_rule, end_rule, newest_version
from hazards.services.waivers import end_waiver, grant_waiver
from hazards.taxonomy import Duty, HazardKind


class NeverDeletedAdmin(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("the administration is open to signed-in users only")
    return request.user


class HazardForm(forms.ModelForm):
    class Meta:
        model = WaterHazard
        fields = [
            "name", "kind", "lifecycle", "handover_on", "hamlet", "responsible_body", "note",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            columns_of({name: cleaned[name] for name in self.changed_data if name in cleaned})
        except DomainError as error:
            raise ValidationError(str(error)) from error
        return cleaned


@admin.register(WaterHazard)
class WaterHazardAdmin(NeverDeletedAdmin):
    form = HazardForm
    list_display = ["code", "name", "kind", "lifecycle", "unit", "verdict", "responsible_body"]
    list_filter = ["assessment__verdict", "kind", "lifecycle", "is_synthetic"]
    list_select_related = ["unit", "assessment", "responsible_body"]
    search_fields = ["code", "name_plain", "source_id"]
    autocomplete_fields = ["responsible_body"]
    readonly_fields = [
        "code", "unit", "position_method", "area_m2", "length_m", "max_depth_m", "depth_class",
        "depth_method", "registered_on", "source", "source_id", "is_synthetic",
    ]  # fmt: skip
    show_full_result_count = False  # a second count of a million rows

    @admin.display(description=_("verdict"))
    def verdict(self, hazard: WaterHazard) -> str:
        assessment = getattr(hazard, "assessment", None)
        return assessment.get_verdict_display() if assessment else "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a hazard has a shape: it comes by import, by survey or from its own page

    def save_model(
        self, request: HttpRequest, obj: WaterHazard, form: forms.ModelForm, change: bool
    ) -> None:
        stored = WaterHazard.objects.get(pk=obj.pk)
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        update_hazard(hazard=stored, actor=_actor(request), reason="admin", **values)


class RuleForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        choices=HazardKind.choices, widget=forms.CheckboxSelectMultiple, label=_("kinds")
    )
    duties = forms.MultipleChoiceField(
        choices=Duty.choices, widget=forms.CheckboxSelectMultiple, label=_("required")
    )

    class Meta:
        model = ComplianceRule
        fields = [
            "rule_code", "title_vi", "title_en", "legal_reference", "kinds", "duties",
            "min_depth_m", "min_barrier_height_m", "max_barrier_gap_mm", "sign_valid_months",
            "barrier_valid_months", "cover_valid_months", "valid_from", "valid_to",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        before = self.instance.valid_to
        rule = ComplianceRule(pk=self.instance.pk, **cleaned)
        try:
            check_rule(rule)
            check_overlap(rule, besides=newest_version(rule))
        except DomainError as error:
            raise ValidationError(str(error)) from error
        self.instance.valid_to = before
        return cleaned


class RuleEndForm(forms.ModelForm):
    """Of a rule that exists only its end can change; anything else is a new version."""

    class Meta:
        model = ComplianceRule
        fields = ["valid_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        valid_to = cleaned.get("valid_to")
        if valid_to is None or valid_to <= self.instance.valid_from:
            raise ValidationError(_("Give a day after the rule's first day."))
        return cleaned


@admin.register(ComplianceRule)
class ComplianceRuleAdmin(NeverDeletedAdmin):
    """Rules are dated: to change one, add a version with the same name and a later first day."""

    list_display = [
        "rule_code",
        "title_vi",
        "kinds",
        "duties",
        "min_depth_m",
        "valid_from",
        "valid_to",
    ]
    list_filter = ["rule_code"]

    fields = [*RuleForm.Meta.fields]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = RuleEndForm if obj else RuleForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in RuleForm.Meta.fields if name != "valid_to"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: ComplianceRule, form: forms.ModelForm, change: bool
    ) -> None:
        if change:
            stored = ComplianceRule.objects.get(pk=obj.pk)
            end_rule(rule=stored, valid_to=form.cleaned_data["valid_to"], actor=_actor(request))
            return
        given = dict(form.cleaned_data)
        months = {duty.value: given.pop(f"{duty.value}_valid_months") for duty in Duty}
        obj.pk = add_rule(**given, valid_months=months, actor=_actor(request)).pk


class WaiverForm(forms.ModelForm):
    class Meta:
        model = Waiver
        fields = ["hazard", "reason", "document_no", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start = cleaned.get("valid_from") or self.instance.valid_from
        end = cleaned.get("valid_to")
        if start and end and end <= start:
            raise ValidationError(_("The end must come after the beginning."))
        return cleaned


@admin.register(Waiver)
class WaiverAdmin(NeverDeletedAdmin):
    form = WaiverForm
    list_display = ["hazard", "valid_from", "valid_to", "granted_by", "reason", "document_no"]
    list_select_related = ["hazard", "granted_by"]
    raw_id_fields = ["hazard"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["hazard", "reason", "document_no", "valid_from"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Waiver, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            given = form.cleaned_data
            obj.pk = grant_waiver(**given, granted_by=_actor(request)).pk
            return
        end_waiver(
            waiver=Waiver.objects.select_related("hazard").get(pk=obj.pk),
            valid_to=form.cleaned_data["valid_to"],
            actor=_actor(request),
            reason="admin",
        )


@admin.register(ResponsibleBody)
class ResponsibleBodyAdmin(NeverDeletedAdmin):
    list_display = ["name", "kind", "unit", "contact"]
    list_filter = ["kind"]
    search_fields = ["name_plain", "name"]
    raw_id_fields = ["unit"]

    def save_model(
        self, request: HttpRequest, obj: ResponsibleBody, form: forms.ModelForm, change: bool
    ) -> None:
        obj.name_plain = plain(obj.name)
        super().save_model(request, obj, form, change)
        record(
            actor=_actor(request),
            verb="change_body" if change else "create_body",
            target_kind="body",
            target_id=obj.public_id,
            fields=form.changed_data,
        )


@admin.register(Safeguard)
class SafeguardAdmin(ReadOnlyAdmin):
    list_display = ["hazard", "kind", "label", "installed_on", "removed_on"]
    list_select_related = ["hazard"]
    search_fields = ["hazard__code"]


@admin.register(SafeguardObservation)
class SafeguardObservationAdmin(ReadOnlyAdmin):
    list_display = [
        "hazard",
        "duty",
        "state",
        "condition",
        "observed_on",
        "observer",
        "source_kind",
    ]
    list_filter = ["duty", "state", "source_kind", "is_synthetic"]
    list_select_related = ["hazard", "observer"]
    search_fields = ["hazard__code"]
    show_full_result_count = False


@admin.register(DepthObservation)
class DepthObservationAdmin(ReadOnlyAdmin):
    list_display = ["hazard", "depth_class", "depth_m", "method", "observed_on", "observer"]
    list_select_related = ["hazard", "observer"]
    search_fields = ["hazard__code"]
    show_full_result_count = False


@admin.register(HazardAssessment)
class HazardAssessmentAdmin(ReadOnlyAdmin):
    list_display = ["hazard", "verdict", "sign", "barrier", "cover", "assessed_on", "changes_on"]
    list_filter = ["verdict"]
    list_select_related = ["hazard"]
    search_fields = ["hazard__code"]
    show_full_result_count = False
