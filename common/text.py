"""Vietnamese text: one spelling for storing, and one without marks for searching.

What came through a wrong encoding is told by :mod:`common.legacy`, before it is tidied.
"""

import re
import unicodedata
from collections.abc import Sequence

from common.legacy import column_encoding, legacy_encoding, wrong_encoding

__all__ = [
    "column_encoding",
    "legacy_encoding",
    "plain",
    "plain_column",
    "tidy",
    "tidy_column",
    "wrong_encoding",
]

_SPACES = re.compile(r"\s+")
_HIDDEN = {"Cc", "Cf", "Cs"}  # control, zero-width and the like, half of a pair


def tidy(value: str) -> str:
    """Return ``value`` in NFC with single spaces and no zero-width or control characters."""
    if not unicodedata.is_normalized("NFC", value):
        value = unicodedata.normalize("NFC", value)
    if value.isprintable() and "  " not in value:  # most are, and each cell of an import comes here
        return value.strip()
    value = "".join(c for c in value if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    return _SPACES.sub(" ", value).strip()


def tidy_column(texts: Sequence[str]) -> list[str]:
    """Return each text tidied; one look at all together tells mostly that they are."""
    whole = f"·{'·'.join(texts)}·"  # a sign that joins with none beside it
    is_tidy = whole.isprintable() and unicodedata.is_normalized("NFC", whole)
    if is_tidy and not any(spaces in whole for spaces in ("  ", "· ", " ·")):
        return list(texts)
    return [tidy(text) for text in texts]


def plain(value: str) -> str:
    """Return ``value`` for searching: lower case, no diacritics, đ as d.

    >>> plain("Hồ Đập  Thủy điện")
    'ho dap thuy dien'
    """
    value = tidy(value).lower()
    decomposed = unicodedata.normalize("NFD", value.replace("đ", "d"))
    bare = decomposed.encode("ascii", "ignore").decode()
    if len(bare) == len(value):  # one letter of each sign: nothing fell away but marks
        return bare
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def plain_column(texts: Sequence[str]) -> list[str]:
    """Return each text for searching, as ``plain`` does, all in one go where that comes out even.

    >>> plain_column(["Ao Sen", "Hồ Đá"])
    ['ao sen', 'ho da']
    """
    whole = "\n".join(tidy_column(texts)).lower()  # no tidy text holds the end of a line
    decomposed = unicodedata.normalize("NFD", whole.replace("đ", "d"))
    bare = decomposed.encode("ascii", "ignore").decode()
    if texts and len(bare) == len(whole):  # nothing fell away but marks
        return bare.split("\n")
    return [plain(text) for text in texts]
