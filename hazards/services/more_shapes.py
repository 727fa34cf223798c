"""Several shapes of one water: an outline, a line, a point. The best there is, is used."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.text import tidy
from hazards.errors import LastShapeError, ShapeFormError
from hazards.models import HazardShape, WaterHazard
from hazards.services.inventory import HazardChange, update_hazards
from hazards.services.nearness import MOVED_AT_MOST_M, check_at_water
from hazards.services.shape_forms import BEST_FIRST, form_of, put_form
from hazards.services.shapes import read_shape
from hazards.taxonomy import PositionMethod, ShapeForm


@transaction.atomic
def set_shape(
    *,
    hazard: WaterHazard,
    geometry: GEOSGeometry,
    actor: User | None,
    form: str = "",
    position_method: str = PositionMethod.MAP,
    accuracy_m: float | None = None,
    source: str = "",
    dated_on: date | None = None,
    reason: str = "",
) -> str:
    """Keep a shape (EPSG:4326) as outline, line or point of a hazard, in place of the one there.

    Then the best form there is becomes the shape in use, and the hazard goes to the unit it lies
    in. Returns the form in use. The shape that was in use stays if it is of another form.
    """
    shape = read_shape(geometry).geometry
    given = form_of(shape)
    if form and form != given:
        raise ShapeFormError(form=ShapeForm(form).label, geometry_type=shape.geom_type)
    check_at_water(hazard, shape, limit_m=MOVED_AT_MOST_M)
    keep_used(hazard)
    put_form(
        hazard, shape, position_method=position_method, accuracy_m=accuracy_m,
        source=tidy(source), dated_on=dated_on,
    )  # fmt: skip
    return _use_best(hazard, actor, reason)


@transaction.atomic
def drop_shape(*, hazard: WaterHazard, form: str, actor: User | None, reason: str = "") -> str:
    """Withdraw one form of a hazard that has another; returns the form then in use."""
    keep_used(hazard)
    rows = HazardShape.objects.filter(hazard=hazard)
    if not rows.exclude(form=form).exists():
        raise LastShapeError(code=hazard.code)
    rows.filter(form=form).update(withdrawn_at=timezone.now(), updated_at=timezone.now())
    return _use_best(hazard, actor, reason)


def keep_used(hazard: WaterHazard) -> None:
    """Give the shape in use a row of its own, so that a better one does not make it vanish."""
    row = HazardShape.objects.filter(hazard=hazard, form=form_of(hazard.geometry)).first()
    if row is not None and row.geometry.equals_exact(hazard.geometry):
        return
    put_form(
        hazard, hazard.geometry, position_method=hazard.position_method,
        accuracy_m=hazard.position_accuracy_m, source=hazard.source,
    )  # fmt: skip


def _use_best(hazard: WaterHazard, actor: User | None, reason: str) -> str:
    rows = {row.form: row for row in HazardShape.objects.filter(hazard=hazard)}
    best = next(rows[form] for form in BEST_FIRST if form in rows)
    values = {
        "geometry": best.geometry,
        "position_method": best.position_method,
        "position_accuracy_m": best.accuracy_m,
    }
    change = HazardChange(hazard, values, is_best_form=True)
    update_hazards(changes=[change], actor=actor, reason=reason)
    return best.form
