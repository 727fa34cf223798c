"""Coordinate systems as people name them, and the way from each to EPSG:4326."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from common.sourcefile import SourceFileError

WGS84 = CRS.from_epsg(4326)

# Local VN-2000 systems (3-degree zones) by the province of before July 2025: Circular
# 973/2001/TT-TCDC and its successors; codes of the EPSG registry.
VN2000_ZONES: tuple[tuple[int, str], ...] = (
    (9205, "Điện Biên, Lai Châu"),
    (9206, "Sơn La"),
    (9207, "Cà Mau, Kiên Giang"),
    (9208, "An Giang, Lào Cai, Nghệ An, Phú Thọ, Yên Bái"),
    (
        5897,
        "Hà Nội, Hà Nam, Ninh Bình, Thanh Hóa, Vĩnh Phúc, Bạc Liêu, Cần Thơ, Đồng Tháp, Hậu Giang",
    ),
    (
        9209,
        "Bắc Ninh, Hà Giang, Hà Tĩnh, Hải Dương, Hưng Yên, Nam Định, Sóc Trăng, Tây Ninh, "
        "Thái Bình, Trà Vinh, Vĩnh Long",
    ),
    (9210, "Hải Phòng, TP. Hồ Chí Minh, Bến Tre, Bình Dương, Cao Bằng, Long An, Tiền Giang"),
    (9211, "Hòa Bình, Quảng Bình, Tuyên Quang"),
    (9212, "Bình Phước, Quảng Trị"),
    (9213, "Bắc Kạn, Thái Nguyên"),
    (9214, "Bắc Giang, Thừa Thiên Huế"),
    (9215, "Lạng Sơn"),
    (9216, "Kon Tum"),
    (5899, "Bà Rịa - Vũng Tàu, Đà Nẵng, Đồng Nai, Lâm Đồng, Quảng Nam, Quảng Ninh"),
    (5898, "Quảng Ngãi"),
    (9217, "Bình Định, Khánh Hòa, Ninh Thuận"),
    (9218, "Bình Thuận, Đắk Lắk, Đắk Nông, Gia Lai, Phú Yên"),
)


class CrsMissingError(SourceFileError):
    code = "common.crs_missing"

    template = _(
        "{name} does not say which coordinate system it is in. Choose it (--crs): 4326 for GPS "
        "longitude and latitude (WGS 84), or a VN-2000 zone by old province: {zones}."
    )


class CrsUnknownError(SourceFileError):
    code = "common.crs_unknown"
    template = _(
        "{text} is no coordinate system known here. Give an EPSG number: 4326 (WGS 84), or a "
        "VN-2000 zone by old province: {zones}."
    )


class CrsContradictionError(SourceFileError):
    code = "common.crs_contradiction"
    template = _(
        "{name} says it is in {stated}, but {asked} was chosen. Take what the file says "
        "(--crs file), or mend the file."
    )


def zone_offers() -> str:
    """Return the VN-2000 zones as one line: ``9212 (Bình Phước, Quảng Trị); ...``."""
    return "; ".join(f"{code} ({provinces})" for code, provinces in VN2000_ZONES)


def crs_name(crs: CRS) -> str:
    code = crs.to_epsg(min_confidence=60)
    return f"EPSG:{code} ({crs.name})" if code else str(crs.name)


def parse_crs(text: str) -> CRS:
    """Return the system of "4326", "EPSG:9212" and the like; raises CrsUnknownError."""
    number = text.strip().upper().removeprefix("EPSG:").strip()
    if not number.isascii() or not number.isdigit():
        raise CrsUnknownError(text=text, zones=zone_offers())
    try:
        crs = CRS.from_epsg(int(number))
    except (CRSError, OverflowError) as error:
        raise CrsUnknownError(text=text, zones=zone_offers()) from error
    if not (crs.is_geographic or crs.is_projected):
        raise CrsUnknownError(text=text, zones=zone_offers())
    return crs


def choose_crs(*, name: str, stated: CRS | None, is_stated: bool, asked: str | None) -> CRS:
    """Return the system to read a file in, from what it states and what the user says.

    ``is_stated`` is False for a format's default, which the user may overrule.
    """
    if not asked or asked.strip().lower() == "file":
        if stated is None:
            raise CrsMissingError(name=name, zones=zone_offers())
        return stated
    wanted = parse_crs(asked)
    if stated is None or not is_stated or wanted.equals(stated, ignore_axis_order=True):
        return wanted
    same_code = wanted.to_epsg() == stated.to_epsg(min_confidence=60)
    if wanted.to_epsg() is not None and same_code:
        return wanted
    raise CrsContradictionError(name=name, stated=crs_name(stated), asked=crs_name(wanted))


@lru_cache(maxsize=32)
def _transformer(wkt: str) -> Transformer:
    return Transformer.from_crs(CRS.from_wkt(wkt), WGS84, always_xy=True)


def to_wgs84(shapes: NDArray[np.object_], crs: CRS) -> NDArray[np.object_]:
    """Return ``shapes`` in EPSG:4326, x = longitude; infinite where a position cannot be turned."""
    if crs.equals(WGS84, ignore_axis_order=True):
        return shapes
    transformer = _transformer(crs.to_wkt())

    def turned(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack([lon, lat])

    return np.asarray(shapely.transform(shapes, turned), dtype=object)
