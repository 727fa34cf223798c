from django.urls import path

from hazards.views import bodies

app_name = "bodies"
urlpatterns = [
    path("", bodies.bodies, name="list"),
    path("merge/", bodies.merge, name="merge"),
    path("<uuid:public_id>/apart/", bodies.apart, name="apart"),
]
