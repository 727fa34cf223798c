from django.urls import path

from maps.views import webmap

app_name = "maps"
urlpatterns = [
    path("", webmap.webmap_page, name="webmap"),
    path("areas.geojson", webmap.areas_view, name="areas"),
    path("tiles/hazards/<int:z>/<int:x>/<int:y>.mvt", webmap.hazard_tile_view, name="hazard_tile"),
]
