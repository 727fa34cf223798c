"""A picture sent again is known though its bytes are others; another picture is not."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from surveys.photos.look import BANDS, NEAR_BITS, bands_of, bits_apart, look_of


def scene(seed: int) -> Image.Image:
    """A made-up landscape: blocks of grey that no other seed has."""
    dice = random.Random(seed)
    small = Image.new("L", (12, 9))
    small.putdata([dice.randrange(256) for _ in range(12 * 9)])
    return small.resize((640, 480), Image.Resampling.BICUBIC).convert("RGB")


def saved(image: Image.Image, quality: int) -> Image.Image:
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=quality)
    return Image.open(packed)


@pytest.mark.parametrize(
    "change",
    [
        lambda image: saved(image, 40),
        lambda image: image.resize((320, 240)),
        lambda image: ImageEnhance.Brightness(image).enhance(0.8),
        lambda image: saved(image.resize((1600, 1200)), 60),
    ],
)
def test_a_changed_copy_looks_the_same(change):
    near = [bits_apart(look_of(scene(n)), look_of(change(scene(n)))) for n in range(20)]

    assert max(near) <= NEAR_BITS


def test_other_pictures_do_not():
    looks = [look_of(scene(n)) for n in range(60)]
    apart = [bits_apart(a, b) for n, a in enumerate(looks) for b in looks[:n]]

    assert min(apart) > 3 * NEAR_BITS


def test_a_wall_or_a_lens_cap_has_no_look():
    assert look_of(Image.new("RGB", (640, 480), (90, 90, 90))) == ""
    assert bands_of("") == []


@given(look=st.integers(0, 2**128 - 1), flips=st.sets(st.integers(0, 127), max_size=NEAR_BITS))
def test_looks_that_are_near_share_a_band(look, flips):
    other = look
    for bit in flips:
        other ^= 1 << bit
    one, two = f"{look:032x}", f"{other:032x}"

    assert bits_apart(one, two) == len(flips)
    assert set(bands_of(one)) & set(bands_of(two))
    assert len(bands_of(one)) == BANDS
