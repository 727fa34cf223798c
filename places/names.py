"""When two spellings are one name: case, spaces, apostrophes, the place of a tone mark."""

from __future__ import annotations

from common.text import tidy
from common.vietnamese import split_tone

NameKey = tuple[tuple[str, str], ...]


def name_key(text: str) -> NameKey:
    """Return what equal names share.

    >>> name_key("Xã Hoà  Bình") == name_key("xã Hòa Bình")
    True
    """
    return tuple(
        split_tone(word) for word in tidy(text).replace("-", " ").replace("’", "'").split()
    )
