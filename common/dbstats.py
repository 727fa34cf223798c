"""Tell the planner of the database what was just written."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import sql


def fresh_statistics(*models: Any) -> None:
    """Count anew what the tables of the models hold.

    Many rows written in one transaction have no statistics yet; taken for few, they are looked up
    one by one within one another, for minutes.
    """
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))
