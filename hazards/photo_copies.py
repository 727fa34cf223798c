"""Which copy of a photo is sent: three sizes, WebP where the browser takes it, JPEG otherwise.

All copies of a photo lie in one folder of the storage "derivatives"; the name of the large JPEG is
what tables keep. Copies for the register, without faces, have a word before the size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.core.files import File
from django.core.files.storage import storages

from common.errors import NotFoundError

IMAGE, MEDIUM, THUMBNAIL = "image", "medium", "thumbnail"
SIZES: Final = {IMAGE: 1600, MEDIUM: 800, THUMBNAIL: 320}  # longest side, pixels
BLURRED: Final = "blurred-"
TYPES: Final = {"webp": "image/webp", "jpg": "image/jpeg"}


def blurred_name(image_name: str, size: str = IMAGE) -> str:
    """Return the name of the copy without faces beside a large JPEG."""
    folder, _slash, _name = image_name.rpartition("/")
    return f"{folder}/{BLURRED}{size}.jpg"


def open_copy(image_name: str, size: str, accept: str = "") -> tuple[File, str]:
    """Open a copy and say its media type; a larger one where that size was not made.

    accept  the header of the request
    Raises NotFoundError where there is none (yet).
    """
    storage = storages["derivatives"]
    for name in _names(image_name, size, takes_webp=TYPES["webp"] in accept):
        try:
            return storage.open(name), TYPES[name.rpartition(".")[2]]
        except FileNotFoundError:
            continue
    raise NotFoundError


def _names(image_name: str, size: str, *, takes_webp: bool) -> Iterator[str]:
    if not image_name or size not in SIZES:
        return
    folder, slash, name = image_name.rpartition("/")
    before = BLURRED if name.startswith(BLURRED) else ""
    sizes = [size, *([IMAGE] if size != IMAGE else [])]
    for one in sizes:
        for ending in ("webp", "jpg") if takes_webp else ("jpg",):
            yield f"{folder}{slash}{before}{one}.{ending}"
    yield image_name  # copies of before there were sizes may have another name
