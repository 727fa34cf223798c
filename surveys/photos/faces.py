"""Find faces in a picture and make them unrecognisable; runs in the photo process only.

Passes of the Haar cascades that come with OpenCV: faces from the front twice, from either side,
and, at half the size, lying to the left or right, since cameras are held, and marked, wrongly. A
place that looks like a face to any of them is made coarse: a blurred bush costs nothing, a child's
face in the register does. What they miss: docs/privacy.md.
"""

from typing import Final

import cv2
import numpy as np
from PIL import Image

SEARCH_PX: Final = 1000  # longest side while searching
ENLARGED: Final = 2.0  # at most, of small pictures
SMALLEST_PX: Final = 24  # of a face at that size: smaller ones cannot be told apart anyway
STEP: Final = 1.1
NEIGHBOURS: Final = 3
WIDEN: Final = 0.25  # of the box on every side: hair, chin and ears
COARSE: Final = 6  # squares across a face
FRONT: Final = ("haarcascade_frontalface_alt2.xml", "haarcascade_frontalface_default.xml")
TURNS: Final = (cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_90_CLOCKWISE)
SIDE: Final = "haarcascade_profileface.xml"

CASCADES: Final[str] = cv2.data.haarcascades  # type: ignore[attr-defined]

Box = tuple[int, int, int, int]  # left, top, right, bottom, pixels


def find_faces(image: Image.Image) -> list[Box]:
    """Return boxes of what may be faces, widened, in pixels of ``image`` (upright, RGB).

    Raises cv2.error or OSError where the detector cannot work: then nobody has looked.
    """
    cv2.setNumThreads(1)
    grey = np.asarray(image.convert("L"))
    scale = min(ENLARGED, SEARCH_PX / max(grey.shape))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grey = cv2.equalizeHist(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how))
    width = grey.shape[1]
    found = [box for name in FRONT for box in _detect(name, grey)]
    found += _detect(SIDE, grey)
    mirrored = np.ascontiguousarray(grey[:, ::-1])
    found += [(width - x - w, y, w, h) for x, y, w, h in _detect(SIDE, mirrored)]
    found += _lying(grey)
    return [_widened(box, scale, image.size) for box in found]


def _lying(grey: np.ndarray) -> list[tuple[int, int, int, int]]:
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = half.shape
    left, right = (cv2.rotate(half, turn) for turn in TURNS)
    found = [(width - y - h, x, h, w) for x, y, w, h in _detect(FRONT[1], left)]
    found += [(y, height - x - w, h, w) for x, y, w, h in _detect(FRONT[1], right)]
    return [(2 * x, 2 * y, 2 * w, 2 * h) for x, y, w, h in found]


def _detect(name: str, grey: np.ndarray) -> list[tuple[int, int, int, int]]:
    detector = cv2.CascadeClassifier(CASCADES + name)
    if detector.empty():
        raise OSError(f"no detector {name}")
    boxes = detector.detectMultiScale(grey, STEP, NEIGHBOURS, minSize=(SMALLEST_PX, SMALLEST_PX))
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in boxes]


def _widened(box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> Box:
    x, y, w, h = (edge / scale for edge in box)
    return (
        max(0, int(x - WIDEN * w)),
        max(0, int(y - WIDEN * h)),
        min(size[0], int(x + (1 + WIDEN) * w) + 1),
        min(size[1], int(y + (1 + WIDEN) * h) + 1),
    )


def without_faces(image: Image.Image, boxes: list[Box]) -> Image.Image:
    """Return a copy in which every box is a few coarse squares, smoothed: not to be undone."""
    shown = image.copy()
    for box in boxes:
        part = image.crop(box)
        few = part.resize((COARSE, COARSE), Image.Resampling.BOX)
        shown.paste(few.resize(part.size, Image.Resampling.BICUBIC), box)
    return shown
