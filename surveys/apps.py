from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("surveys")

    def ready(self) -> None:
        from hazards.signals import boundary_set_changed
        from surveys import layers  # noqa: F401 - registers the reviewers' layer
        from surveys.services.moving import move_submissions

        boundary_set_changed.connect(move_submissions, dispatch_uid="surveys.move_submissions")
