"""GeoJSON (RFC 7946): a FeatureCollection written feature by feature, with stable English keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import override

from hazards.selectors.list_facts import ListFacts
from hazards.selectors.rows import HazardRow

CHUNK_FEATURES = 500


def geojson_text(rows: Iterable[HazardRow], facts: ListFacts, language: str) -> Iterator[str]:
    """Yield the file in pieces. Rows need ``hazard.shape``; codes stay codes in every language."""
    head = {
        "type": "FeatureCollection",
        "title": facts.title,
        "place": facts.place,
        "as_of": facts.as_of.isoformat(),
        "count": facts.count,
        "rules": [f"{rule.code} ({rule.valid_from.isoformat()})" for rule in facts.rules],
        "boundaries": str(facts.boundaries or ""),
    }
    yield _json(head)[:-1] + ',"features":['
    source, comma = iter(rows), ""
    while chunk := list(islice(source, CHUNK_FEATURES)):
        with override(language):
            features = ",\n".join(_feature(row) for row in chunk)
        yield f"{comma}\n{features}"
        comma = ","
    yield "\n]}\n"


def _feature(row: HazardRow) -> str:
    shape = row.hazard.shape  # type: ignore[attr-defined]
    properties = _json(properties_of(row))
    head = f'{{"type":"Feature","id":"{row.hazard.code}"'
    return f'{head},"geometry":{shape},"properties":{properties}}}'


def properties_of(row: HazardRow) -> dict[str, Any]:
    hazard, state = row.hazard, row.state
    return {
        "code": hazard.code,
        "name": hazard.name,
        "kind": hazard.kind,
        "lifecycle": hazard.lifecycle,
        "hamlet": row.hamlet,
        "commune": row.commune.full_name,
        "commune_code": row.commune.code,
        "verdict": state.verdict,
        "sign": state.sign,
        "barrier": state.barrier,
        "cover": state.cover,
        "depth_m": None if row.depth_m is None else float(row.depth_m),
        "depth_class": state.depth_class,
        "responsible_body": row.body_name or None,
        "children_near": row.children_near,
        "children_near_m": row.children_near_m,
        "children_only_here": row.children_only_here,
        "children_equal_share": row.children_equal_share,
        "children_nearest": row.children_nearest,
        "last_observed_on": state.last_observed_on and state.last_observed_on.isoformat(),
        "days_since_look": row.days_since_look,
        "photos": row.photos_n,
        "source": hazard.source,
        "is_synthetic": hazard.is_synthetic,
        "has_invented_observations": row.has_invented_sight,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
