from django.urls import path

from maps.views import gaps, near, overview, runs, webmap, what_if

app_name = "maps"
urlpatterns = [
    path("overview/", overview.overview_page, name="overview"),
    path("overview/state/", overview.figures_state_part, name="figures_state"),
    path("gaps/", gaps.gaps_page, name="gaps"),
    path("gaps/export/<slug:format_name>/", gaps.gaps_export, name="gaps_export"),
    path("near/<slug:code>/", near.near_hazard_part, name="near_hazard"),
    path("what-if/", what_if.what_if_page, name="what_if"),
    path("what-if/figures/", what_if.what_if_figures, name="what_if_figures"),
    path("runs/", runs.runs_page, name="runs"),
    path("runs/table/", runs.runs_part, name="runs_part"),
    path("runs/start/", runs.start_run, name="start_run"),
    path("runs/start-trend/", runs.start_trend, name="start_trend"),
    path("datasets/<slug:sha256>/preview.png", runs.dataset_preview, name="dataset_preview"),
    path("", webmap.webmap_page, name="webmap"),
    path("areas.geojson", webmap.areas_view, name="areas"),
    path("tiles/hazards/<int:z>/<int:x>/<int:y>.mvt", webmap.hazard_tile_view, name="hazard_tile"),
]
