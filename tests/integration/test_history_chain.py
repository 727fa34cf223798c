"""Every way of tampering with rows or with their history is found."""

from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hazards.models import WaterHazard
from history.models import Event
from history.services.sealing import GENESIS, seal
from history.services.verifying import verify
from tests.factories.accounts import UserFactory
from tests.factories.hazard_scenes import make_scene
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db
TABLE = "hazards_waterhazard"


@pytest.fixture
def sealed():
    scene = make_scene()
    hazard = scene.hazards["bare"]
    for name in ("Một", "Hai", "Ba"):
        WaterHazard.objects.filter(pk=hazard.pk).update(name=name, max_depth_m="2.50")
    (block,) = seal()
    assert block.previous_hash == GENESIS
    assert verify().faults == []
    return hazard


@contextmanager
def triggers_off():
    """Do what the owner of the tables can: no trigger sees it."""
    tables = [TABLE, "hazards_safeguardobservation", "history_event", "history_change"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in [*tables, "history_block"]:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in [*tables, "history_block"]:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def by_hand(statement: str, *values) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def names_event() -> Event:
    return Event.objects.get(new__name="Hai")


def only_fault() -> str:
    faults = verify().faults
    assert faults
    return "\n".join(faults)


def test_a_row_changed_with_the_triggers_off(sealed):
    by_hand(f"UPDATE {TABLE} SET name = 'Khác' WHERE id = %s", sealed.pk)
    assert f"{TABLE} {sealed.pk}: is not what its events say" in only_fault()


def test_a_field_that_no_event_touches_changed_with_the_triggers_off(sealed):
    by_hand(f"UPDATE {TABLE} SET depth_class = 'lt_0_5' WHERE id = %s", sealed.pk)
    assert f"{TABLE} {sealed.pk}: is not what its events say" in only_fault()


def test_a_row_added_with_the_triggers_off(sealed):
    with triggers_off():
        other = HazardFactory(unit=sealed.unit)
    assert f"{TABLE} {other.pk}: is there, but no event" in only_fault()


def test_a_row_deleted_with_the_triggers_off(sealed):
    by_hand("DELETE FROM hazards_safeguardobservation WHERE hazard_id = %s", sealed.pk)
    assert "is gone, but no event tells of its being deleted" in only_fault()


def test_a_changed_event(sealed):
    by_hand('UPDATE history_event SET new = \'{"name": "Hay"}\' WHERE id = %s', names_event().pk)
    assert "an event was changed after sealing" in only_fault()


def test_a_changed_reason(sealed):
    by_hand("UPDATE history_change SET actor_id = 1 WHERE id = %s", names_event().change_id)
    assert "an event was changed after sealing" in only_fault()


def test_a_deleted_event(sealed):
    by_hand("DELETE FROM history_event WHERE id = %s", names_event().pk)
    text = only_fault()
    assert "events were sealed" in text
    assert "1 events were written, 0 are there" in text
    assert "is not what the event before left behind" in text


def test_a_deleted_event_not_sealed_yet(sealed):
    WaterHazard.objects.filter(pk=sealed.pk).update(name="Bốn")
    by_hand("DELETE FROM history_event WHERE id = (SELECT max(id) FROM history_event)")
    assert "1 events were written, 0 are there" in only_fault()


def test_a_block_taken_out(sealed):
    UserFactory()
    seal()
    by_hand("DELETE FROM history_block WHERE id = (SELECT min(id) FROM history_block)")
    assert "a block before it is missing" in only_fault()


def test_the_commands_print_a_hash_and_check_one_from_paper(sealed, capsys):
    call_command("seal_history", lang="en")
    printed = capsys.readouterr().out.splitlines()[-1]
    call_command("verify_history", lang="en", hash=printed)
    assert "faults: 0" in capsys.readouterr().out
    with pytest.raises(CommandError, match="does not agree"):
        call_command("verify_history", lang="en", hash="ab" * 32)
