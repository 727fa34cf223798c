"""The process that opens hostile bytes: ``python -m surveys.photos.worker INPUT FOLDER``.

Writes copies in three sizes, each as JPEG and WebP, into FOLDER (``image.jpg``, ``medium.webp`` and
so on), where something looks like a face the same again without it (``blurred-image.jpg``), and one
JSON object to standard output. Its limits are set before the first byte is read, so a bomb ends
this process and nothing else.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms

from surveys.photos import sniff
from surveys.photos.exif import read_facts
from surveys.photos.facts import PhotoFacts
from surveys.photos.look import look_of

SIZES_PX: Final = {"image": 1600, "medium": 800, "thumbnail": 320}  # longest side
IMAGE_PX: Final = SIZES_PX["image"]
QUALITY: Final = {"image": 85, "medium": 82, "thumbnail": 80}
WEBP_LESS: Final = 5  # WebP looks the same at a lower number
JPEG_MAX_PIXELS: Final = 250_000_000  # phones of 108 and 200 megapixels are real
OTHER_MAX_PIXELS: Final = 100_000_000  # decoded in full: JPEG alone can be read scaled down
MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_SECONDS: Final = 40
OUTPUT_BYTES: Final = 20 * 1024 * 1024
_FORMATS: Final = {sniff.JPEG: "JPEG", sniff.PNG: "PNG", sniff.WEBP: "WEBP", sniff.HEIC: "HEIF"}
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnusableError(Exception):
    """The bytes cannot be shown; the text is a problem code."""


def limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_image(path: Path) -> Image.Image:
    """Open by the bytes, with the one decoder that fits them. Raises UnusableError."""
    with path.open("rb") as file:
        found = sniff.media_type(file.read(sniff.HEAD_BYTES))
    if found is None:
        raise UnusableError("not_an_image")
    if found == sniff.HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # checked below, with limits of our own
    try:
        image = Image.open(path, formats=[_FORMATS[found]])
    except MemoryError:
        raise
    except Exception as error:
        raise UnusableError("damaged") from error
    most = JPEG_MAX_PIXELS if found == sniff.JPEG else OTHER_MAX_PIXELS
    if image.width * image.height > most:
        raise UnusableError("too_many_pixels")
    return image


def upright_rgb(image: Image.Image, orientation: int) -> Image.Image:
    """Return new pixels, at most IMAGE_PX a side, upright, sRGB, with nothing but pixels."""
    profile = image.info.get("icc_profile")
    image.draft("RGB", (IMAGE_PX, IMAGE_PX))  # JPEG: decode at 1/2, 1/4 or 1/8 where that is enough
    try:
        image.load()
        if image.mode in {"P", "PA", "1", "I", "F", "I;16"}:
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        image.thumbnail((IMAGE_PX, IMAGE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    except MemoryError:
        raise
    except Exception as error:
        raise UnusableError("damaged") from error
    image = _to_srgb(image, profile)
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert colours; a broken profile is left out of account. Transparent parts become white."""
    if image.mode in {"RGBA", "LA"}:
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, ValueError, OSError):
            converted = None
        image = converted or image
    return image if image.mode == "RGB" else image.convert("RGB")


def save_bare(image: Image.Image, path: Path, quality: int) -> None:
    """Write a JPEG and a WebP with pixels and nothing else: no EXIF, XMP, profile or comment."""
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    bare.save(path.with_suffix(".jpg"), "JPEG", quality=quality, optimize=True, progressive=True)
    bare.save(path.with_suffix(".webp"), "WEBP", quality=quality - WEBP_LESS, method=4)


def save_sizes(image: Image.Image, folder: Path, before: str = "") -> None:
    for size, longest in SIZES_PX.items():
        copy = image.copy()
        copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        save_bare(copy, folder / f"{before}{size}.jpg", QUALITY[size])


def save_without_faces(image: Image.Image, folder: Path) -> int | None:
    """Write the copies for the register; returns how many faces, None where nobody could look."""
    try:
        from surveys.photos.faces import find_faces, without_faces

        boxes = find_faces(image)
    except MemoryError:
        raise
    except Exception:
        return None  # the photo stays internal
    if boxes:
        save_sizes(without_faces(image, boxes), folder, "blurred-")
    return len(boxes)


def prepare(path: Path, folder: Path) -> dict[str, Any]:
    """Make the copies and return facts, sizes and a problem code ("" when all is well)."""
    facts = PhotoFacts()
    size: tuple[int, int] | tuple[None, None] = (None, None)
    look = ""
    faces = None
    try:
        image = open_image(path)
        size = image.size
        facts = read_facts(image)
        shown = upright_rgb(image, facts.orientation)
        save_sizes(shown, folder)
        look = look_of(shown)
        faces = save_without_faces(shown, folder)
        problem = ""
    except UnusableError as error:
        problem = str(error)
    except MemoryError:
        problem = "too_much_memory"
    return {
        "facts": facts.as_json(), "width": size[0], "height": size[1], "look": look,
        "problem": problem, "faces": faces,
    }  # fmt: skip


def main() -> int:
    limit_this_process()
    print(json.dumps(prepare(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 - the answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
