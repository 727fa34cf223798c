"""For the tests: a database of their own, files in a folder that is thrown away."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only")

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, STORAGES

# Several test runs may share one server: give each its own name.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SAFESHORE_TEST_DB", "test_safeshore")}

MEDIA_DIR = Path(tempfile.mkdtemp(prefix="safeshore-test-media-"))
UPLOAD_PARTS_DIR = MEDIA_DIR / "parts"
EXPOSURE_BLOCKS_DIR = MEDIA_DIR / "exposure"
_files: dict[str, dict[str, object]] = {
    name: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_DIR / name},
    }
    for name in STORAGES
}
STORAGES = _files | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

# Events note what rows do; to write old ones back between tests would tell each row twice.
TEST_NON_SERIALIZED_APPS = ["history"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = MEDIA_DIR / "static"
STATIC_ROOT.mkdir()  # whitenoise warns when its folder is not there
