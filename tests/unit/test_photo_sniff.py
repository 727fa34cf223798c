"""What a file is, is told by its bytes alone."""

import pytest

from surveys.photos import sniff

JPEG = b"\xff\xd8\xff\xe1\x00\x10Exif"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
HEIC_BY_COMPATIBLE_BRAND = b"\x00\x00\x00\x18ftypabcd\x00\x00\x00\x00heicmsf1"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (HEIC, "image/heic"),
        (HEIC_BY_COMPATIBLE_BRAND, "image/heic"),
        (MP4, None),
        (b"", None),
        (b"\xff\xd8", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<!doctype html><script>", None),
        (b"GIF89a", None),
        (b"%PDF-1.7", None),
        (b"\x00\x00\x00\x04ftyp", None),
    ],
)
def test_the_type_comes_from_the_bytes(head, found):
    assert sniff.media_type(head) == found


@pytest.mark.parametrize(
    ("filename", "found", "lies"),
    [
        ("IMG_1.JPG", "image/jpeg", False),
        ("IMG_1.jpg", "image/png", True),
        ("IMG_1.jpg", None, True),
        ("IMG_1.heif", "image/heic", False),
        ("image", "image/webp", False),
        ("../../etc/passwd", None, False),
    ],
)
def test_a_name_that_promises_another_type_is_told(filename, found, lies):
    assert sniff.name_lies(filename, found) is lies
