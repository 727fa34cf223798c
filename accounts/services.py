"""Every write to users and memberships."""

from django.db import transaction

from accounts.audit import record
from accounts.models import Membership, User
from accounts.roles import Role
from places.models import AdminUnit


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
