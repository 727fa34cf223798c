from django.urls import path

from hazards.views import duplicates

app_name = "duplicates"
urlpatterns = [
    path("", duplicates.duplicates, name="list"),
    path("decide/", duplicates.decide, name="decide"),
    path("<uuid:public_id>/undo/", duplicates.undo, name="undo"),
]
