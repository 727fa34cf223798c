from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = _("hazards")

    def ready(self) -> None:
        from hazards import (
            layers,  # noqa: F401 - registers the hazard layer
            tracked,
        )

        tracked.register()
