"""Every way of changing a row leaves an event that says what, who and why."""

import hashlib
import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from hazards.models import WaterHazard
from history.context import acting
from history.models import Change, Event
from tests.factories.accounts import UserFactory
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db
TABLE = "hazards_waterhazard"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def events(**wanted) -> list[Event]:
    wanted = {"table_name": TABLE} | wanted
    return list(Event.objects.filter(**wanted).select_related("change").order_by("pk"))


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_added_row_leaves_a_digest_of_its_text():
    hazard = HazardFactory()

    (event,) = events()

    assert (event.op, event.row_id, event.hazard_id) == ("I", hazard.pk, hazard.pk)
    assert len(bytes(event.digest)) == hashlib.sha256().digest_size
    assert event.old is None
    assert event.new is None


def test_a_bulk_edit_tells_who_why_and_what_was_before():
    first, second = HazardFactory(name="Ao Sen"), HazardFactory(name="Hồ Bàu Úm")
    clerk, batch = UserFactory(), uuid.uuid4()

    with acting(actor=clerk, verb="rename", reason="đổi tên theo quyết định", batch=batch):
        WaterHazard.objects.update(name="Hồ Mới")

    changed = events(op="U")
    assert [(event.row_id, event.old, event.new) for event in changed] == [
        (first.pk, {"name": "Ao Sen"}, {"name": "Hồ Mới"}),
        (second.pk, {"name": "Hồ Bàu Úm"}, {"name": "Hồ Mới"}),
    ]
    assert {event.change_id for event in changed} == {changed[0].change_id}
    change = changed[0].change
    assert (change.rows, change.actor_id, change.verb) == (2, clerk.pk, "rename")
    assert (change.reason, change.batch, change.db_role) == ("đổi tên theo quyết định", batch, "")


def test_a_moved_shape_is_kept_to_the_last_digit():
    hazard = HazardFactory()
    x = 106.123456789012345
    before = hazard.geometry.hexewkb.decode()

    WaterHazard.objects.update(geometry=Point(x, 11.9, srid=4326))

    (event,) = events(op="U")
    assert event.old == {"geometry": before}
    assert event.new == {"geometry": Point(x, 11.9, srid=4326).hexewkb.decode()}


def test_an_edit_by_hand_shows_as_from_outside_the_application():
    hazard = HazardFactory()
    with transaction.atomic():
        driver = connection.connection
        with driver.cursor() as cursor:  # as psql would: past Django
            cursor.execute("SELECT set_config('history.context', '', true)")
            cursor.execute(f"UPDATE {TABLE} SET note = 'tay' WHERE id = %s", [hazard.pk])

    (event,) = events(op="U")
    assert event.change.db_role
    assert event.change.actor_id is None
    assert event.change.verb == ""


def test_copy_is_seen():
    with connection.cursor() as cursor:
        statement = (
            "COPY hazards_responsiblebody (public_id, created_at, updated_at, name, name_plain,"
            " kind, contact) FROM STDIN"
        )
        with cursor.cursor.copy(statement) as copy:
            for n in range(3):
                copy.write_row([uuid.uuid4(), NOW, NOW, f"Hộ {n}", f"ho {n}", "household", ""])

    added = events(table_name="hazards_responsiblebody")
    assert [event.op for event in added] == ["I", "I", "I"]
    assert Change.objects.get(pk=added[0].change_id).rows == 3


def test_a_deleted_row_is_kept_whole_and_can_be_put_back_exactly():
    hazard = HazardFactory(name='Ao "Bà" \\ Năm', source_facts={"a": [1.50, None]})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {TABLE} t WHERE id = %s", [hazard.pk])
        before = cursor.fetchone()[0]
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = %s", [hazard.pk])
        (event,) = events(op="D")
        cursor.execute(
            f"SELECT jsonb_populate_record(NULL::{TABLE}, old)::text FROM history_event"
            " WHERE id = %s",
            [event.pk],
        )
        after = cursor.fetchone()[0]

    words = before.rindex(",")  # the generated column stands last, or is left out
    assert event.old["name"] == 'Ao "Bà" \\ Năm'
    assert after[: before.index(hazard.code)] == before[: before.index(hazard.code)]
    assert words


def test_words_of_a_rolled_back_savepoint_do_not_cling():
    hazard = HazardFactory()
    clerk = UserFactory()
    with acting(actor=clerk, verb="second"):
        try:
            with transaction.atomic():
                WaterHazard.objects.update(note="lost")
                raise KeyError
        except KeyError:
            pass
        WaterHazard.objects.filter(pk=hazard.pk).update(note="kept")

    (event,) = events(op="U")
    assert (event.change.actor_id, event.change.verb) == (clerk.pk, "second")


def test_history_itself_cannot_be_edited():
    HazardFactory()
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        run("UPDATE history_event SET row_id = 0")


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_anew_is_watched_once_and_tells_who_acts():
    clerk = UserFactory()
    for _ in range(3):
        connection.close()
        with acting(actor=clerk, verb="after reconnecting"):
            HazardFactory()

    watching = [w for w in connection.execute_wrappers if type(w).__name__ == "_Teller"]
    assert len(watching) == 1
    added = events(op="I")
    assert {event.change.actor_id for event in added} == {clerk.pk}
