"""Choose the GDAL and GEOS libraries for GeoDjango: one version on every machine.

The wheels of pyogrio (GDAL with its own PROJ data) and shapely (GEOS) carry both, so nothing has to
be installed for them. ``GDAL_LIBRARY_PATH`` and ``GEOS_LIBRARY_PATH`` override. See docs/adr/0003.
"""

import os
from importlib.util import find_spec
from pathlib import Path

# Data folders of another PROJ or GDAL break every wheel ("PROJ: ... DATABASE.LAYOUT.VERSION"), and
# QGIS or conda users have them set.
FOREIGN_DATA = ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA")


def drop_foreign_data() -> None:
    for name in FOREIGN_DATA:
        os.environ.pop(name, None)


def bundled(package: str, stem: str) -> str | None:
    """Return the path of ``lib<stem>`` inside the wheel of ``package``, or None."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    patterns = (
        (home.parent / f"{package}.libs", f"lib{stem}-*.so*"),
        (home / ".dylibs", f"lib{stem}*.dylib"),
        (home.parent / f"{package}.libs", f"{stem}*.dll"),
    )
    for folder, pattern in patterns:
        found = sorted(folder.glob(pattern)) if folder.is_dir() else []
        if found:
            return str(found[0])
    return None
