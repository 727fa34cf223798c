"""The planner's pages: right figures, only his area, never an old figure as a current one."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.roles import Role
from maps.models import ExposureRun
from maps.services.exposure import run_exposure
from maps.services.scene import RunRequest
from maps.tasks import recompute
from tests.factories.accounts import user_with_role
from tests.factories.maps import (
    at_cell,
    box_of_cells,
    give_share,
    make_dataset,
    make_hazard,
    make_set,
    make_unit,
    observe,
)

pytestmark = pytest.mark.django_db

PEOPLE = [[4000, 4000], [4000, 4000]]


@pytest.fixture
def scene(tmp_path):
    """Commune West: one pond seen without a barrier, one never seen. East: one safe pond."""
    boundary_set = make_set()
    top = make_unit(boundary_set, "75", None, level="province")
    west = make_unit(boundary_set, "00001", box_of_cells(0, 2, 0, 1), parent=top)
    east = make_unit(boundary_set, "00002", box_of_cells(0, 2, 1, 2), parent=top)
    dataset = make_dataset(tmp_path, PEOPLE)
    give_share(dataset, west, 0.25)
    give_share(dataset, east, 0.25)
    today = timezone.localdate()
    gap = make_hazard(west, at_cell(0, 0), name="Ao thiếu rào")
    observe(gap, today, sign="present", barrier="missing")
    make_hazard(west, at_cell(1, 0), name="Ao chưa xem")
    safe = make_hazard(east, at_cell(0, 1), name="Ao an toàn")
    observe(safe, today, sign="present", barrier="present")
    return {"top": top, "west": west, "east": east, "safe": safe, "gap": gap}


@pytest.fixture
def worked_out(scene):
    run_exposure(request=RunRequest(distances_m=(200, 500)))
    return scene


def sign_in(client, role, unit):
    client.force_login(user_with_role(role, unit))
    return client


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def text_of(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_the_overview_gives_each_count_with_its_whole(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["top"])

    text = text_of(page(client, "maps:overview"))

    assert 'Hazards in scope</span><span class="tile-figure">3</span>' in text
    assert '<span class="tile-figure">1<small> / 3</small>' in text  # compliant
    assert '<span class="tile-figure">2<small> / 3</small>' in text  # with sign
    assert "33.3%" in text
    assert "see the 1 without" in text
    # 16 000 people in all, a quarter of them children
    assert "/ 4,000</small>" in text


def test_each_tile_leads_to_the_rows_behind_it(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["top"])

    text = text_of(page(client, "maps:overview", unit=worked_out["west"].pk))

    unit = worked_out["west"].pk
    assert f"/hazards/?unit={unit}&amp;verdict=not_surveyed" in text
    rows = client.get(f"/hazards/?unit={unit}&verdict=not_surveyed")
    assert "Ao chưa xem" in text_of(rows)
    assert "Ao thiếu rào" not in text_of(rows)


def test_a_planner_of_one_commune_sees_nothing_of_the_other(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["east"])

    for name in ("maps:overview", "maps:gaps"):
        for query in ({}, {"unit": worked_out["west"].pk}, {"unit": worked_out["top"].pk}):
            text = text_of(page(client, name, **query))
            assert "Xã 00001" not in text
            assert "4,000" not in text  # the province's children
    assert "00001" not in page(client, "maps:gaps_export", "csv").content.decode()


def test_the_gap_table_shows_parts_of_wholes_and_a_dash_for_nothing(client, worked_out, scene):
    observe(scene["safe"], timezone.localdate(), sign="present")
    sign_in(client, Role.PLANNER, worked_out["top"])

    response = page(client, "maps:gaps", within=200, sort="unit")

    rows = response.context["table"].rows
    assert [row.unit.code for row in rows] == ["00001", "00002"]
    west = rows[0].coverage
    assert (west.in_scope, west.with_sign, west.sign_needed, west.with_both) == (2, 1, 2, 0)
    assert "1/2 (50.0%)" in text_of(response)
    assert rows[1].near.near_any == 0
    assert rows[0].near.near_any > rows[0].near.near_not_surveyed > 0
    cells = [row.coverage.building_needed for row in rows]
    assert cells == [0, 0]  # nothing under construction: a dash, not 100 %
    assert '<td class="num" data-label="Under construction, with both">-</td>' in text_of(response)


@pytest.mark.parametrize("sort", ["-near", "near", "in_scope", "-sign", "unit", "-unit"])
def test_files_hold_the_rows_of_the_page_in_its_order(client, worked_out, sort):
    sign_in(client, Role.PLANNER, worked_out["top"])
    query = {"sort": sort, "within": 500}
    shown = [row.unit.code for row in page(client, "maps:gaps", **query).context["table"].rows]

    text = page(client, "maps:gaps_export", "csv", **query).content.decode()
    book = page(client, "maps:gaps_export", "xlsx", **query).content

    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line[0] for line in lines[1:-1]] == shown
    assert lines[-1][1:3] == ["Total", "3"]
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    codes = [row[0] for row in sheet.iter_rows(values_only=True) if row[0] in ("00001", "00002")]
    assert codes == shown


def test_who_may_not_export_sees_the_page_but_gets_no_file(client, worked_out):
    sign_in(client, Role.SURVEYOR, worked_out["top"])

    response = page(client, "maps:gaps")
    assert response.status_code == 200
    assert "Excel" not in text_of(response)
    assert page(client, "maps:gaps_export", "csv").status_code == 403
    assert page(client, "maps:runs").status_code == 403


def test_a_format_that_does_not_exist_is_not_found(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["top"])
    assert page(client, "maps:gaps_export", "pdf").status_code == 404


def test_figures_older_than_the_register_are_said_to_be_updated(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["top"])
    words = "Figures of children are being updated"
    assert words not in text_of(page(client, "maps:overview"))

    make_hazard(worked_out["east"], at_cell(1, 1))

    for name in ("maps:overview", "maps:gaps"):
        assert words in text_of(page(client, name))
    sheet = page(client, "maps:gaps_export", "xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(sheet)).active
    said = [str(row[0]) for row in book.iter_rows(max_row=6, values_only=True)]
    assert any("are being updated" in line for line in said)

    recompute.func()
    assert words not in text_of(page(client, "maps:overview"))
    assert page(client, "maps:figures_state").headers.get("HX-Refresh") == "true"


@pytest.mark.parametrize("what", ["observation", "outline"])
def test_any_change_that_matters_makes_figures_old(client, worked_out, what):
    sign_in(client, Role.PLANNER, worked_out["top"])
    if what == "observation":
        observe(worked_out["gap"], timezone.localdate(), barrier="present")
    else:
        worked_out["east"].save()

    assert "being updated" in text_of(page(client, "maps:overview"))


def test_a_past_day_without_figures_says_so_and_shows_none(client, worked_out):
    sign_in(client, Role.PLANNER, worked_out["top"])
    day = timezone.localdate() - timedelta(days=30)

    response = page(client, "maps:overview", as_of=day.isoformat())

    assert "have not been worked out for" in text_of(response)
    assert response.context["found"].near == {}
    assert response.context["whole"].count("not_surveyed") == 3  # nothing had been seen by then


def test_a_change_of_the_register_asks_for_one_recomputation_only(
    scene, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_hazard(scene["west"], at_cell(0.2, 0.2))
    with django_capture_on_commit_callbacks(execute=True):
        make_hazard(scene["west"], at_cell(0.3, 0.3))

    waiting = ProcrastinateJob.objects.filter(task_name="maps.recompute", status="todo")
    assert waiting.count() == 1


def test_recomputing_leaves_figures_alone_that_are_up_to_date(worked_out, settings):
    settings.EXPOSURE_DISTANCES_M = [200, 500]
    recompute.func()
    assert ExposureRun.objects.count() == 1
    make_hazard(worked_out["east"], at_cell(1, 1))
    recompute.func()
    assert ExposureRun.objects.count() == 2


def test_the_planner_starts_a_run_and_sees_it_and_its_dataset(client, scene):
    sign_in(client, Role.PLANNER, scene["top"])
    assert "There are no figures of children yet" in text_of(page(client, "maps:overview"))

    response = client.post(reverse("maps:start_run"), follow=True)

    assert "are being worked out" in text_of(response)
    recompute.func()
    text = text_of(page(client, "maps:runs"))
    assert "finished" in text
    assert "16,000 people" in text
    picture = page(client, "maps:dataset_preview", "0" * 64)
    assert picture.status_code == 404


def test_pages_take_a_fixed_number_of_queries(client, worked_out, django_assert_max_num_queries):
    sign_in(client, Role.PLANNER, worked_out["top"])
    page(client, "maps:overview")
    with django_assert_max_num_queries(30):
        page(client, "maps:overview")
    with django_assert_max_num_queries(30):
        page(client, "maps:gaps")
