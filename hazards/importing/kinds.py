"""From the words and tags of a source to the kinds of the register. One table each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django.utils import translation

from common.text import tidy
from common.vietnamese import split_tone
from hazards.taxonomy import HazardKind, Lifecycle

# Plain natural=water says nothing of size; from 2 ha on people speak of a lake, not of a pond.
LAKE_FROM_M2 = 20_000

# Tags in the order in which they decide. None: known, and not one water of the register.
OSM_KINDS: dict[tuple[str, str], HazardKind | None] = {
    ("emergency", "fire_water_pond"): HazardKind.FIRE_BASIN,
    ("emergency", "water_tank"): HazardKind.TANK,
    ("water", "pond"): HazardKind.POND,
    ("water", "fishpond"): HazardKind.POND,
    ("water", "fish_pond"): HazardKind.POND,
    ("water", "lake"): HazardKind.LAKE,
    ("water", "lagoon"): HazardKind.LAKE,
    ("water", "oxbow"): HazardKind.LAKE,
    ("water", "reservoir"): HazardKind.RESERVOIR_IRR,
    ("water", "basin"): HazardKind.FARM_TANK,
    ("water", "canal"): HazardKind.CANAL,
    ("water", "ditch"): HazardKind.DITCH,
    ("water", "drain"): HazardKind.DITCH,
    ("water", "moat"): HazardKind.DITCH,
    ("water", "wastewater"): HazardKind.SEPTIC_LIME,
    ("water", "stream_pool"): HazardKind.RIVER_SPOT,
    ("water", "river"): None,
    ("water", "stream"): None,
    ("waterway", "dam"): HazardKind.DAM,
    ("waterway", "weir"): HazardKind.WEIR,
    ("waterway", "sluice_gate"): HazardKind.SLUICE,
    ("waterway", "lock_gate"): HazardKind.SLUICE,
    ("waterway", "canal"): HazardKind.CANAL,
    ("waterway", "ditch"): HazardKind.DITCH,
    ("waterway", "drain"): HazardKind.DITCH,
    ("waterway", "river"): None,
    ("waterway", "riverbank"): None,
    ("waterway", "stream"): None,
    ("man_made", "water_well"): HazardKind.WELL,
    ("man_made", "storage_tank"): HazardKind.TANK,
    ("man_made", "water_tank"): HazardKind.TANK,
    ("man_made", "reservoir_covered"): HazardKind.TANK,
    ("man_made", "pumping_station"): HazardKind.PUMP_SUMP,
    ("landuse", "reservoir"): HazardKind.RESERVOIR_IRR,
    ("landuse", "basin"): HazardKind.FARM_TANK,
    ("landuse", "aquaculture"): HazardKind.POND,
    ("landuse", "salt_pond"): HazardKind.POND,
    ("landuse", "pond"): HazardKind.POND,
    ("leisure", "swimming_pool"): HazardKind.POOL,
    ("natural", "water"): HazardKind.POND,  # or a lake: see LAKE_FROM_M2
}
OSM_KEYS = ("emergency", "water", "waterway", "man_made", "landuse", "leisure", "natural")
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')

# Words of lists kept by offices, beside the labels of the taxonomy in both languages.
_WORDS: dict[HazardKind, tuple[str, ...]] = {
    HazardKind.POND: ("ao", "ao nuôi cá", "ao cá", "pond", "fish pond", "fishpond"),
    HazardKind.FARM_TANK: ("hồ tưới", "hố tưới", "hồ trữ nước", "hồ lót bạt", "farm pond"),
    HazardKind.LAKE: ("hồ tự nhiên", "bàu", "đầm", "lake", "lagoon"),
    HazardKind.RESERVOIR_IRR: ("hồ chứa thủy lợi", "hồ thủy lợi", "hồ chứa", "reservoir"),
    HazardKind.RESERVOIR_HYDRO: ("hồ thủy điện", "hồ chứa thủy điện", "hydropower reservoir"),
    HazardKind.DAM: ("đập", "tràn xả lũ", "đập tràn", "dam", "spillway"),
    HazardKind.WEIR: ("đập dâng", "weir"),
    HazardKind.SLUICE: ("cống", "cửa lấy nước", "xi phông", "sluice"),
    HazardKind.CANAL: ("kênh", "mương", "kênh mương", "canal", "channel"),
    HazardKind.DITCH: ("rãnh", "mương thoát nước", "ditch", "drain"),
    HazardKind.PUMP_SUMP: ("bể hút trạm bơm", "bể hút", "trạm bơm"),
    HazardKind.WELL: ("giếng", "giếng đào", "giếng nước", "well", "dug well"),
    HazardKind.TANK: ("bể nước", "bể chứa nước", "lu", "chum", "tank", "cistern"),
    HazardKind.SEPTIC_LIME: ("hố vôi", "hố phân", "hầm biogas"),
    HazardKind.CONSTRUCTION: ("công trình đang thi công", "hố móng", "hố đào", "hố công trình"),
    HazardKind.BORROW_PIT: ("hố lấy đất", "hố khai thác cát", "hố cát", "hố đất sét", "borrow pit"),
    HazardKind.QUARRY: ("moong đá", "mỏ đá ngập nước", "mỏ đá", "quarry"),
    HazardKind.RIVER_SPOT: ("bến sông", "vực", "hố xoáy", "bãi tắm tự phát"),
    HazardKind.FERRY_BRIDGE: ("ngầm tràn", "cầu tạm", "bến đò", "ford"),
    HazardKind.FIRE_BASIN: ("hồ chứa nước chữa cháy rừng", "hồ chữa cháy rừng"),
    HazardKind.FLOOD_AREA: ("vùng ngập lũ", "vùng ngập"),
    HazardKind.POOL: ("bể bơi", "hồ bơi", "swimming pool"),
}
_LIFECYCLE_WORDS: dict[Lifecycle, tuple[str, ...]] = {
    Lifecycle.PLANNED: ("planned", "potential", "postponed", "proposed", "quy hoạch", "dự kiến"),
    Lifecycle.UNDER_CONSTRUCTION: ("under construction", "construction", "đang thi công"),
    # Nobody knows: it counts as water that is there.
    Lifecycle.IN_USE: ("in use", "operational", "operating", "unknown", "đang sử dụng", ""),
    Lifecycle.DRY_SEASONAL: ("dry for a season", "cạn theo mùa"),
    Lifecycle.ABANDONED: ("abandoned", "bỏ hoang"),
    Lifecycle.FILLED: ("filled in", "đã san lấp"),
}


def osm_kind(tags: Mapping[str, str], *, area_m2: float | None) -> HazardKind | str:
    """Return the kind, or the tag in its way ("waterway=riverbank"); "" without tags."""
    deciding = [(key, tags[key]) for key in OSM_KEYS if tags.get(key)]
    if not deciding:
        return ""
    for tag in deciding:
        if tag in OSM_KINDS and tag != ("natural", "water"):
            return OSM_KINDS[tag] or "=".join(tag)
    if ("natural", "water") in deciding:  # whatever else it says that nobody here has heard of
        return HazardKind.LAKE if area_m2 and area_m2 >= LAKE_FROM_M2 else HazardKind.POND
    return "=".join(deciding[0])


def is_plain_water(tags: Mapping[str, str]) -> bool:
    """Say whether the tags call it water and nothing more."""
    return [key for key in OSM_KEYS if tags.get(key)] == ["natural"] and tags["natural"] == "water"


def parse_other_tags(text: str) -> dict[str, str]:
    """Return the tags of OGR's column ``other_tags``: ``"water"=>"pond","depth"=>"2"``."""
    return dict(_HSTORE.findall(text))


def kind_of(text: str) -> HazardKind | None:
    """Return the kind that a word means, in Vietnamese or English or as code, or None."""
    return _kinds_by_word().get(_key(text))


def lifecycle_of(text: str) -> Lifecycle | None:
    return _lifecycles_by_word().get(_key(text))


def allowed_kinds() -> str:
    """Return codes and labels for a message: ``pond (ao), ...``."""
    return ", ".join(f"{kind.value} ({kind.label})" for kind in HazardKind)


def _key(text: str) -> tuple[tuple[str, str], ...]:
    """Words without case and place of the tone: "Hồ Thuỷ Điện" and "hồ thủy điện" are the same."""
    return tuple(split_tone(word) for word in tidy(text).split())


@cache
def _kinds_by_word() -> dict[tuple[tuple[str, str], ...], HazardKind]:
    found = {_key(word): kind for kind, words in _WORDS.items() for word in words}
    for language in ("en", "vi"):
        with translation.override(language):
            found |= {_key(str(kind.label)): kind for kind in HazardKind}
    return found | {_key(kind.value): kind for kind in HazardKind}


@cache
def _lifecycles_by_word() -> dict[tuple[tuple[str, str], ...], Lifecycle]:
    found = {_key(word): state for state, words in _LIFECYCLE_WORDS.items() for word in words}
    for language in ("en", "vi"):
        with translation.override(language):
            found |= {_key(str(state.label)): state for state in Lifecycle}
    return found | {_key(state.value): state for state in Lifecycle}
