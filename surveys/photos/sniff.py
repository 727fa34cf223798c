"""What a file is, told by its first bytes. Its name and the browser's word count for nothing."""

from pathlib import PurePosixPath
from typing import Final

HEAD_BYTES: Final = 64  # as many as are needed to tell

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"

# Major or compatible brands of ISO base media files that hold still pictures coded by HEVC.
_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_SUFFIXES: Final = {
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".jpe": JPEG,
    ".jfif": JPEG,
    ".png": PNG,
    ".webp": WEBP,
    ".heic": HEIC,
    ".heif": HEIC,
    ".hif": HEIC,
}


def media_type(head: bytes) -> str | None:
    """Return the media type of a picture that begins with ``head``; None for anything else.

    SVG and HTML are "anything else": they can carry scripts.

    >>> media_type(b"\\xff\\xd8\\xff\\xe0")
    'image/jpeg'
    >>> media_type(b"<svg xmlns=") is None
    True
    """
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return HEIC if _is_heif(head) else None


def _is_heif(head: bytes) -> bool:
    if head[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    return not brands.isdisjoint(_HEIF_BRANDS)


def name_lies(filename: str, found: str | None) -> bool:
    """Say whether the name promises a picture of another type than the bytes are.

    A name without a known suffix promises nothing.

    >>> name_lies("IMG_1.jpg", "image/png")
    True
    >>> name_lies("photo", "image/png")
    False
    """
    promised = _SUFFIXES.get(PurePosixPath(filename).suffix.lower())
    return promised is not None and promised != found
