"""Settings shared by every way of running. Numbers carry their unit and a reason."""

from config import env, geolibs
from config.storages import media_storages

geolibs.drop_foreign_data()

BASE_DIR = env.BASE_DIR
VAR_DIR = env.VAR_DIR

SECRET_KEY = env.required("SECRET_KEY")
DEBUG = False  # settings/dev.py is the only module that turns it on
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
USE_HTTPS = env.flag("USE_HTTPS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "django.contrib.humanize",
    "common",  # before leaflet: its templates load our newer Leaflet
    "leaflet",
    "procrastinate.contrib.django",
    "places",
    "accounts",
    "history",
    "hazards",
    "surveys",
    "maps",
    "candidates",
    "field",
    "config",  # the demo's command; no tables
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.UserLanguageMiddleware",
    "history.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.DomainErrorMiddleware",
    "hazards.middleware.FreshVerdictsMiddleware",
    "common.middleware.RememberingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "accounts.context.page_context",
            ],
        },
    },
]

DATABASES = {"default": env.database(env.required("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

GDAL_LIBRARY_PATH = env.text("GDAL_LIBRARY_PATH") or geolibs.bundled("pyogrio", "gdal")
GEOS_LIBRARY_PATH = env.text("GEOS_LIBRARY_PATH") or geolibs.bundled("shapely", "geos_c")

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"  # shown; UTC is stored
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["common.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"

MEDIA_DIR = VAR_DIR / "media"
STORAGES: dict[str, dict[str, object]] = {
    **media_storages(MEDIA_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A survey that takes a water with so many children near off the list needs two reviewers; 0: never.
FOUR_EYES_CHILDREN = env.integer("FOUR_EYES_CHILDREN", default=100)
PHOTO_MAX_BYTES = env.megabytes("PHOTO_MAX_MB", default_mb=25)  # 200-megapixel phones reach 20 MB
UPLOAD_PARTS_DIR = MEDIA_DIR / "parts"  # of photos on their way; always a local disk
ATTACHMENT_MAX_BYTES = env.megabytes("ATTACHMENT_MAX_MB", default_mb=20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of form fields, files not counted
PHOTO_MAX_DISTANCE_M = 200  # metres between a photo and its hazard before it is flagged
FIX_MAX_DISTANCE_M = 100  # metres between the phone's fix and the photo's own position

# Metres from water inside which a child counts as exposed, for children of 5 and over (after age
# four over 90 % drown at 100 m or more from home). Settable; none of them is law.
EXPOSURE_DISTANCES_M = [int(word) for word in env.words("EXPOSURE_DISTANCES_M", "100,200,500")]
EXPOSURE_BLOCKS_DIR = VAR_DIR / "exposure"  # blocks of an interrupted run
# Address of a Dask scheduler that runs are handed to; empty: they are worked out in the process.
EXPOSURE_SCHEDULER = env.text("EXPOSURE_SCHEDULER")

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # seconds: two weeks
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LEAFLET_CONFIG = {
    "TILES": [],  # every page works without internet; a base map is set by BASE_MAP_URL
    "MIN_ZOOM": 5,
    "MAX_ZOOM": 19,
    "DEFAULT_CENTER": (11.75, 106.9),
    "DEFAULT_ZOOM": 9,
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "SCALE": "metric",
}
BASE_MAP_URL = env.text("BASE_MAP_URL")  # e.g. a tile server of the province; empty: none
BASE_MAP_ATTRIBUTION = env.text("BASE_MAP_ATTRIBUTION")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}

# The first page of each role, most telling role first (accounts.roles.ROLE_ORDER).
HOME_BY_ROLE = {
    "administrator": "maps:overview",
    "planner": "maps:overview",
    "inspector": "hazards:noncompliances",
    "reviewer": "surveys:queue",
    "surveyor": "surveys:near_me",
}
