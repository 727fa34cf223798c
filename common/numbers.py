"""Numbers and angles as people write them: "11,53", "1.283.456,78", "11°31'48\\"N"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from django.utils.formats import get_format

_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_GROUPS = re.compile(r"[+-]?\d{1,3}(\D\d{3})+")
_SIDES = {
    "N": 1,
    "B": 1,
    "S": -1,
    "E": 1,
    "Đ": 1,
    "D": 1,
    "W": -1,
    "T": -1,
}  # B, Đ, T: Bắc, Đông, Tây
_ANGLE = re.compile(
    r"""(?P<sign>[+-]?)(?P<deg>\d{1,3})\s*[°ºdD\s]\s*
        (?P<min>\d{1,2}(?:\.\d+)?)\s*['’′mM\s]?\s*
        (?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:["”″]|''|’’)?)?""",
    re.VERBOSE,
)


_PLAIN_DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]+")  # as nearly all files write them
_PLAIN = b"0123456789.-\n"


def parse_number(text: str) -> float | None:
    """Return the number ``text`` writes, or None; the last of . and , is the decimal sign.

    A sign that stands twice or more is for thousands. NaN and infinity are no numbers.

    >>> parse_number("11,53"), parse_number("1.283.456,78"), parse_number("1,283,456.78")
    (11.53, 1283456.78, 1283456.78)
    >>> parse_number("11,5,3") is None
    True
    """
    text = text.strip().replace("\u00a0", "").replace("\u2212", "-").replace(" ", "")
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    if text.count(decimal) > 1:  # only for thousands
        if ("." in text and "," in text) or not _GROUPS.fullmatch(text):
            return None
        text = text.replace(decimal, "")
    whole, sign, part = text.partition(decimal)
    thousands = "," if decimal == "." else "."
    if thousands in whole:
        if not _GROUPS.fullmatch(whole):
            return None
        whole = whole.replace(thousands, "")
    if thousands in part:
        return None
    text = f"{whole}.{part}" if sign else whole
    if not text.isascii() or not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def parse_angle(text: str) -> float | None:
    """Return degrees from decimal degrees, or degrees, minutes and seconds with N B S E Đ W T.

    >>> round(parse_angle("11°31'48\\" N"), 6), parse_angle("106 30 0"), parse_angle("106,91")
    (11.53, 106.5, 106.91)
    >>> parse_angle("11°75'") is None
    True
    """
    if _PLAIN_DEGREES.fullmatch(text):
        return float(text)
    text = text.strip().upper()
    side = 1
    for end in (text[-1:], text[:1]):
        if end in _SIDES:
            side = _SIDES[end]
            text = text.strip(end).strip()
            break
    number = parse_number(text.removesuffix("°").strip()) if " " not in text else None
    if number is not None:
        return side * number
    found = _ANGLE.fullmatch(text.replace(",", "."))
    if not found:
        return None
    minutes, seconds = float(found["min"]), float(found["sec"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    degrees = int(found["deg"]) + minutes / 60 + seconds / 3600
    return side * (-degrees if found["sign"] == "-" else degrees)


def plain_numbers(texts: Sequence[str]) -> list[float] | None:
    """Return the numbers of a column all written plainly ("-11.53", "7"), as nearly all are.

    None when one is not, or is none: then each is to be read by itself, by ``parse_number`` or
    ``parse_angle``, which say the same of plain ones.
    """
    whole = "\n".join(["", *texts, ""]).encode(errors="replace")
    if whole.translate(None, _PLAIN) or any(odd in whole for odd in (b".\n", b"\n.", b"-.")):
        return None
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def parse_depth_m(text: str) -> float | None:
    """Return a depth in metres from "2,5", "2.5 m"; None for anything else.

    >>> parse_depth_m("2,5 m"), parse_depth_m("2-3") is None
    (2.5, True)
    """
    return parse_number(text.strip().lower().removesuffix("m").strip())


class Shown(float):
    """A number that formats itself with the decimal sign of the reader's language.

    For texts outside templates: ``"{km:.2f} km".format(km=Shown(2.5))`` is "2,50 km" in Vietnamese.
    """

    def __format__(self, spec: str) -> str:
        return float.__format__(self, spec).replace(".", get_format("DECIMAL_SEPARATOR"))
