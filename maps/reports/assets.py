"""Put vendored libraries into one HTML file, so that it opens from a USB stick."""

import base64
import re
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from django.conf import settings
from folium.plugins import MarkerCluster

from common.templatetags.page import VENDOR_VERSIONS

_URL = re.compile(r"url\(['\"]?(?!data:)([^'\")]+)['\"]?\)")
_STYLES = [("leaflet", "leaflet.css"), ("leaflet.markercluster", "MarkerCluster.css")]
_SCRIPTS = [("leaflet", "leaflet.js"), ("leaflet.markercluster", "leaflet.markercluster.js")]


def vendored(package: str, name: str) -> Path:
    folder = f"{package}-{VENDOR_VERSIONS[package]}"
    return Path(settings.BASE_DIR) / "common" / "static" / "vendor" / folder / name


def forget_outside_assets() -> None:
    """Keep folium from naming its usual hosts; everything it needs is put in by hand."""
    kinds: list[Any] = [folium.Map, folium.GeoJson, folium.LayerControl, MarkerCluster]
    for kind in kinds:
        kind.default_js = []
        kind.default_css = []


def put_in(page: folium.Figure, *, css: str) -> None:
    """Write styles and scripts into the head of ``page``. Leaflet's comes first."""
    styles = "".join(_style(vendored(*name)) for name in _STYLES) + css
    scripts = "".join(f"<script>{_script(vendored(*name))}</script>" for name in _SCRIPTS)
    # raw: neither CSS nor scripts are templates, though braces in them look like it
    head = "{% raw %}<style>" + styles + "</style>" + scripts + "{% endraw %}"
    page.header.add_child(Element(head), name="vendored")


def _style(path: Path) -> str:
    def inline(found: re.Match[str]) -> str:
        picture = path.parent / found.group(1)
        if not picture.exists():  # an old Internet Explorer filter, "#default#VML"
            return found.group(0)
        data = base64.b64encode(picture.read_bytes()).decode()
        return f"url(data:image/png;base64,{data})"

    return _URL.sub(inline, path.read_text(encoding="utf-8"))


def _script(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script")
