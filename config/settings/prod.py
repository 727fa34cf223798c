"""For serving: behind HTTPS when USE_HTTPS is set, on one machine's loopback when not."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, USE_HTTPS

# Many threads wait for slow phones; few at a time speak to the database.
_options: dict[str, object] = DATABASES["default"]["OPTIONS"]  # type: ignore[assignment]
_options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 30}

SESSION_COOKIE_SECURE = USE_HTTPS
CSRF_COOKIE_SECURE = USE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USE_HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if USE_HTTPS else 0
SECURE_SSL_REDIRECT = USE_HTTPS
