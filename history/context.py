"""Who acts, and why: told to the database, where the triggers write it down.

``acting`` may be nested; what an inner one leaves out comes from the outer one. The words travel in
the setting ``history.context`` of the transaction, so they end with it and never pass to whoever
uses the connection next. It is set just before a statement that may write. A writing statement
outside a transaction gets one of its own.
"""

from __future__ import annotations

import functools
import json
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from accounts.models import User

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|WITH)\b", re.IGNORECASE)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Acting:
    """What the triggers write beside each change. ``verb`` is a stable word, not for reading."""

    actor_id: int | None = None
    verb: str = ""
    reason: str = ""
    batch: uuid.UUID | None = None

    def as_json(self) -> str:
        batch = str(self.batch) if self.batch else None
        told = {"actor": self.actor_id, "verb": self.verb, "reason": self.reason, "batch": batch}
        return json.dumps({name: value for name, value in told.items() if value})


_now: ContextVar[Acting | None] = ContextVar("history_acting", default=None)


def current() -> Acting:
    """Return who acts now; a command or the worker when nobody has said."""
    return _now.get() or Acting(verb=_process())


@contextmanager
def acting(
    *,
    actor: User | None = None,
    verb: str = "",
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Iterator[Acting]:
    """Say who changes the register, why and as which batch, for all writing inside."""
    told = current()
    if actor is not None:
        told = replace(told, actor_id=actor.pk)
    told = replace(
        told, verb=verb or told.verb, reason=reason or told.reason, batch=batch or told.batch
    )
    token = _now.set(told)
    try:
        yield told
    finally:
        _now.reset(token)


def acts(verb: str) -> Callable[[F], F]:
    """Mark a service: its changes are by its ``actor``, for its ``reason``, under this verb."""

    def mark(service: F) -> F:
        @functools.wraps(service)
        def marked(*args: Any, **kwargs: Any) -> Any:
            reason = kwargs.get("reason")
            words = reason if isinstance(reason, str) else ""
            with acting(actor=kwargs.get("actor"), verb=verb, reason=words):
                return service(*args, **kwargs)

        return marked  # type: ignore[return-value]

    return mark


def _process() -> str:
    """Name the running command, the worker being one, or the kind of process."""
    program = Path(sys.argv[0]).name if sys.argv else ""
    if program == "manage.py" and len(sys.argv) > 1:
        return f"command:{sys.argv[1]}"
    return f"process:{program}" if program else "process"


def watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Put the watch on a connection, once however often it is opened anew; called by a signal."""
    watched = any(isinstance(wrapper, _Teller) for wrapper in connection.execute_wrappers)
    if connection.vendor == "postgresql" and not watched:
        connection.execute_wrappers.append(_Teller(connection))


class _Teller:
    """Tells the database who acts, once per transaction, savepoint and acting person.

    A savepoint that is rolled back takes the setting with it; hence the savepoints in the mark
    (Django counts a block without a savepoint among them, as None).
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.told: tuple[Acting, tuple[Any, ...]] | None = None

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        driver = self.connection.connection
        if driver is not None and driver.info.transaction_status == TransactionStatus.IDLE:
            self.told = None  # a new transaction begins
        if isinstance(sql, str) and not _WRITES.match(sql):  # a composed one may write
            return execute(sql, params, many, context)
        if self.connection.in_atomic_block:
            self._tell()
            return execute(sql, params, many, context)
        with transaction.atomic(using=self.connection.alias):
            self._tell()
            return execute(sql, params, many, context)

    def _tell(self) -> None:
        wanted = (current(), tuple(filter(None, self.connection.savepoint_ids)))
        if self.told == wanted:
            return
        with self.connection.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('history.context', %s, true)", [wanted[0].as_json()])
        self.told = wanted
