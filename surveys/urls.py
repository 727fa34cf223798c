from django.urls import path

from surveys.views import capture, files, phone, review

app_name = "surveys"
urlpatterns = [
    path("near/", phone.near_me, name="near_me"),
    path("nearby/", phone.nearby, name="nearby"),
    path("capture/", capture.capture, name="capture"),
    path("sent/", phone.sent, name="sent"),
    path("sent/<uuid:public_id>/", phone.receipt, name="receipt"),
    path("review/", review.queue, name="queue"),
    path("review/decide-many/", review.decide_many_page, name="decide_many"),
    path("review/<uuid:public_id>/", review.review, name="review"),
    path("review/<uuid:public_id>/decide/", review.decide, name="decide"),
    path("voice/<uuid:public_id>/", files.voice, name="voice"),
    path("photos/<uuid:public_id>/original/", files.original, name="original"),
    path("photos/<uuid:public_id>/<slug:size>/", files.photo, name="photo"),
]
