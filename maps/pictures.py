"""Small pictures of population rasters, so that a person sees at once what was loaded."""

import io
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONGEST_SIDE: Final = 640  # pixels
_BACKGROUND: Final = (246, 247, 249)
_EMPTY: Final = (226, 229, 234)  # counted, nobody there
# One hue from light to dark, readable in greyscale; classes are powers of ten of people per cell.
_RAMP: Final = np.array(
    [(233, 226, 243), (196, 175, 222), (153, 121, 194), (109, 71, 158), (63, 24, 105)],
    dtype=np.float64,
)


def block_sums(values: NDArray[np.float64], factor: int) -> NDArray[np.float64]:
    """Add up blocks of ``factor`` x ``factor`` cells; NaN only where a whole block is NaN."""
    rows = math.ceil(values.shape[0] / factor) * factor
    cols = math.ceil(values.shape[1] / factor) * factor
    padded = np.full((rows, cols), np.nan)
    padded[: values.shape[0], : values.shape[1]] = values
    blocks = padded.reshape(rows // factor, factor, cols // factor, factor)
    known = (~np.isnan(blocks)).any(axis=(1, 3))
    return np.where(known, np.nansum(blocks, axis=(1, 3)), np.nan)


def draw_png(values: NDArray[np.float64]) -> bytes:
    """Draw people per cell as a PNG; the darker the more, on a logarithmic scale."""
    settled = values[np.nan_to_num(values) > 0]
    pixels = np.empty((*values.shape, 3), dtype=np.float64)
    pixels[:] = _EMPTY
    pixels[np.isnan(values)] = _BACKGROUND
    if settled.size:
        low, high = np.log10(np.percentile(settled, [2, 99.5]))
        place = (np.log10(settled) - low) / max(high - low, 1e-9)
        place = np.clip(place, 0, 1) * (len(_RAMP) - 1)
        below = np.minimum(place.astype(int), len(_RAMP) - 2)
        part = (place - below)[:, None]
        pixels[np.nan_to_num(values) > 0] = _RAMP[below] * (1 - part) + _RAMP[below + 1] * part
    stream = io.BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(stream, "PNG", optimize=True)
    return stream.getvalue()
