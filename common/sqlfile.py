"""Load named statements from ``APP/sql/*.sql`` and run them.

A file holds statements, each under a line ``-- name: find_something``. Values are only ever
parameters (``%(name)s``), never text put into the statement. What several statements of a file
begin with stands once, under ``-- part: something``, and is taken in by ``-- use: something``.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

_NAME = re.compile(r"^-- (name|part): (\w+)\s*$", re.MULTILINE)
_USE = re.compile(r"^-- use: (\w+)\s*$", re.MULTILINE)


@cache
def queries(path: Path) -> dict[str, str]:
    """Return {name: statement} of one file; a name may stand only once."""
    pieces = _NAME.split(path.read_text(encoding="utf-8"))[1:]
    kinds, names = pieces[::3], pieces[1::3]
    if len(set(names)) != len(names):
        raise ValueError(f"{path.name} uses a name twice")
    bodies = dict(zip(names, (body.strip() for body in pieces[2::3]), strict=True))
    return {
        name: _USE.sub(lambda use: bodies[use[1]], bodies[name])
        for kind, name in zip(kinds, names, strict=True)
        if kind == "name"
    }


def run(path: Path, name: str, **values: Any) -> list[dict[str, Any]]:
    """Run one statement and return its rows as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(queries(path)[name], values)
        if cursor.description is None:
            return []
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def run_bare(path: Path, name: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows as they come: for very many."""
    with connection.cursor() as cursor:
        cursor.execute(queries(path)[name], values)
        return list(cursor.fetchall())


def execute(path: Path, name: str, **values: Any) -> int:
    """Run one statement that changes rows and return how many."""
    with connection.cursor() as cursor:
        cursor.execute(queries(path)[name], values)
        return int(cursor.rowcount)
