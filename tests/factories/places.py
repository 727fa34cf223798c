"""Boundary sets and units: squares of a tenth of a degree side by side, near Lộc Ninh."""

from datetime import date

import factory
from django.contrib.gis.geos import MultiPolygon, Polygon

from common.text import plain
from places.models import AdminUnit, BoundarySet

WEST, SOUTH, SIDE = 106.5, 11.7, 0.1  # degrees


class BoundarySetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BoundarySet
        django_get_or_create = ("name",)

    name = "test-units"
    valid_from = date(2020, 1, 1)
    is_current = True


class UnitFactory(factory.django.DjangoModelFactory):
    """The n-th unit is a square, n squares east of 106.5 E; ``tree_left`` numbers them in order."""

    class Meta:
        model = AdminUnit

    class Params:
        place = factory.Sequence(lambda n: n % 100)

    boundary_set = factory.SubFactory(BoundarySetFactory)
    level = "commune"
    code = factory.Sequence(lambda n: f"{25000 + n}")
    name = factory.Sequence(lambda n: f"Lộc Thử {n}")
    full_name = factory.LazyAttribute(lambda unit: f"Xã {unit.name}")
    name_plain = factory.LazyAttribute(lambda unit: plain(unit.full_name))
    valid_from = date(2020, 1, 1)
    tree_left = factory.Sequence(lambda n: 1000 + n)
    tree_right = factory.LazyAttribute(lambda unit: unit.tree_left)

    @factory.lazy_attribute
    def geometry(self) -> MultiPolygon:
        west = WEST + SIDE * self.place
        return MultiPolygon(Polygon.from_bbox((west, SOUTH, west + SIDE, SOUTH + SIDE)), srid=4326)
