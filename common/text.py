"""Vietnamese text: one spelling for storing, one without marks for searching, and old encodings."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Letters that TCVN3 (ABC) and VNI fonts misuse for Vietnamese ones: "®Ëp" is "đập", "ñaäp" too.
_TCVN3_SIGNS = re.compile(r"[®§¸µ¶·¹Êăâêôơưđ¨©ª«¬­]")
_TCVN3_ONLY = set("®§¸µ¶·¹¨©ª«¬\u00ad¦¡¢£¤¥")
_VNI_PAIRS = re.compile(
    r"[aeiouyAEIOUYêôÖöÔô][øùûõïØÙÛÕÏâäàãåéèëúüÂÄÀÃÅÉÈËÚÜ]|ñ[aeiouAEIOU]|Ñ[aeiouAEIOUÖÔ]"
)


def tidy(value: str) -> str:
    """Return ``value`` in NFC with single spaces and no zero-width or control characters."""
    value = unicodedata.normalize("NFC", value)
    kept = (c for c in value if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    return _SPACES.sub(" ", "".join(kept)).strip()


def plain(value: str) -> str:
    """Return ``value`` for searching: lower case, no diacritics, đ as d.

    >>> plain("Hồ Đập  Thủy điện")
    'ho dap thuy dien'
    """
    decomposed = unicodedata.normalize("NFD", tidy(value).lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def legacy_encoding(value: str) -> str | None:
    """Name the pre-Unicode Vietnamese encoding that ``value`` seems to be in, or None.

    Tells "TCVN3 (ABC)" from "VNI" by signs that no Vietnamese word written in Unicode holds.

    >>> legacy_encoding("®Ëp DÇu TiÕng")
    'TCVN3 (ABC)'
    >>> legacy_encoding("Đập Dầu Tiếng") is None
    True
    """
    if sum(c in _TCVN3_ONLY for c in value) >= 1:
        return "TCVN3 (ABC)"
    if _VNI_PAIRS.search(value):
        return "VNI"
    return None
