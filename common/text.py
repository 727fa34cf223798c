"""Vietnamese text: one spelling for storing, and one without marks for searching.

What came through a wrong encoding is told by :mod:`common.legacy`, before it is tidied.
"""

import re
import unicodedata

from common.legacy import column_encoding, legacy_encoding, wrong_encoding

__all__ = ["column_encoding", "legacy_encoding", "plain", "tidy", "wrong_encoding"]

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
