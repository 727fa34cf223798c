"""Figures, dates and marks as people read them, without a database."""

import datetime as dt
import json
import re
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.forms import DateField
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import formats, translation

from common.templatetags.units import hectares, metres, number, people, percent, percent_text, share
from common.verdict_marks import EDGE, MARKS, shape_of

JS = Path(settings.BASE_DIR) / "common/static/common/js"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NBSP = "\u00a0"


@pytest.fixture
def vietnamese():
    with translation.override("vi"):
        yield


def render(source: str, **context: object) -> str:
    return Template("{% load page units verdict %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("language", "date", "moment", "figure"),
    [
        ("vi", "22/11/2026", "14:05 22/11/2026", "1.234,5"),
        ("en", "22 Nov 2026", "22 Nov 2026, 14:05", "1,234.5"),
    ],
)
def test_each_language_writes_dates_and_numbers_its_own_way(language, date, moment, figure):
    with translation.override(language):
        assert formats.date_format(dt.date(2026, 11, 22)) == date
        assert (
            formats.date_format(dt.datetime(2026, 11, 22, 14, 5, tzinfo=HANOI), "DATETIME_FORMAT")
            == moment
        )
        assert formats.localize(1234.5) == figure


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["22/11/2026", "2026-11-22"])
def test_a_typed_date_reads_the_day_first_in_both_languages(language, typed):
    with translation.override(language):
        assert DateField().clean(typed) == dt.date(2026, 11, 22)


@pytest.mark.usefixtures("vietnamese")
def test_figures_carry_their_unit():
    assert metres(1412) == f"1.412{NBSP}m"
    assert metres("3.55", 1) == f"3,6{NBSP}m"
    assert hectares(12_500) == f"1,25{NBSP}ha"
    assert hectares(20) == f"<{NBSP}0,01{NBSP}ha"  # 0.002 ha
    assert people(18_423.6) == "18.424"
    assert people(0.2) == f"<{NBSP}1"
    assert people(0) == "0"


@pytest.mark.parametrize("missing", [None, "", "abc", float("nan"), float("inf")])
def test_what_is_missing_is_a_dash_and_never_a_zero(missing):
    shown = {filter_(missing) for filter_ in (number, metres, hectares, people, percent)}
    assert shown == {"-"}


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (2499, 2500, f"99,9{NBSP}%"),  # 99.96 %
        (999_999, 1_000_000, f"99,9{NBSP}%"),
        (2500, 2500, f"100{NBSP}%"),
        (37, 120, f"30,8{NBSP}%"),
        (1, 10_000, f"<{NBSP}0,1{NBSP}%"),
        (0, 10_000, f"0{NBSP}%"),
        (0, 0, "-"),
        (None, 5, "-"),
    ],
)
def test_a_percentage_is_never_rounded_up_to_all_nor_down_to_none(part, whole, shown):
    assert percent_text(part, whole) == shown


@pytest.mark.usefixtures("vietnamese")
def test_a_share_shows_how_many_of_how_many():
    assert share(1234, 2500) == f"1.234/2.500 (49,4{NBSP}%)"
    assert share(0, 0) == "-"
    assert percent(0.9996) == f"99,9{NBSP}%"


@pytest.mark.parametrize("code", list(MARKS))
def test_a_verdict_is_shown_by_a_mark_and_a_word(code):
    html = render("{% verdict_mark code %}", code=code)
    assert str(MARKS[code].label) in html
    assert 'aria-hidden="true"' in html  # the word speaks, the mark does not
    alone = render("{% verdict_mark code 'no' %}", code=code)
    assert f'aria-label="{MARKS[code].label}"' in alone


def test_verdicts_that_mean_different_things_differ_without_colour():
    shapes = {code: mark.shape for code, mark in MARKS.items()}
    assert shapes.pop("waived") == shapes.pop("out_of_scope")  # one mark, as designed
    assert len(set(shapes.values())) == len(shapes)


def test_an_unknown_verdict_never_looks_compliant():
    html = render("{% verdict_mark 'brand_new' %}")
    assert MARKS["compliant"].colour not in html


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_maps_draw_the_same_marks_as_pages():
    script = (
        "import { COLOURS, verdictSvg } from './verdicts.js';"
        "const all = Object.keys(COLOURS).map((v) => [v, verdictSvg(v)]);"
        "console.log(JSON.stringify(Object.fromEntries(all)));"
    )
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=JS, check=True, capture_output=True, text=True)
    drawn = json.loads(done.stdout)
    assert set(drawn) == set(MARKS)
    for code, mark in MARKS.items():
        assert shape_of(mark) in drawn[code], code
        assert EDGE in drawn[code]


def test_an_address_keeps_its_filters_and_drops_the_old_page():
    request = RequestFactory().get("/hazards/?kind=pond&kind=well&unit=3&page=7&after=x")
    href = render("{% query_with unit=12345 %}", request=request).replace("&amp;", "&")
    assert href == "?kind=pond&kind=well&unit=12345"
    cleared = render("{% query_with unit=None page=2 %}", request=request).replace("&amp;", "&")
    assert cleared == "?kind=pond&kind=well&page=2"


def test_links_of_a_fragment_belong_to_the_page_around_it():
    request = RequestFactory().get(
        "/accounts/units/?q=loc", headers={"HX-Current-URL": "http://x/maps/?as_of=2026-01-01"}
    )
    href = render("{% query_with unit=4 %}", request=request).replace("&amp;", "&")
    assert href == "?as_of=2026-01-01&unit=4"


def test_a_form_carries_the_rest_of_the_address_escaped():
    request = RequestFactory().get("/", {"unit": "3", "as_of": "2026-01-01", "q": '"><b>'})
    html = render("{% hidden_params but='as_of' %}", request=request)
    assert html == (
        '<input type="hidden" name="unit" value="3">'
        '<input type="hidden" name="q" value="&quot;&gt;&lt;b&gt;">'
    )


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG) of #rrggbb."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "ink-2", "ink-3") for ground in ("surface", "ground")),
        ("accent", "surface"),
        ("accent", "ground"),
        ("accent", "accent-soft"),
        ("accent", "past"),
        ("ink-2", "past"),
        ("surface", "accent"),
        ("surface", "accent-deep"),
        ("danger", "danger-soft"),
        ("good", "good-soft"),
    ],
)
def test_text_stands_out_from_its_ground(text, ground):
    css = (JS.parent / "css/site.css").read_text()
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css)) | {"surface": "#ffffff"}
    bright, dark = sorted((luminance(tokens[text]), luminance(tokens[ground])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5
