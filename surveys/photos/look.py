"""How a photo looks, in 128 bits: the same picture made smaller, lighter or saved again is near.

Two difference hashes: of a picture shrunk to 9 x 8, whether each cell is darker than its right
neighbour, and of one shrunk to 8 x 9, than the one below.
"""

from __future__ import annotations

from typing import Final

from PIL import Image

BITS: Final = 128
BANDS: Final = 8  # of 16 bits: of two looks at most 7 bits apart at least one band is the same
NEAR_BITS: Final = 7
PLAIN_BITS: Final = 16  # fewer bits set, or clear, is a wall, a sky, a lens cap: no look at all


def look_of(image: Image.Image) -> str:
    """Return the look as 32 hexadecimal digits; "" where there is nothing to tell a picture by."""
    grey = image.convert("L")
    across = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    down = grey.resize((8, 9), Image.Resampling.BOX).tobytes()
    bits = [across[9 * y + x] > across[9 * y + x + 1] for y in range(8) for x in range(8)]
    bits += [down[8 * y + x] > down[8 * (y + 1) + x] for y in range(8) for x in range(8)]
    if not PLAIN_BITS <= sum(bits) <= BITS - PLAIN_BITS:
        return ""
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):032x}"


def bands_of(look: str) -> list[int]:
    """Return the bands as numbers that differ between bands, for an index that finds shared ones.

    >>> bands_of("0001" + "0" * 28)[:2]
    [1, 65536]
    """
    parts = [look[at : at + 4] for at in range(0, 32, 4)] if look else []
    return [place * 65536 + int(part, 16) for place, part in enumerate(parts)]


def bits_apart(one: str, other: str) -> int:
    """Return in how many bits two looks differ.

    >>> bits_apart("0" * 32, "f" + "0" * 31)
    4
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()
