"""Shapes as nobody should send them: strategies for every door of the register."""

from __future__ import annotations

import math
import warnings

import numpy as np
import shapely
from hypothesis import strategies as st

from hazards.services.shapes import VIETNAM

WEST, SOUTH, EAST, NORTH = VIETNAM
here = st.tuples(st.floats(106.5, 106.6), st.floats(11.7, 11.8))
anywhere = st.tuples(st.floats(-400, 400, allow_nan=False), st.floats(-400, 400, allow_nan=False))
broken = st.sampled_from([math.nan, math.inf, -math.inf, 1e300, 0.0])
swapped = here.map(lambda place: (place[1], place[0]))
places = st.one_of(here, here, anywhere, swapped, st.tuples(broken, broken))
chains = st.lists(places, min_size=0, max_size=8)


def _quiet(make):
    """Let numpy build shapes of NaN and infinity without a word; what it cannot build is empty."""

    def made(*given):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return make(*given)
            except shapely.errors.GEOSException:  # a ring that NaN keeps open
                return shapely.Polygon()

    return made


@_quiet
def _point(place):
    return shapely.Point(*place)


@_quiet
def _line(chain):
    return shapely.LineString(chain if len(chain) > 1 else [])


@_quiet
def _ring(chain):
    return shapely.Polygon(chain) if len(chain) > 2 else shapely.Polygon()


@_quiet
def _holed(pair):
    outer, inner = pair
    if len(outer) < 3 or len(inner) < 3:
        return shapely.Polygon()
    return shapely.Polygon(outer, [inner])


@_quiet
def _raised(shape):
    return shapely.force_3d(shape, 7.5)


@_quiet
def _points(found):
    return shapely.MultiPoint(found)


@_quiet
def _rings(chains):
    return shapely.MultiPolygon([_ring(chain) for chain in chains])


@_quiet
def _lines(chains):
    return shapely.MultiLineString([_line(chain) for chain in chains if len(chain) > 1])


@_quiet
def _several(found):
    return shapely.GeometryCollection([_point(place) for place in found])


flat_shapes = st.one_of(
    places.map(_point),
    chains.map(_line),
    chains.map(_ring),
    st.tuples(chains, chains).map(_holed),
    st.lists(places, max_size=4).map(_points),
    st.lists(chains, max_size=3).map(_rings),
    st.lists(chains, max_size=3).map(_lines),
    st.lists(places, max_size=3).map(_several),
)
strange_shapes = st.one_of(flat_shapes, flat_shapes.map(_raised))


def many_corners(corners: int) -> shapely.Polygon:
    """Return a valid circle near Lộc Ninh with so many corners."""
    steps = range(corners)
    turn = 2 * math.pi / corners
    return shapely.Polygon(
        [(106.55 + 0.04 * math.cos(n * turn), 11.75 + 0.04 * math.sin(n * turn)) for n in steps]
    )
