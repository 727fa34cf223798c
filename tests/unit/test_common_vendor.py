"""Vendored front-end files: the ones we chose, whole, licensed, and asking nobody outside."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from common.templatetags.page import _ICON_ALIASES, VENDOR_VERSIONS

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "common/static/vendor"


def test_versions_in_templates_are_those_of_the_manifest():
    packages = tomllib.loads((ROOT / "scripts/vendor/manifest.toml").read_text())["package"]
    assert {p["name"].split("/")[-1]: p["version"] for p in packages} == VENDOR_VERSIONS


def test_vendored_files_are_unchanged():
    command = [sys.executable, str(ROOT / "scripts/vendor/vendor.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", list(VENDOR_VERSIONS))
def test_each_package_has_its_licence_and_no_source_map(name):
    folder = VENDOR / f"{name}-{VENDOR_VERSIONS[name]}"
    assert (folder / "LICENSE").stat().st_size > 300
    for path in folder.rglob("*"):
        if path.suffix in {".js", ".css"}:
            assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("picture", list(_ICON_ALIASES.values()))
def test_every_icon_has_its_picture(picture):
    icons = VENDOR / f"bootstrap-icons-{VENDOR_VERSIONS['bootstrap-icons']}/icons"
    assert (icons / f"{picture}.svg").exists()


def test_no_page_or_style_of_ours_asks_an_outside_server():
    asked = re.compile(r"""(?:src|href|url|from|import)\s*[=(]?\s*["']?(?:https?:)?//[\w.]""")
    for folder in ("templates", "static/common"):
        for path in (ROOT / "common" / folder).rglob("*"):
            if path.suffix in {".html", ".css", ".js", ".svg"}:
                assert not asked.search(path.read_text(encoding="utf-8")), path
