"""The tests' own house: what one test leaves open must not fail another."""

import psycopg
import pytest
from django.db import connection

from tests.conftest import end_other_sessions


@pytest.mark.django_db(transaction=True)
def test_a_session_left_on_the_test_database_is_ended_and_ours_is_not():
    named, keys = connection.get_connection_params(), ("dbname", "user", "password", "host", "port")
    left = psycopg.connect(**{key: named[key] for key in keys if key in named})

    end_other_sessions()

    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
