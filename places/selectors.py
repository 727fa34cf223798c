"""What pages and other apps read about units."""

from django.db.models import QuerySet

from places.models import AdminUnit, BoundarySet


def current_set() -> BoundarySet | None:
    return BoundarySet.objects.filter(is_current=True).first()


def unit_trail(unit: AdminUnit) -> list[AdminUnit]:
    """Return the unit and those above it, from the top down."""
    return list(AdminUnit.objects.above(unit).defer("geometry"))


def finest_levels(boundary_set: BoundarySet) -> QuerySet[AdminUnit]:
    """Return the units of ``boundary_set`` that have an outline and none with one below them."""
    drawn = AdminUnit.objects.filter(boundary_set=boundary_set, geometry__isnull=False)
    return drawn.exclude(pk__in=drawn.filter(parent__isnull=False).values("parent_id"))
