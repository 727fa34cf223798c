"""Tell PostgreSQL's planner for a while what it cannot know of the rows that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_SET = """
SELECT current_setting(name), set_config(name, value, true)
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (name, value, place) ORDER BY place
"""


@contextmanager
def planned(**settings: str) -> Iterator[None]:
    """Plan what the block asks with these settings of the server, and set them back afterwards.

    The block is one transaction, or a part of one. Blocks may lie within one another.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        before = _set(cursor, settings)
        yield  # an error ends the transaction, or this part of it, and the settings with it
        _set(cursor, before)


def _set(cursor: Any, settings: dict[str, str]) -> dict[str, str]:
    """Return what the settings were."""
    cursor.execute(_SET, [list(settings), list(settings.values())])
    was = [value for value, _now in cursor.fetchall()]
    return dict(zip(settings, was, strict=True))
