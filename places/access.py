"""(text of an address) -> unit."""

from common.errors import NotFoundError
from places.models import AdminUnit


def unit_by_code(code: str, *, set_name: str | None = None) -> AdminUnit:
    """Return the unit with ``code`` in the named set, or in the current one.

    Where levels share a code the higher level wins. Raises NotFoundError.
    """
    units = AdminUnit.objects.filter(code=code)
    units = units.filter(boundary_set__name=set_name) if set_name else units.current()
    unit = units.order_by("depth").first()
    if unit is None:
        raise NotFoundError
    return unit
