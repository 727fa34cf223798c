from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "history"
    verbose_name = _("history")

    def ready(self) -> None:
        from history import context, tracking

        tracking.track_lower_apps()
        connection_created.connect(context.watch_connection)
        post_migrate.connect(tracking.install_after_migrate)
