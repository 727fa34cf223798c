"""Coordinate systems at the door: axis order is fixed here and nowhere else (x = longitude)."""

from dataclasses import dataclass
from typing import Final

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

WGS84: Final = 4326
WEB_MERCATOR: Final = 3857

# (west, south, east, north) degrees: mainland, islands and both archipelagos
VIETNAM_BOUNDS: Final = (102.0, 6.0, 117.9, 23.6)


@dataclass(frozen=True)
class Vn2000Zone:
    """One projection of VN-2000 as land records use it.

    meridian   central meridian, e.g. 106°15'; empty for the geographic system
    provinces  provinces as they were before July 2025, from the EPSG registry's area of use
    """

    epsg: int
    meridian: str
    provinces: tuple[str, ...]


VN2000_ZONES: Final = (
    Vn2000Zone(9205, "103°00'", ("Điện Biên", "Lai Châu")),
    Vn2000Zone(9206, "104°00'", ("Sơn La",)),
    Vn2000Zone(9207, "104°30'", ("Cà Mau", "Kiên Giang")),
    Vn2000Zone(9208, "104°45'", ("An Giang", "Lào Cai", "Nghệ An", "Phú Thọ", "Yên Bái")),
    Vn2000Zone(
        9209,
        "105°30'",
        (
            "Bắc Ninh", "Hà Giang", "Hà Tĩnh", "Hải Dương", "Hưng Yên", "Nam Định",
            "Sóc Trăng", "Tây Ninh", "Thái Bình", "Trà Vinh", "Vĩnh Long",
        ),
    ),
    Vn2000Zone(
        9210,
        "105°45'",
        (
            "Hải Phòng", "Thành phố Hồ Chí Minh", "Bến Tre", "Bình Dương", "Cao Bằng",
            "Long An", "Tiền Giang",
        ),
    ),
    Vn2000Zone(9211, "106°00'", ("Hòa Bình", "Quảng Bình", "Tuyên Quang")),
    Vn2000Zone(9212, "106°15'", ("Bình Phước", "Quảng Trị")),
    Vn2000Zone(9213, "106°30'", ("Bắc Kạn", "Thái Nguyên")),
    Vn2000Zone(9214, "107°00'", ("Bắc Giang", "Thừa Thiên Huế")),
    Vn2000Zone(9215, "107°15'", ("Lạng Sơn",)),
    Vn2000Zone(9216, "107°30'", ("Kon Tum",)),
    Vn2000Zone(
        5899,
        "107°45'",
        (
            "Quảng Ninh", "Đà Nẵng", "Quảng Nam", "Bà Rịa - Vũng Tàu", "Đồng Nai", "Lâm Đồng",
        ),
    ),
    Vn2000Zone(9217, "108°15'", ("Bình Định", "Khánh Hòa", "Ninh Thuận")),
    Vn2000Zone(9218, "108°30'", ("Bình Thuận", "Đắk Lắk", "Đắk Nông", "Gia Lai", "Phú Yên")),
    Vn2000Zone(5896, "102°00'", ()),
    Vn2000Zone(5897, "105°00'", ()),
    Vn2000Zone(5898, "108°00'", ()),
    Vn2000Zone(3405, "105°00' (UTM 48N)", ()),
    Vn2000Zone(3406, "111°00' (UTM 49N)", ()),
    Vn2000Zone(4756, "", ()),
)  # fmt: skip


def read_crs(source: int | str) -> CRS:
    """Understand an EPSG number, "EPSG:9212" or WKT; ValueError says what could not be read."""
    try:
        return CRS.from_user_input(source)
    except CRSError as error:
        raise ValueError(f"coordinate system {str(source)[:80]!r} is not known: {error}") from error


def transformer(source: int | str, to: int | str = WGS84) -> Transformer:
    """Make the way from one system to another; positions are (x, y) = (east, north) on both ends.

    >>> lon, lat = transformer(9212).transform(550000, 1272000)
    >>> round(lon, 4), round(lat, 4)
    (106.7101, 11.5018)
    """
    return Transformer.from_crs(read_crs(source), read_crs(to), always_xy=True)


def zone_of_province(name: str) -> Vn2000Zone | None:
    """The VN-2000 zone of a province as it was before July 2025; None if no zone names it."""
    wanted = name.strip().casefold()
    for zone in VN2000_ZONES:
        if wanted in (province.casefold() for province in zone.provinces):
            return zone
    return None


def in_vietnam(lon_deg: float, lat_deg: float) -> bool:
    """Say whether a position lies in the box round the country; NaN does not."""
    west, south, east, north = VIETNAM_BOUNDS
    return west <= lon_deg <= east and south <= lat_deg <= north


def looks_swapped(x: float, y: float) -> bool:
    """Say whether (x, y) makes sense in Viet Nam only when read as (latitude, longitude).

    >>> looks_swapped(11.5, 106.9), looks_swapped(106.9, 11.5)
    (True, False)
    """
    return not in_vietnam(x, y) and in_vietnam(y, x)
