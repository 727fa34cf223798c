from django.urls import path

from hazards.views import (
    compare,
    exports,
    history,
    lists,
    new_hazard,
    on_map,
    photos,
    record,
    record_edits,
    rulebook,
)

app_name = "hazards"
urlpatterns = [
    path("", lists.hazard_list, name="list"),
    path("new/", new_hazard.new, name="new"),
    path("points/", lists.list_points, name="points"),
    path("noncompliances/", lists.noncompliances, name="noncompliances"),
    path("noncompliances/print/", lists.print_noncompliances, name="noncompliances_print"),
    path("export/<slug:list_name>/<slug:format_name>/", exports.export, name="export"),
    path("photos/<uuid:public_id>/<slug:size>/", photos.photo, name="photo"),
    path("compare/", compare.compare, name="compare"),
    path("changes/", history.changes, name="changes"),
    path("changes/undo/", history.undo_changes, name="undo"),
    path("check-list/", history.check_list, name="check_list"),
    path("rules/", rulebook.rulebook, name="rulebook"),
    path("rules/draft/", rulebook.rule_draft, name="rule_draft"),
    path("<slug:code>/", record.record, name="record"),
    path("<slug:code>/history/", history.hazard_history, name="history"),
    path("<slug:code>/edit/", record_edits.edit, name="edit"),
    path("<slug:code>/observe/", record_edits.observe, name="observe"),
    path("<slug:code>/split/", new_hazard.split, name="split"),
    path("<slug:code>/shape/", on_map.shape, name="shape"),
    path("<slug:code>/shape/drop/", on_map.drop, name="shape_drop"),
    path("<slug:code>/places/new/", on_map.place, name="place_new"),
    path("<slug:code>/places/<uuid:public_id>/", on_map.place, name="place"),
    path(
        "<slug:code>/places/<uuid:public_id>/withdraw/",
        on_map.withdraw_place,
        name="place_withdraw",
    ),
    path("<slug:code>/safeguards/new/", on_map.safeguard, name="safeguard_new"),
    path("<slug:code>/safeguards/<uuid:public_id>/", on_map.safeguard, name="safeguard"),
]
