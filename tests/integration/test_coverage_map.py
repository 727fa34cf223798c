"""The stand-alone coverage map: whole, quiet, and safe against what people write into names."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from hazards.models import HazardAssessment
from tests.acceptance.two_communes import Commune, make_commune, make_exposure

pytestmark = pytest.mark.django_db

# Leaflet's own link stands in its source; the attribution that would show it is switched off.
OUTSIDE = re.compile(
    r"""(?:src|href)\s*=\s*["']https?:(?!//leafletjs)|url\(\s*["']?https?:|@import"""
)


@pytest.fixture
def commune() -> Commune:
    made = make_commune("Ánh Dương", place=0, tree_left=11)
    make_exposure([made])
    return made


def render(commune: Commune, output: Path, *more: str) -> str:
    call_command("render_coverage_map", f"--unit={commune.unit.code}", f"--output={output}", *more)
    return output.read_text(encoding="utf-8")


def test_the_map_names_unit_counts_and_children_and_asks_nobody(
    commune: Commune, tmp_path: Path
) -> None:
    html = render(commune, tmp_path / "map.html", "--lang=vi")

    assert "Xã Ánh Dương" in html
    assert commune.hazard.code in html
    assert "0/1" in html  # compliant, of those in scope
    assert re.search(r"<td>\s*Chưa đạt\s*</td><td>1/1</td>", html)
    assert OUTSIDE.search(html) is None
    assert '<html lang="vi">' in html


def test_a_verdict_that_time_has_overtaken_is_worked_out_before_it_is_drawn(
    commune: Commune, tmp_path: Path
) -> None:
    HazardAssessment.objects.update(
        verdict="compliant", changes_on=timezone.localdate() - timedelta(days=1)
    )

    html = render(commune, tmp_path / "map.html", "--lang=en")

    assert re.search(r"<td>\s*Compliant\s*</td><td>0/1</td>", html)


def test_the_words_follow_the_language(commune: Commune, tmp_path: Path) -> None:
    html = render(commune, tmp_path / "map.html", "--lang=en")

    assert re.search(r"<td>\s*Not compliant\s*</td><td>1/1</td>", html)
    assert translation.get_language() == "en"


def test_a_name_cannot_break_out_of_the_script(commune: Commune, tmp_path: Path) -> None:
    commune.hazard.name = "</script><script>alert(1)</script>{{ 7 * 7 }}"
    commune.hazard.save()
    commune.unit.full_name = "Xã {% raw %} <b>đậm</b>"
    commune.unit.save()

    html = render(commune, tmp_path / "map.html")

    assert "<script>alert" not in html
    assert "\\u007b{ 7 * 7 }}" in html  # as written, not worked out
    assert "<b>đậm" not in html


def test_before_anything_was_registered_the_map_is_empty_and_says_so(
    commune: Commune, tmp_path: Path
) -> None:
    html = render(commune, tmp_path / "map.html", "--as-of=2001-01-01", "--lang=en")

    assert commune.hazard.code not in html
    assert "0/0" in html
    assert "not worked out" in html


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--unit=99999", "--output={folder}/m.html"], "no unit with the code 99999"),
        (["--unit={unit}", "--output={folder}/none/m.html"], "does not exist"),
        (["--unit={unit}", "--output={folder}/m.html", "--as-of={tomorrow}"], "future"),
    ],
)
def test_refusals_say_what_is_wrong_and_write_nothing(
    commune: Commune, tmp_path: Path, arguments: list[str], words: str
) -> None:
    facts: dict[str, Any] = {
        "folder": tmp_path,
        "unit": commune.unit.code,
        "tomorrow": timezone.localdate() + timedelta(days=1),
    }

    with pytest.raises(CommandError, match=words):
        call_command(
            "render_coverage_map", *[word.format(**facts) for word in arguments], "--lang=en"
        )

    assert list(tmp_path.iterdir()) == []
