"""From a table and its shapes to statements about waters, or the reasons why not."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from common.numbers import parse_depth_m
from common.rowchecks import first_rows
from common.rowreport import RowReport
from common.shapechecks import Shapes
from common.sourcetable import SourceTable
from common.text import tidy
from geomath.distance import area_m2
from hazards.importing.columns import Columns
from hazards.importing.kinds import (
    OSM_KEYS,
    allowed_kinds,
    is_plain_water,
    kind_of,
    lifecycle_of,
    osm_kind,
    parse_other_tags,
)
from hazards.importing.options import ImportOptions, KindUnknownError, NoKindError
from hazards.importing.seen import SeenIds
from hazards.taxonomy import HazardKind, Lifecycle

NAME_MAX_CHARS, ID_MAX_CHARS, FACT_MAX_CHARS = 250, 100, 500
READ = "_read"  # the key of source_facts under which stands what was read from the row

# Metres that no water of the kind is deep; 30 for all others. Slips of cm for m are caught.
DEPTH_LIMITS_M = {
    HazardKind.WELL: 120,
    HazardKind.QUARRY: 200,
    HazardKind.LAKE: 150,
    HazardKind.DAM: 200,
    HazardKind.RESERVOIR_IRR: 150,
    HazardKind.RESERVOIR_HYDRO: 250,
}
DEPTH_LIMIT_M = 30


class SourceRow(NamedTuple):
    """What one row says. ``depth_m`` None: it says nothing of the depth.

    ``kind`` and ``lifecycle`` are words of the taxonomy as they are stored: an import asks for
    them several times a row, and each ``.value`` of a choice costs as much as making a dictionary.
    """

    row: int
    source_id: str
    kind: str
    shape: shapely.Geometry
    name: str
    depth_m: Decimal | None
    body: str
    lifecycle: str
    facts: dict[str, Any]
    shape_digest: str

    def read(self) -> dict[str, Any]:
        """Return what was read, in a form that can be stored and compared with the next time."""
        return {
            "kind": self.kind,
            "name": self.name,
            "max_depth_m": None if self.depth_m is None else str(self.depth_m),
            "responsible_body": self.body,
            "lifecycle": self.lifecycle,
            "geometry": self.shape_digest,
        }


def read_rows(
    table: SourceTable,
    shapes: Shapes,
    columns: Columns,
    options: ImportOptions,
    report: RowReport,
    seen: SeenIds,
) -> list[SourceRow]:
    """Return the rows that may be taken; all others with a shape are refused in ``report``.

    ``seen`` are the ids of the parts of the file read before.
    """
    kinds = _kinds(table, shapes, columns, options, report)
    states = _lifecycles(table, shapes, columns, report)
    depths = _depths(table, columns, kinds, report)
    names = _texts(table, columns.name, NAME_MAX_CHARS, report)
    bodies = _texts(table, columns.body, NAME_MAX_CHARS, report)
    facts = _facts(table)
    has_shape = ~shapely.is_missing(shapes)
    wkb = np.where(has_shape, shapely.to_wkb(shapes, byte_order=1), b"")
    ids = _source_ids(table, wkb, columns, kinds, facts, report, seen)
    digests = [hashlib.sha256(shape).hexdigest()[:32] for shape in wkb]
    gone = report.refused_rows | report.outside_rows
    words = {word: word.value for word in {*kinds, *states} if word is not None}
    return [
        SourceRow(row, source_id, words[kind], shape, name, depth, body, words[state], fact, digest)
        for row, source_id, kind, shape, name, depth, body, state, fact, digest in zip(
            table.rows.tolist(),
            ids,
            kinds,
            shapes,
            names,
            depths,
            bodies,
            states,
            facts,
            digests,
            strict=True,
        )
        if row not in gone and kind is not None and state is not None
    ]


def _kinds(
    table: SourceTable,
    shapes: Shapes,
    columns: Columns,
    options: ImportOptions,
    report: RowReport,
) -> list[HazardKind | None]:
    for_all = None
    if options.kind:
        for_all = kind_of(options.kind)
        if for_all is None:
            raise KindUnknownError(name=table.name, kind=options.kind, kinds=allowed_kinds())
    if columns.is_osm:
        return _kinds_by_tags(table, shapes, for_all, report)
    if columns.kind is None and for_all is None:
        listed = ", ".join(table.column_names) or "-"
        raise NoKindError(name=table.name, kinds=allowed_kinds(), columns=listed)
    if columns.kind is None:
        return [for_all] * len(table)
    texts = table.texts(columns.kind)
    known = {text: kind_of(text) for text in set(texts)}
    allowed = allowed_kinds() if None in known.values() else ""
    for row, text, shape in zip(table.rows, texts, shapes, strict=True):
        if known[text] is None and shape is not None:
            what = _("is no kind of water here.")
            to_do = _("Use one of: {kinds}.").format(kinds=allowed)
            report.refuse(row, columns.kind, text, what, to_do)
    return [known[text] for text in texts]


def _kinds_by_tags(
    table: SourceTable, shapes: Shapes, plain: HazardKind | None, report: RowReport
) -> list[HazardKind | None]:
    """Return kinds by the tags of OpenStreetMap; ``plain`` for water that is tagged no further."""
    held = {key: name for key in OSM_KEYS if (name := table.find([key]))}
    texts = {key: table.texts(name) for key, name in held.items()}
    other = table.find(["other_tags"])
    others = [parse_other_tags(text) for text in table.texts(other)] if other else None
    kinds: list[HazardKind | None] = []
    for i, shape in enumerate(shapes):
        if shape is None:
            kinds.append(None)
            continue
        tags = {key: values[i] for key, values in texts.items()}
        tags |= others[i] if others else {}
        if plain and is_plain_water(tags):
            kinds.append(plain)
            continue
        found = osm_kind(tags, area_m2=area_m2(shape))
        if isinstance(found, HazardKind):
            kinds.append(found)
            continue
        what = _("these tags name no water of the register.") if found else _("has no water tag.")
        to_do = _("Leave it out (--where, --accept-good), or register the dangerous spot on it.")
        report.refuse(table.rows[i], "tags", found, what, to_do)
        kinds.append(None)
    return kinds


def _lifecycles(
    table: SourceTable, shapes: Shapes, columns: Columns, report: RowReport
) -> list[Lifecycle | None]:
    if columns.lifecycle is None:
        return [Lifecycle.IN_USE] * len(table)
    texts = table.texts(columns.lifecycle)
    known = {text: lifecycle_of(text) for text in set(texts)}
    for row, text, shape in zip(table.rows, texts, shapes, strict=True):
        if known[text] is None and shape is not None:
            to_do = _("Use one of: {states}.").format(states=", ".join(Lifecycle.values))
            report.refuse(row, columns.lifecycle, text, _("is no state known here."), to_do)
    return [known[text] for text in texts]


def _depths(
    table: SourceTable, columns: Columns, kinds: list[HazardKind | None], report: RowReport
) -> list[Decimal | None]:
    if columns.depth is None:
        return [None] * len(table)
    texts = table.texts(columns.depth)
    read = {text: parse_depth_m(text) if text else None for text in set(texts)}
    exact = {
        text: None if depth_m is None else Decimal(str(round(depth_m, 2)))
        for text, depth_m in read.items()
    }
    usual = {"", *(text for text, m in read.items() if m is not None and 0 <= m <= DEPTH_LIMIT_M)}
    for row, text, kind in zip(table.rows, texts, kinds, strict=True):
        if text in usual:  # of any kind, and nearly all
            continue
        depth_m = read[text]
        limit_m = DEPTH_LIMITS_M.get(kind, DEPTH_LIMIT_M) if kind else DEPTH_LIMIT_M
        if depth_m is None:
            what, to_do = _("is no depth."), _("Write metres, for instance 2,5; empty if unknown.")
        elif depth_m < 0:
            what, to_do = _("a depth cannot be negative."), _("Write metres below the surface.")
        elif depth_m > limit_m:
            what = _("no water of this kind is over {limit_m} m deep.").format(limit_m=limit_m)
            to_do = _("Write metres, not centimetres.")
        else:
            continue
        report.refuse(row, columns.depth, text, what, to_do)
    return [exact[text] for text in texts]


def _texts(table: SourceTable, column: str | None, limit: int, report: RowReport) -> list[str]:
    if column is None:
        return [""] * len(table)
    texts = table.tidied(column)
    if max(map(len, texts), default=0) <= limit:
        return texts
    for row, text in zip(table.rows, texts, strict=True):
        if len(text) > limit:
            what = _("is longer than {limit} characters.").format(limit=limit)
            report.refuse(row, column, text, what, _("Shorten it."))
    return texts


def _facts(table: SourceTable) -> list[dict[str, Any]]:
    """Return each row's own words: columns that say something, as tidy text."""
    keys = [tidy(name) for name in table.columns]
    columns: list[list[str]] = []
    for name in table.columns:
        texts = table.tidied(name)
        if max(map(len, texts), default=0) > FACT_MAX_CHARS:
            texts = [text[:FACT_MAX_CHARS] for text in texts]
        columns.append(texts)
    return [
        {key: text for key, text in zip(keys, cells, strict=True) if text}
        if "" in cells
        else dict(zip(keys, cells, strict=True))
        for cells in zip(*columns, strict=True)
    ]


def _source_ids(
    table: SourceTable,
    wkb: NDArray[np.object_],
    columns: Columns,
    kinds: list[HazardKind | None],
    facts: list[dict[str, Any]],
    report: RowReport,
    seen: SeenIds,
) -> list[str]:
    """Return the ids of the source, made from the content where there is none; refuses repeats."""
    field = columns.source_id
    given = table.tidied(field) if field else [""] * len(table)
    ids = [
        text or _content_id(bytes(shape), kind, fact) if shape else ""
        for text, shape, kind, fact in zip(given, wkb, kinds, facts, strict=True)
    ]
    repeats = [
        (row, rows[0], source_id)
        for source_id, rows in first_rows(list(table.rows), ids).items()
        for row in rows[1:]
    ]
    for row, first, source_id in repeats + seen.repeats(table.rows, ids):
        what = _("the row {first} says the same.").format(first=first)
        if field and not source_id.startswith(CONTENT_ID):
            what = _("this id stands in row {first} already.").format(first=first)
        report.refuse(row, field or "", source_id, what, _("Keep one row for each water."))
    for row, source_id in zip(table.rows, ids, strict=True):
        if len(source_id) > ID_MAX_CHARS:
            what = _("is longer than {limit} characters.").format(limit=ID_MAX_CHARS)
            report.refuse(row, field or "", source_id, what, _("Name another column of ids."))
    return ids


CONTENT_ID = "content-"


def _content_id(wkb: bytes, kind: HazardKind | None, facts: dict[str, Any]) -> str:
    words = "\x1f".join(f"{key}={value}" for key, value in facts.items())
    digest = hashlib.sha256(wkb + f"\x1e{kind}\x1e{words}".encode()).hexdigest()
    return CONTENT_ID + digest[:24]
