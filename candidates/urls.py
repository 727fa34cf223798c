from django.urls import path

from candidates.views import queue

app_name = "candidates"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("reject/", queue.reject_many, name="reject_many"),
    path("completeness/", queue.register_completeness, name="completeness"),
    path("<uuid:public_id>/", queue.candidate, name="candidate"),
    path("<uuid:public_id>/decide/", queue.decide, name="decide"),
]
