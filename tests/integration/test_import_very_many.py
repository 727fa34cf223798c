"""A very long import: noted while it waits, indexes taken down and built again, or not at all."""

import csv

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from common.bulkload import indexes_built_after
from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards
from hazards.models import HazardAssessment, Responsibility, WaterHazard
from hazards.services import bulk_points
from hazards.services.bulk_points import BulkPoints, NewPoint, ready_lines
from hazards.services.counts import check_counts
from history.models import Change, Event
from history.services.undo import Wanted, undo
from history.services.verifying import verify
from tests.factories.hazards import HazardFactory
from tests.factories.places import SIDE, SOUTH, WEST, UnitFactory

pytestmark = pytest.mark.django_db
ROWS = 7
BUILT = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index
 WHERE indrelid IN ('hazards_waterhazard'::regclass, 'hazards_hazardassessment'::regclass)
UNION ALL
SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
 WHERE conrelid IN ('hazards_waterhazard'::regclass, 'hazards_hazardassessment'::regclass)
UNION ALL
SELECT tgname, tgrelid::regclass::text, tgenabled = 'O' FROM pg_trigger
 WHERE tgrelid IN ('hazards_waterhazard'::regclass, 'hazards_hazardassessment'::regclass)
   AND NOT tgisinternal
 ORDER BY 1, 2
"""


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Let three points be very many, in parts of two."""
    monkeypatch.setattr(bulk_points, "MANY_POINTS", 3)
    monkeypatch.setattr("hazards.importing.run.ROWS_AT_ONCE", 2)
    monkeypatch.setattr("common.bulkload.LOCK_WAIT_S", 1)
    return UnitFactory(place=0)


@pytest.fixture
def taken_down(monkeypatch):
    """The tables whose indexes are taken down, as it happens."""
    tables = []

    def noting(names):
        tables.extend(names)
        return indexes_built_after(names)

    monkeypatch.setattr(bulk_points, "indexes_built_after", noting)
    return tables


def built():
    with connection.cursor() as cursor:
        cursor.execute(BUILT)
        return cursor.fetchall()


def run(folder, rows=ROWS, **more):
    path = folder / "ao.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ma", "loai", "ten", "lon", "lat", "do_sau_m", "don_vi_chiu_trach_nhiem"])
        for n in range(rows):
            lon, lat = WEST + SIDE * (n + 1) / (rows + 1), SOUTH + SIDE / 2
            body = "UBND xã Lộc Thử" if n % 3 == 0 else ""
            writer.writerow([f"A{n}", "ao", f"Ao số {n}", lon, lat, "2,5", body])
    options = {"source": "danh sách", "crs": "4326", "source_id_field": "ma"} | more
    return import_hazards(ImportOptions(path=path, **options))


def events():
    return Event.objects.filter(table_name="hazards_waterhazard", op="I")


def test_all_is_as_if_it_had_been_few(tmp_path, taken_down):
    before = built()
    report = run(tmp_path)
    assert taken_down == ["hazards_waterhazard", "hazards_hazardassessment"]
    assert (report.taken, report.is_written) == (ROWS, True)
    assert built() == before
    assert list(WaterHazard.objects.order_by("pk").values_list("name", flat=True)) == [
        f"Ao số {n}" for n in range(ROWS)
    ]
    assert HazardAssessment.objects.filter(verdict="not_surveyed").count() == ROWS
    assert Responsibility.objects.count() == 3  # rows 0, 3 and 6
    assert check_counts() == 0
    assert run(tmp_path).unchanged == ROWS


def test_every_row_is_noted_once_and_agrees_with_its_note(tmp_path):
    run(tmp_path)
    assert events().count() == ROWS
    # of parts of two, the second makes them many and is noted together with the first
    changes = Change.objects.filter(table_name="hazards_waterhazard", verb="import_hazards")
    assert list(changes.order_by("pk").values_list("rows", flat=True)) == [4, 2, 1]
    found = verify()
    assert found.faults == []
    assert found.rows >= ROWS
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hazards_waterhazard DISABLE TRIGGER history_on_update")
        cursor.execute("UPDATE hazards_waterhazard SET name = 'khác' WHERE source_id = 'A5'")
        cursor.execute("ALTER TABLE hazards_waterhazard ENABLE TRIGGER history_on_update")
    assert len(verify().faults) == 1


def test_it_can_be_undone(tmp_path):
    run(tmp_path)
    batch = events().first().change.batch
    undo(wanted=Wanted(batch=batch), actor=None, reason="nhầm tệp")
    states = set(WaterHazard.objects.values_list("lifecycle", flat=True))
    assert states == {"entered_in_error"}
    assert check_counts() == 0


def test_an_id_that_the_register_holds_leaves_all_as_it_was(many):
    HazardFactory(source="danh sách", source_id="2", unit=many)
    point = NewPoint(WEST + SIDE / 2, SOUTH + SIDE / 2, "pond", "in_use", "", many.pk, None, "", {})
    lines = ready_lines([point._replace(source_id=str(n)) for n in range(4)])
    before = built()

    def store():
        with transaction.atomic():
            bulk = BulkPoints(source="danh sách", is_synthetic=False, actor=None)
            bulk.write(lines, [None] * 4)
            with bulk.settled():
                pass

    with pytest.raises(IntegrityError):
        store()
    assert built() == before
    assert WaterHazard.objects.count() == 1
    assert events().count() == 1


def test_few_beside_a_large_register_leave_its_indexes_alone(tmp_path, taken_down):
    for _n in range(2 * ROWS + 1):
        HazardFactory()
    run(tmp_path)
    assert taken_down == []
    assert events().filter(change__verb="import_hazards").count() == ROWS
    assert verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_a_register_that_is_being_read_is_written_row_by_row(tmp_path, taken_down):
    before = built()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM hazards_waterhazard LIMIT 1")  # an export that is being read
        report = run(tmp_path)
        other.rollback()
    assert report.taken == ROWS
    assert taken_down == []
    assert events().count() == ROWS
    assert verify().faults == []
    assert built() == before
