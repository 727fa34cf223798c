from django.contrib import admin

from candidates.models import Candidate, CandidateSource


@admin.register(CandidateSource)
class CandidateSourceAdmin(admin.ModelAdmin):
    list_display = ["filename", "origin", "data_date", "created_at"]
    readonly_fields = [field.name for field in CandidateSource._meta.fields]


@admin.register(Candidate)
class CandidateAdmin(admin.ModelAdmin):
    """Decisions go through the queue, where they are checked and written down."""

    list_display = ["source_key", "origin", "kind", "name", "unit", "score", "state", "reason"]
    list_filter = ["origin", "state", "reason", "kind"]
    search_fields = ["source_key", "name"]
    readonly_fields = [field.name for field in Candidate._meta.fields]

    def has_add_permission(self, request: object) -> bool:
        return False
