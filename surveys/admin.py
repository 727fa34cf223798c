"""Surveys in Django's administration: to look at. They are decided on the reviewers' pages."""

from django.contrib import admin

from common.readonly_admin import ReadOnlyAdmin
from surveys.models import ReviewEvent, Submission, SurveyPhoto, VoiceNote


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "state", "hazard", "new_name", "unit", "surveyor", "received_at"]
    list_filter = ["state", "is_synthetic"]
    list_select_related = ["hazard", "unit", "surveyor"]
    search_fields = ["hazard__code", "surveyor__username", "new_name"]
    date_hierarchy = "received_at"
    show_full_result_count = False


@admin.register(SurveyPhoto)
class SurveyPhotoAdmin(ReadOnlyAdmin):
    list_display = ["submission", "subject", "state", "problem", "size_bytes", "faces_n"]
    list_filter = ["state", "subject"]
    list_select_related = ["submission"]
    search_fields = ["sha256", "submission__hazard__code"]
    show_full_result_count = False


@admin.register(VoiceNote)
class VoiceNoteAdmin(ReadOnlyAdmin):
    list_display = ["submission", "media_type", "size_bytes", "created_at"]
    list_select_related = ["submission"]
    search_fields = ["sha256", "submission__hazard__code"]


@admin.register(ReviewEvent)
class ReviewEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "submission", "to_state", "reviewer", "reason"]
    list_filter = ["to_state"]
    list_select_related = ["submission", "reviewer"]
    search_fields = ["submission__hazard__code", "reviewer__username", "reason"]
    show_full_result_count = False
