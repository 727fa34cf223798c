from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    name = "maps"
    verbose_name = _("maps and exposure")

    def ready(self) -> None:
        from maps import handlers  # noqa: F401 - listens to the register
