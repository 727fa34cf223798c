"""Phones and what they sent, in Django's administration: to look at."""

from django.contrib import admin

from common.readonly_admin import ReadOnlyAdmin
from field.models import Campaign, Device, FieldVisit, Invitation, Quarantined


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "last_seen_at", "unsent_visits", "unsent_files", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "user__last_name"]
    exclude = ["token_sha256"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["user", "made_by", "created_at", "expires_at", "used_at"]
    list_select_related = ["user", "made_by"]
    search_fields = ["user__username"]
    exclude = ["token_sha256"]


@admin.register(FieldVisit)
class FieldVisitAdmin(ReadOnlyAdmin):
    list_display = ["client_uuid", "submission", "device", "created_at"]
    list_select_related = ["submission", "device__user"]
    search_fields = ["submission__hazard__code", "body_sha256"]
    show_full_result_count = False


@admin.register(Quarantined)
class QuarantinedAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "device", "path", "reason", "replayed_at"]
    list_select_related = ["device__user"]
    search_fields = ["path", "reason", "sha256"]


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["name", "unit", "starts_on", "ends_on", "made_by"]
    list_select_related = ["unit", "made_by"]
    search_fields = ["name"]
