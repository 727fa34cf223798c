"""Which column of a file says what: as told, else by the names people use."""

from __future__ import annotations

from dataclasses import dataclass

from common.sourcetable import SourceTable
from hazards.importing.options import ImportOptions, NoPositionColumnsError

_USUAL = {
    "source_id": ("source_id", "osm_id", "@id", "mã", "ma_so", "mã số"),
    "kind": ("kind", "loai", "loại", "loai_hinh", "loại hình"),
    "name": ("name", "ten", "tên", "tên gọi", "ten_goi", "tên ao, hồ", "tên điểm"),
    "lon": ("lon", "long", "lng", "longitude", "kinh_do", "kinh độ", "kinhdo", "tọa độ kinh độ"),
    "lat": ("lat", "latitude", "vi_do", "vĩ độ", "vido", "tọa độ vĩ độ"),
    "x": ("x", "easting", "x_vn2000", "tọa độ x"),
    "y": ("y", "northing", "y_vn2000", "tọa độ y"),
    "depth": ("max_depth_m", "depth_m", "do_sau_m", "độ sâu (m)"),
    "body": ("responsible_body", "don_vi_chiu_trach_nhiem", "đơn vị chịu trách nhiệm"),
    "lifecycle": ("lifecycle", "tình trạng", "tinh_trang", "trạng thái"),
}
OSM_TAGS = ("natural", "water", "waterway", "landuse", "man_made", "leisure", "other_tags")


@dataclass(frozen=True)
class Columns:
    """Names of the file's own columns; None where it says nothing of the kind."""

    source_id: str | None
    kind: str | None
    name: str | None
    depth: str | None
    body: str | None
    lifecycle: str | None
    is_osm: bool

    @property
    def texts(self) -> list[str]:
        """The columns whose text is stored or read as words."""
        named = (self.kind, self.name, self.body, self.lifecycle)
        return [column for column in named if column]


def choose_columns(table: SourceTable, options: ImportOptions) -> Columns:
    """Return the columns to read; raises FieldMissingError for one that was named and is not there.

    Tags of OpenStreetMap are read when asked, or when the file has them and no column of kinds.
    """
    kind = _chosen(table, "kind", options.kind_field)
    tagged = kind is None and table.find(OSM_TAGS[:4]) is not None
    has_own_kind = options.kind is not None or options.kind_field is not None
    return Columns(
        source_id=_chosen(table, "source_id", options.source_id_field),
        kind=None if options.osm or (options.kind and not options.kind_field) else kind,
        name=_chosen(table, "name", options.name_field),
        depth=_chosen(table, "depth", options.depth_field),
        body=_chosen(table, "body", options.body_field),
        lifecycle=_chosen(table, "lifecycle", options.lifecycle_field),
        is_osm=options.osm or (tagged and not has_own_kind),
    )


def position_columns(table: SourceTable, options: ImportOptions) -> tuple[str, str]:
    """Return the columns of x (longitude, easting) and y (latitude, northing)."""
    for x_kind, y_kind in (("lon", "lat"), ("x", "y")):
        x_asked = getattr(options, f"{x_kind}_field")
        y_asked = getattr(options, f"{y_kind}_field")
        if x_asked or y_asked or not _position_asked(options):
            x = _chosen(table, x_kind, x_asked)
            y = _chosen(table, y_kind, y_asked)
            if x and y:
                return x, y
    raise NoPositionColumnsError(name=table.name, columns=", ".join(table.column_names))


def _position_asked(options: ImportOptions) -> bool:
    return any((options.lon_field, options.lat_field, options.x_field, options.y_field))


def _chosen(table: SourceTable, what: str, asked: str | None) -> str | None:
    if asked:
        table.column(asked)  # raises when it is not there
        return table.find([asked])
    return table.find(_USUAL[what])


def usual_column(columns: list[str], what: str) -> str | None:
    """Return the column that is read for ``what`` when nobody names one."""
    own = {name.casefold(): name for name in reversed(columns)}
    return next((own[name.casefold()] for name in _USUAL[what] if name.casefold() in own), None)


# The columns of the empty workbook, all of them usual names; widths in characters.
TEMPLATE_COLUMNS = (
    ("mã", 12),
    ("loại", 26),
    ("tên", 34),
    ("kinh độ", 14),
    ("vĩ độ", 14),
    ("độ sâu (m)", 12),
    ("đơn vị chịu trách nhiệm", 34),
    ("tình trạng", 22),
)
