from django.contrib.gis import admin

from places.models import AdminUnit, BoundarySet


@admin.register(BoundarySet)
class BoundarySetAdmin(admin.ModelAdmin):
    list_display = ["name", "title", "valid_from", "valid_to", "is_current"]
    readonly_fields = ["is_current"]  # hazards move with it: the command use_boundary_set


@admin.register(AdminUnit)
class AdminUnitAdmin(admin.ModelAdmin):
    list_display = ["full_name", "code", "level", "boundary_set", "valid_from", "valid_to"]
    list_filter = ["boundary_set", "level"]
    search_fields = ["name_plain", "code", "full_name"]
    raw_id_fields = ["parent"]
    exclude = ["geometry"]
