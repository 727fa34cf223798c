from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("surveys")

    def ready(self) -> None:
        from surveys import layers  # noqa: F401 - registers the reviewers' layer
