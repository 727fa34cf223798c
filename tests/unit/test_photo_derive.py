"""Copies that may be shown: upright, small, nothing but pixels; and files that try to hurt."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from surveys.photos.derive import derive

RED, BLUE = (220, 30, 30), (30, 30, 220)
APP1, APP2, COM = 0xE1, 0xE2, 0xFE


def jpeg_markers(data: bytes) -> list[int]:
    """List the marker codes before the picture data."""
    at, found = 2, []
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return found


def upright(size=(80, 60)) -> Image.Image:
    """A blue picture with a red upper left quarter."""
    image = Image.new("RGB", size, BLUE)
    image.paste(Image.new("RGB", (size[0] // 2, size[1] // 2), RED), (0, 0))
    return image


UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", UNDO)
def test_every_orientation_is_shown_upright(orientation, tmp_path):
    stored = upright().transpose(UNDO[orientation]) if orientation > 1 else upright()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored.save(tmp_path / "in.jpg", exif=exif, quality=95)

    made = derive(tmp_path / "in.jpg", tmp_path)

    with Image.open(made.image) as shown:
        assert shown.size == (80, 60)
        assert shown.getpixel((10, 10))[0] > 150
        assert shown.getpixel((70, 10))[2] > 150
        assert shown.getpixel((10, 50))[2] > 150
    assert made.facts.orientation == orientation


def test_copies_hold_nothing_but_pixels(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRETCAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (11.0, 30.0, 36.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upright((2000, 1500)).save(
        tmp_path / "in.jpg",
        exif=exif,
        icc_profile=profile,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRETXMP</x:xmpmeta>",
        comment=b"SECRETCOMMENT",
    )

    made = derive(tmp_path / "in.jpg", tmp_path)

    for copy, longest in ((made.image, 1600), (made.thumbnail, 320)):
        data = copy.read_bytes()
        assert not {APP1, APP2, COM} & set(jpeg_markers(data))
        for word in (b"Exif", b"SECRET", b"xmpmeta", b"adobe", b"GPS", b"ICC_PROFILE"):
            assert word not in data
        with Image.open(copy) as shown:
            assert max(shown.size) == longest
    assert (made.width_px, made.height_px) == (2000, 1500)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_every_kind_of_pixels_becomes_rgb(mode, tmp_path):
    name = "in.jpg" if mode == "CMYK" else "in.png"
    Image.new("L", (40, 30), 128).convert(mode).save(tmp_path / name)

    made = derive(tmp_path / name, tmp_path)

    assert made.problem == ""
    with Image.open(made.image) as shown:
        assert shown.mode == "RGB"


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose head says that it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A PNG with a text chunk that unpacks to 200 MB."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("note", "A" * 200_000_000, zip=True)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not_an_image"),
        (b"<html><script>alert(1)</script>", "not_an_image"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "damaged"),
        (png_claiming(60_000, 60_000), "too_many_pixels"),
        (png_claiming(9_000, 9_000), "damaged"),
    ],
)
def test_what_cannot_be_shown_says_why(data, problem, tmp_path):
    (tmp_path / "in.jpg").write_bytes(data)

    made = derive(tmp_path / "in.jpg", tmp_path)

    assert made.problem == problem
    assert made.image is None


def test_a_text_bomb_costs_nothing(tmp_path):
    (tmp_path / "in.png").write_bytes(text_bomb())

    assert derive(tmp_path / "in.png", tmp_path).problem in {"", "damaged"}


def test_a_truncated_jpeg_is_damaged(tmp_path):
    out = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(out, "JPEG")
    (tmp_path / "in.jpg").write_bytes(out.getvalue()[: len(out.getvalue()) // 2])

    assert derive(tmp_path / "in.jpg", tmp_path).problem == "damaged"


def test_a_worker_that_takes_too_long_is_stopped(tmp_path):
    upright().save(tmp_path / "in.jpg")

    assert derive(tmp_path / "in.jpg", tmp_path, wall_seconds=0.001).problem == "timeout"


def test_a_photo_of_100_megapixels_is_shown(tmp_path):
    Image.new("RGB", (12_000, 8_700), RED).save(tmp_path / "in.jpg", quality=30)

    made = derive(tmp_path / "in.jpg", tmp_path)

    assert (made.problem, made.width_px) == ("", 12_000)
    assert Path(made.image).stat().st_size < 1_000_000
