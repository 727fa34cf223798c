"""The registry of map layers: each app declares its own, ``maps`` serves what is registered.

So ``maps`` can show a reviewer's layer without importing the app that owns it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    name        stands in the tile's address
    title       shown in the legend, translated
    queryset    (user) -> the rows this user may see
    fields      columns sent with each feature
    geometry    name of the geometry column, EPSG:4326
    min_zoom    below this zoom the layer is not drawn
    """

    name: str
    title: str | Promise
    queryset: Callable[[Any], QuerySet[Any]]
    fields: tuple[str, ...]
    geometry: str = "geometry"
    min_zoom: int = 0
    options: dict[str, Any] = field(default_factory=dict)


_layers: dict[str, Layer] = {}


def register(layer: Layer) -> None:
    """Add a layer; called from the ``ready()`` of the app that owns it."""
    _layers[layer.name] = layer


def registered() -> dict[str, Layer]:
    return dict(_layers)
