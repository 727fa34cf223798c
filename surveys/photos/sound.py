"""Whether bytes are a sound that browsers record and play, told by how they begin."""

from typing import Final

WEBM: Final = "audio/webm"
OGG: Final = "audio/ogg"
MP4: Final = "audio/mp4"
# Brands of ISO base media files that phones record sound in.
_MP4_BRANDS: Final = frozenset(
    {b"M4A ", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"}
)


def sound_type(head: bytes) -> str:
    """Return the media type, empty for anything else.

    >>> sound_type(b"OggS\\x00")
    'audio/ogg'
    >>> sound_type(b"<html>")
    ''
    """
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM
    if head.startswith(b"OggS"):
        return OGG
    return MP4 if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS else ""
