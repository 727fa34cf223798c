from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Membership, User

# The rest of the register, for who installs it: it says whose it is.
admin.site.site_title = _("Safe Shore")  # type: ignore[assignment]
admin.site.site_header = _("Safe Shore: administration")  # type: ignore[assignment]
admin.site.index_title = _("All tables")  # type: ignore[assignment]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ["unit"]


@admin.register(User)
class SafeShoreUserAdmin(UserAdmin):
    inlines = [MembershipInline]
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Language"), {"fields": ["language"]}))


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "actor", "verb", "target_kind", "target_id"]
    list_filter = ["verb", "target_kind"]
    search_fields = ["target_id"]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
