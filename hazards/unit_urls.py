from django.urls import path

from hazards.views import units

app_name = "units"
urlpatterns = [
    path("", units.search, name="search"),
    path("<int:unit_id>/", units.unit, name="unit"),
]
