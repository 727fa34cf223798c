"""Put the demo's waters and two years of visits into the register, through its own services."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from accounts.models import User
from hazards.models import WaterHazard
from hazards.services.bodies import find_or_create_body
from hazards.services.inventory import NewHazard, register_hazards
from hazards.services.observations import record_depth, record_safeguard_state
from hazards.services.waivers import grant_waiver
from hazards.taxonomy import BodyKind, PositionMethod

SOURCE = "demo"
REGISTERED_DAYS_AGO = 730  # the demo's register is two years old
_BODY_KINDS = {
    "Hộ": BodyKind.HOUSEHOLD,
    "Công ty Thủy lợi": BodyKind.COMPANY,
    "Công ty Khai thác": BodyKind.LICENCE_HOLDER,
    "Công ty Cầu đường": BodyKind.INVESTOR,
    "Hợp tác xã": BodyKind.COOPERATIVE,
    "Nhà máy Thủy điện": BodyKind.HYDROPOWER,
    "Ban Quản lý dự án": BodyKind.INVESTOR,
    "Ban Quản lý rừng": BodyKind.FORESTRY,
    "Ủy ban nhân dân": BodyKind.COMMUNE,
}


def read_hazards(path: Path) -> list[dict[str, Any]]:
    """Return the features of the demo's file."""
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def make_hazards(features: list[dict[str, Any]], *, today: date) -> list[WaterHazard]:
    """Register the demo's waters, as found two years ago."""
    new = [_new_hazard(feature, today) for feature in features]
    return register_hazards(hazards=new, actor=None, batch="demo")


def _new_hazard(feature: dict[str, Any], today: date) -> NewHazard:
    given = feature["properties"]
    handover = given["handover_in_days"]
    return NewHazard(
        kind=given["kind"],
        geometry=GEOSGeometry(json.dumps(feature["geometry"]), srid=4326),
        name=given["name"],
        lifecycle=given["lifecycle"],
        handover_on=today + timedelta(days=handover) if handover else None,
        hamlet=given["hamlet"],
        position_method=PositionMethod.IMPORT,
        responsible_body=_body(given["body"]),
        source=SOURCE,
        source_id=given["source_id"],
        is_synthetic=True,
        registered_on=today - timedelta(days=REGISTERED_DAYS_AGO),
    )


def _body(name: str) -> Any:
    if not name:
        return None
    kind = next((kind for start, kind in _BODY_KINDS.items() if name.startswith(start)), None)
    return find_or_create_body(name=name, kind=kind or BodyKind.OTHER)


def tell_visits(
    features: list[dict[str, Any]], hazards: list[WaterHazard], *, today: date, observer: User
) -> int:
    """Record what was seen at each water over two years; returns the number of visits."""
    visits = 0
    for feature, hazard in zip(features, hazards, strict=True):
        given = feature["properties"]
        for visit in given["visits"]:
            _record_visit(hazard, given, visit, today - timedelta(days=visit["days_ago"]), observer)
            visits += 1
    return visits


def _record_visit(
    hazard: WaterHazard, given: dict[str, Any], visit: dict[str, Any], day: date, observer: User
) -> None:
    common: dict[str, Any] = {
        "hazard": hazard,
        "observed_on": day,
        "source_kind": SOURCE,
        "observer": observer,
        "is_synthetic": True,
    }
    for seen in visit["seen"]:
        record_safeguard_state(**common, **seen)
    if given["depth_class"] != "unknown":
        record_depth(
            **common,
            depth_class=given["depth_class"],
            depth_m=given["max_depth_m"],
            method=given["depth_method"],
        )


def waive(
    features: list[dict[str, Any]], hazards: list[WaterHazard], *, today: date, by: User
) -> int:
    """Excuse the waters whose story says so, for half a year."""
    waived = 0
    for feature, hazard in zip(features, hazards, strict=True):
        if feature["properties"]["story"] != "waived":
            continue
        grant_waiver(
            hazard=hazard,
            granted_by=by,
            reason="Hồ đang tháo nước để sửa chữa (dữ liệu minh họa).",
            valid_from=today - timedelta(days=30),
            valid_to=today + timedelta(days=150),
        )
        waived += 1
    return waived
