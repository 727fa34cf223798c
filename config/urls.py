"""Every address of the site. An app's own addresses stand in its ``urls.py``."""

from django.contrib import admin
from django.urls import include, path

from hazards.views.labels import scanned

urlpatterns = [
    path("", include("common.urls")),
    path("accounts/", include("accounts.urls")),
    path("h/<slug:code>/", scanned, name="scanned"),  # short, since it stands on labels
    path("hazards/", include("hazards.urls")),
    path("surveys/", include("surveys.urls")),
    path("maps/", include("maps.urls")),
    path("bodies/", include("hazards.body_urls")),
    path("units/", include("hazards.unit_urls")),
    path("duplicates/", include("hazards.duplicate_urls")),
    path("imports/", include("hazards.import_urls")),
    path("field/", include("field.urls")),
    path("candidates/", include("candidates.urls")),
    path("admin/", admin.site.urls),
]
