"""Faces in photos: found in real ones, made coarse beyond telling, never guessed away."""

import numpy as np
import pytest
from PIL import Image

from surveys.photos import faces, worker
from surveys.photos.derive import derive

# Real photos, and where in the upright copy the face is: parts of width and height.
WITH_A_FACE = {
    "drewnoakes/FujiFilm DX-5.jpg": (0.25, 0.15),
    "drewnoakes/Sony Cybershot (3).jpg": (0.77, 0.64),  # marked as turned although it is not
    "ianare/invalid/image01137.jpg": (0.27, 0.6),
    "ianare/xmp/no_exif.jpg": (0.69, 0.1),  # from the side
}


def pond(size=(640, 480)) -> Image.Image:
    """A plain scene: sky, water, a board."""
    image = Image.new("RGB", size, (150, 190, 220))
    image.paste((60, 110, 130), (0, size[1] // 2, *size))
    image.paste((230, 200, 40), (300, 150, 380, 210))
    return image


def detail_at(path, spot) -> float:
    """Mean difference of neighbouring pixels round a place of the picture."""
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L"), float)
    x, y, half = int(spot[0] * grey.shape[1]), int(spot[1] * grey.shape[0]), 8
    return float(np.abs(np.diff(grey[y - half : y + half, x - half : x + half], axis=1)).mean())


@pytest.mark.parametrize(("name", "spot"), WITH_A_FACE.items())
def test_faces_in_real_photos_are_gone_from_the_copies_for_the_register(
    shared_data, tmp_path, name, spot
):
    made = derive(shared_data / "photos" / name, tmp_path)

    assert made.problem == ""
    assert made.faces >= 1
    copies = {path.name for path in made.copies}
    assert {"image.jpg", "blurred-image.jpg", "blurred-thumbnail.webp"} <= copies
    sharp, coarse = (detail_at(tmp_path / f"{n}image.jpg", spot) for n in ("", "blurred-"))
    assert coarse < 0.5 * sharp


def test_a_pond_without_people_has_no_other_copies(tmp_path):
    pond().save(tmp_path / "in.jpg")
    made = derive(tmp_path / "in.jpg", tmp_path)
    assert made.faces == 0
    assert not any(path.name.startswith("blurred") for path in made.copies)
    assert {path.name for path in made.copies} == {
        f"{size}.{ending}" for size in worker.SIZES_PX for ending in ("jpg", "webp")
    }


def test_three_sizes_hold_the_same_picture_and_nothing_but_pixels(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "maker"
    pond((3000, 2000)).save(tmp_path / "in.jpg", exif=exif)
    made = derive(tmp_path / "in.jpg", tmp_path)
    for path in made.copies:
        with Image.open(path) as copy:
            assert max(copy.size) == worker.SIZES_PX[path.stem]
            assert copy.size[0] * 2 == pytest.approx(copy.size[1] * 3, abs=3)
            assert not copy.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(copy.info)


def test_a_face_is_a_few_squares_and_the_rest_is_untouched():
    rng = np.random.default_rng(1)
    noisy = Image.fromarray(rng.integers(0, 255, (200, 300, 3), dtype=np.uint8))
    shown = np.asarray(faces.without_faces(noisy, [(50, 40, 110, 100)]), float)
    before = np.asarray(noisy, float)
    inside = shown[40:100, 50:110]
    assert np.abs(np.diff(inside, axis=1)).mean() < 0.1 * np.abs(np.diff(before, axis=1)).mean()
    shown[40:100, 50:110] = before[40:100, 50:110]
    assert np.array_equal(shown, before)


def test_boxes_are_widened_and_stay_within_the_picture():
    assert faces._widened((0, 0, 100, 100), 0.5, (220, 900)) == (0, 0, 220, 251)
    assert faces._widened((100, 100, 40, 40), 1.0, (900, 900)) == (90, 90, 151, 151)


def test_where_no_detector_can_look_the_photo_says_so(monkeypatch, tmp_path):
    assert worker.save_without_faces(pond(), tmp_path) == 0
    monkeypatch.setattr(faces, "FRONT", ("no_such_file.xml", faces.FRONT[1]))
    assert worker.save_without_faces(pond(), tmp_path) is None
