"""Changes as people read them: who, when, why, and each field before and after."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Field, ForeignKey, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from history.models import Change, Event, Operation
from history.selectors.words import verb_label
from history.tracking import tracked

# Columns that follow from others: the reader is told the others.
_FOLLOWING = {"updated_at", "created_at", "name_plain", "location", "words", "source_facts"}
_DECIMALS = 2  # of a measured figure, for reading; the event keeps them all
_METRES = 111_195.0  # of a degree of latitude on the mean sphere, enough to say how far a pin moved


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str
    shapes: dict[str, Any] | None = None  # GeoJSON before and after
    moved_m: float | None = None


@dataclass
class Entry:
    """One event, told. ``who`` is empty for work outside the application: then ``role`` is not."""

    event_id: int
    at: datetime
    who: str
    role: str
    verb: str
    reason: str
    batch: UUID | None
    record: str
    op: str
    hazard_id: int | None
    hazard: Any = None  # set by who knows hazards
    fields: list[FieldChange] = field(default_factory=list)
    added: str = ""  # what an added row says, where its model has words for it


def events_of_hazard(hazard_id: int) -> QuerySet[Event]:
    return Event.objects.filter(hazard_id=hazard_id).select_related("change").order_by("-pk")


def narrowed(events: QuerySet[Event], *, actor_id: int | None, table: str) -> QuerySet[Event]:
    if actor_id is not None:
        events = events.filter(change__actor_id=actor_id)
    return events.filter(table_name=table) if table in tracked() else events


def told(events: Iterable[Event]) -> list[Entry]:
    """Return the events as entries, in the order given; a few queries for all of them."""
    rows = list(events)
    people = {user.pk: user.display_name() for user in _users(rows)}
    audited = {
        entry.tx: entry
        for entry in AuditEntry.objects.filter(tx__in={row.change.tx for row in rows})
    }
    names, words = _names_of_others(rows), _words_of_added(rows)
    entries = [_entry(row, people, audited.get(row.change.tx), names) for row in rows]
    for entry in entries:
        entry.added = words.get(entry.event_id, "")
    return entries


def table_label(table: str) -> str:
    entry = tracked().get(table)
    return str(entry.model._meta.verbose_name) if entry else table


def field_label(table: str, column: str) -> str:
    entry = tracked().get(table)
    fields = entry.model._meta.concrete_fields if entry else ()
    return next((str(item.verbose_name) for item in fields if item.column == column), column)


def _words_of_added(rows: list[Event]) -> dict[int, str]:
    """Return, by event, what rows say that were added; an event of that kind holds no values.

    Only of models with ``said_in_history`` and of rows that are as they were when they were added.
    """
    added: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row.op == Operation.INSERT:
            added[row.table_name][row.row_id] = row.pk
    words: dict[int, str] = {}
    for table, events in added.items():
        entry = tracked().get(table)
        if entry is None or not hasattr(entry.model, "said_in_history"):
            continue
        changed = Event.objects.filter(
            table_name=table, row_id__in=events, op=Operation.UPDATE
        ).values_list("row_id", flat=True)
        found = entry.model._default_manager.in_bulk(events.keys() - set(changed))
        words |= {events[pk]: one.said_in_history() for pk, one in found.items()}
    return words


def _users(rows: list[Event]) -> QuerySet[User]:
    keys = {row.change.actor_id for row in rows if row.change.actor_id is not None}
    return User.objects.filter(pk__in=keys)


def _entry(
    row: Event, people: dict[int, str], audit: AuditEntry | None, names: dict[tuple[str, Any], str]
) -> Entry:
    change: Change = row.change
    said = audit.facts.get("reason", "") if audit else ""
    plain_verb = change.verb if not change.verb.startswith(("POST ", "process", "command")) else ""
    return Entry(
        event_id=row.pk,
        at=change.at,
        who=people.get(change.actor_id or 0, ""),
        role=change.db_role,
        verb=verb_label(plain_verb or (audit.verb if audit else change.verb)),
        reason=change.reason or (said if isinstance(said, str) else ""),
        batch=change.batch,
        record=table_label(row.table_name),
        op=str(Operation(row.op).label),
        hazard_id=row.hazard_id,
        fields=_fields(row, names),
    )


def _fields(row: Event, names: dict[tuple[str, Any], str]) -> list[FieldChange]:
    entry = tracked().get(row.table_name)
    if entry is None or row.op != Operation.UPDATE:
        return []
    by_column = {str(item.column): item for item in entry.model._meta.concrete_fields}
    found = []
    for column in sorted(set(row.new or {}) - _FOLLOWING):
        item = by_column.get(column)
        before, after = (row.old or {}).get(column), (row.new or {}).get(column)
        if item is None:
            found.append(FieldChange(column, str(before), str(after)))
        elif isinstance(item, GeometryField):
            found.append(_shape(item, before, after))
        else:
            was, now = (_value(item, value, names) for value in (before, after))
            found.append(FieldChange(str(item.verbose_name), was, now))
    return found


def _value(item: Field, value: Any, names: dict[tuple[str, Any], str]) -> str:
    """Return a stored value in the reader's words; "-" when there was none."""
    if value in (None, "", []):
        return "-"
    if isinstance(item, ForeignKey):
        return names.get((item.related_model._meta.label, value), f"#{value}")
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    labels = dict(item.flatchoices)
    if labels:
        return str(labels.get(value, value))
    if isinstance(value, (int, float)):
        return str(number_format(round(value, _DECIMALS) if isinstance(value, float) else value))
    if item.get_internal_type() == "DateField" and (day := parse_date(str(value))):
        return str(date_format(day, "SHORT_DATE_FORMAT"))
    if item.get_internal_type() == "DateTimeField" and (moment := parse_datetime(str(value))):
        return str(date_format(moment, "SHORT_DATETIME_FORMAT"))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _shape(item: Field, before: str | None, after: str | None) -> FieldChange:
    shapes = [GEOSGeometry(value) if value else None for value in (before, after)]
    was, now = shapes
    moved = _moved_m(was, now) if was and now else None
    return FieldChange(
        label=str(item.verbose_name),
        before=_shape_words(was),
        after=_shape_words(now),
        shapes={
            "before": json.loads(was.geojson) if was else None,
            "after": json.loads(now.geojson) if now else None,
        },
        moved_m=moved,
    )


def _shape_words(shape: GEOSGeometry | None) -> str:
    if shape is None:
        return "-"
    at = shape.centroid
    kind = {"Point": _("point"), "LineString": _("line"), "MultiLineString": _("line")}
    words = kind.get(shape.geom_type, _("outline of the water"))
    return f"{words}, {at.y:.5f}, {at.x:.5f}"


def _moved_m(was: GEOSGeometry, now: GEOSGeometry) -> float:
    """Return metres between the middles of two shapes, on the mean sphere."""
    a, b = was.centroid, now.centroid
    return hypot((b.y - a.y) * _METRES, (b.x - a.x) * _METRES * cos(radians((a.y + b.y) / 2)))


def _names_of_others(rows: list[Event]) -> dict[tuple[str, Any], str]:
    """Return names of the records that changed fields point to, one query a kind of record."""
    wanted: dict[Any, set[Any]] = {}
    for row in rows:
        entry = tracked().get(row.table_name)
        if entry is None:
            continue
        for item in entry.model._meta.concrete_fields:
            if isinstance(item, ForeignKey):
                for values in (row.old or {}, row.new or {}):
                    if values.get(str(item.column)) is not None:
                        wanted.setdefault(item.related_model, set()).add(values[str(item.column)])
    return {
        (model._meta.label, found.pk): str(found)
        for model, keys in wanted.items()
        for found in model._base_manager.filter(pk__in=keys)
    }
