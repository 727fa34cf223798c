"""Read settings from the environment, or from ``var/env`` that ``./start`` writes.

A variable in the environment wins over the same name in the file. Every name read here stands in
``.env.example``.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SAFESHORE_VAR") or BASE_DIR / "var")


def _read_file(path: Path) -> dict[str, str]:
    """Return the NAME=VALUE lines of ``path``; an absent file is an empty one."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


_FILE = _read_file(VAR_DIR / "env")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name) or _FILE.get(name) or default


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Run ./start --setup-only, or set it as .env.example shows."
        )
    return value


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes a whole number.")
    return int(value)


def megabytes(name: str, *, default_mb: int) -> int:
    """Return bytes from a setting given in megabytes."""
    return integer(name, default_mb) * 1024 * 1024


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Turn ``postgresql://user:password@host:port/name?option=value`` into Django's settings.

    A socket folder is given as ``?host=/path``, as libpq does.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgis"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "OPTIONS": options,
    }
