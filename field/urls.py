from django.urls import path

from field.views import api, app, campaigns, devices, join

app_name = "field"
urlpatterns = [
    path("", app.app, name="app"),
    path("sw.js", app.service_worker, name="service_worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("certificate/", app.certificate, name="certificate"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<uuid:public_id>/", campaigns.campaign, name="campaign"),
    path("phones/", devices.devices, name="devices"),
    path("phones/<uuid:public_id>/revoke/", devices.revoke_device, name="revoke"),
    path("phones/invite/", join.invite_phone, name="invite"),
    path("join/<slug:token>/", join.join, name="join"),
    path("sealed/", devices.take_sealed, name="take_sealed"),
    path("held/<uuid:public_id>/", devices.held, name="held"),
    path("held/<uuid:public_id>/replay/", devices.replay_held, name="replay"),
    path("api/devices/", api.devices, name="api_devices"),
    path("api/pack/", api.pack, name="api_pack"),
    path("api/visits/", api.visits, name="api_visits"),
    path("api/visits/<uuid:client_uuid>/", api.visit, name="api_visit"),
    path("api/files/<slug:sha256>/", api.file, name="api_file"),
    path("api/roll-call/", api.roll_call, name="api_roll_call"),
]
