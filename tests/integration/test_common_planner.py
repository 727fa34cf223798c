"""What the planner is told for a block holds in it, and no longer."""

import pytest
from django.db import IntegrityError, connection, transaction

from common.planner import planned

pytestmark = pytest.mark.django_db


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return cursor.fetchone()[0]


def test_settings_are_what_they_were_afterwards_within_one_another_too():
    before = setting("jit"), setting("enable_seqscan"), setting("work_mem")
    with planned(jit="off", work_mem="7MB"):
        with planned(jit="on", enable_seqscan="off"):
            assert (setting("jit"), setting("enable_seqscan")) == ("on", "off")
        assert (setting("jit"), setting("work_mem")) == ("off", "7MB")
        assert setting("enable_seqscan") == before[1]
    assert (setting("jit"), setting("enable_seqscan"), setting("work_mem")) == before


def test_an_error_takes_the_settings_with_it():
    before = setting("enable_seqscan")
    with transaction.atomic():
        with pytest.raises(IntegrityError), planned(enable_seqscan="off"):
            raise IntegrityError
        assert setting("enable_seqscan") == before
