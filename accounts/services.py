"""Every write to users and memberships."""

from django.db import transaction

from accounts.audit import record
from accounts.models import Membership, User
from accounts.roles import Role
from places.models import AdminUnit, BoundarySet


@transaction.atomic
def grant_role(*, actor: User | None, user: User, role: Role | str, unit: AdminUnit) -> Membership:
    """Give ``user`` a role in ``unit`` and all below it; a repeat changes nothing."""
    membership, made = Membership.objects.get_or_create(user=user, role=role, unit=unit)
    if made:
        record(
            actor=actor,
            verb="grant_role",
            target_kind="user",
            target_id=user.pk,
            role=str(role),
            unit=unit.full_name,
        )
    return membership


@transaction.atomic
def move_memberships(
    *, old_set: BoundarySet, new_set: BoundarySet, actor: User | None
) -> tuple[list[str], list[str]]:
    """Move roles held in units of one set to the units of the same level and code in another.

    Returns descriptions of those moved and of those for which there is no such unit; the latter
    stay where they are, for the caller to refuse.
    """
    held = Membership.objects.filter(unit__boundary_set=old_set).select_related("user", "unit")
    codes = held.exclude(unit__code="").values("unit__code")
    units = AdminUnit.objects.filter(boundary_set=new_set, code__in=codes).defer("geometry")
    wanted = {(unit.level, unit.code): unit for unit in units}
    moved, lost = [], []
    for membership in held.defer("unit__geometry").order_by("user__username", "pk"):
        unit = wanted.get((membership.unit.level, membership.unit.code))
        if unit is None:
            lost.append(str(membership))
            continue
        moved.append(f"{membership} → {unit.full_name}")
        Membership.objects.get_or_create(user=membership.user, role=membership.role, unit=unit)
        membership.delete()
    if moved:
        record(
            actor=actor,
            verb="move_memberships",
            target_kind="boundary_set",
            target_id=new_set.pk,
            moved=moved,
        )
    return moved, lost
