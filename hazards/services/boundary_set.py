"""Move the register to another set of administrative units, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.services import move_memberships
from common.errors import DomainError
from common.sqlfile import execute, run
from hazards.models import WaterHazard
from hazards.services.placing import SWITCH_VERB, place_in_units
from hazards.services.touching import find_units_touched
from hazards.signals import boundary_set_changed, hazards_changed
from history.context import acting
from places.lineage.checks import check_for_use
from places.models import AdminUnit, BoundarySet
from places.selectors import current_set, finest_levels
from places.services import make_current

SQL = Path(__file__).resolve().parent.parent / "sql" / "boundary_set.sql"
SHOWN_FAULTS = 5
LISTED = 10  # units or memberships named in a refusal


class BoundarySetMissingError(DomainError):
    code = "hazards.boundary_set_missing"
    status = 404
    template = _("There is no boundary set {name}. There are: {names}.")


class BoundarySetEmptyError(DomainError):
    code = "hazards.boundary_set_empty"
    status = 409
    template = _("The boundary set {name} holds no outlines, so no hazard can be placed in it.")


class BoundarySetFaultsError(DomainError):
    code = "hazards.boundary_set_faults"
    status = 409
    template = _(
        "Nothing was changed: the set {name} has {count} faults that change figures, such as: "
        "{faults}. See check_boundary_set, mend the file and load it again, or say with --despite "
        "why it is to be used all the same."
    )


class HazardsLeftOutsideError(DomainError):
    code = "hazards.left_outside"
    status = 409
    template = _(
        "Nothing was changed: {hazards} hazards lie in no unit of the set {name}. They are now "
        "under: {units}. Load the units there, or allow a distance with --near-km."
    )


class MembershipsLeftBehindError(DomainError):
    code = "hazards.memberships_left_behind"
    status = 409
    template = _(
        "Nothing was changed: {count} roles have no unit of the same level and code in the set "
        "{name}: {roles}. Give these people roles in units of the new set, or end the old roles."
    )


@dataclass
class SetChange:
    """What moved: hazards to other units, roles (their descriptions), and what did not move."""

    hazards_moved: int
    roles_moved: list[str] = field(default_factory=list)
    left_behind: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def use_boundary_set(
    *, name: str, near_km: float = 0.0, despite: str = "", actor: User | None = None
) -> SetChange:
    """Make the set current, and move hazards by place and roles by (level, code) into it.

    The set is looked through first; ``despite`` is the reason to use one with blocking faults.
    Hazards in none of its units, but at most ``near_km`` from one, go to that one. Raises a
    DomainError, and changes nothing, when a hazard or a role would be left behind.
    """
    with acting(actor=actor, verb=SWITCH_VERB, reason=name):
        return _use(name, near_km, despite, actor)


def _use(name: str, near_km: float, despite: str, actor: User | None) -> SetChange:
    new, old = _set_named(name), current_set()
    units = list(finest_levels(new).values_list("pk", flat=True))
    if not units:
        raise BoundarySetEmptyError(name=name)
    _refuse_faults(name, despite)
    moved = place_in_units(units)
    if near_km > 0:
        moved += execute(SQL, "place_near_units", units=units, near_m=near_km * 1000)
    _refuse_left_outside(name, units)
    roles: list[str] = []
    if old is not None and old != new:
        roles, lost = move_memberships(old_set=old, new_set=new, actor=actor)
        if lost:
            shown = "; ".join(lost[:LISTED])
            raise MembershipsLeftBehindError(name=name, count=len(lost), roles=shown)
    make_current(new)
    find_units_touched()
    boundary_set_changed.send(sender=BoundarySet, old_set=old, new_set=new)
    record(
        actor=actor,
        verb=SWITCH_VERB,
        target_kind="boundary_set",
        target_id=new.pk,
        name=name,
        before=old.name if old else "",
        hazards_moved=moved,
        roles_moved=len(roles),
        despite=despite.strip(),
    )
    _tell_of_all(moved)
    return SetChange(moved, roles, _still_on(old) if old is not None and old != new else {})


def _set_named(name: str) -> BoundarySet:
    found = BoundarySet.objects.select_for_update().filter(name=name).first()
    if found is None:
        names = ", ".join(BoundarySet.objects.values_list("name", flat=True)) or "-"
        raise BoundarySetMissingError(name=name, names=names)
    return found


def _refuse_faults(name: str, despite: str) -> None:
    if despite.strip():
        return
    blocking = [fault.text.rstrip(".") for fault in check_for_use(name) if fault.blocks]
    if blocking:
        raise BoundarySetFaultsError(
            name=name, count=len(blocking), faults="; ".join(blocking[:SHOWN_FAULTS])
        )


def _refuse_left_outside(name: str, units: list[int]) -> None:
    left = run(SQL, "left_outside", units=units)
    if left:
        listed = "; ".join(
            f"{row['full_name']}: {row['hazards']} ({row['first_code']}…)" for row in left[:LISTED]
        )
        hazards = sum(row["hazards"] for row in left)
        raise HazardsLeftOutsideError(name=name, hazards=hazards, units=listed)


def _still_on(old: BoundarySet) -> dict[str, int]:
    """Count the rows of other tables that hang on units of the old set and stay there."""
    found = {}
    for relation in AdminUnit._meta.related_objects:
        model = relation.related_model
        if model is AdminUnit:
            continue
        rows = model._base_manager.filter(**{f"{relation.field.name}__boundary_set": old})
        if count := rows.count():
            found[str(model._meta.verbose_name_plural)] = count
    return found


def _tell_of_all(moved: int) -> None:
    if moved:
        ids = list(WaterHazard.objects.order_by("pk").values_list("pk", flat=True))
        transaction.on_commit(lambda: hazards_changed.send(sender=WaterHazard, hazard_ids=ids))
