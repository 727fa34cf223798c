"""A phone signed in by a square code: shown once in the office, for one phone and half an hour.

The code stands in for the password of a surveyor who holds no other role, so that nobody gains more
by it than a surveyor of the inviting administrator's own area may do.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import Membership, User
from accounts.roles import Action, Role
from accounts.scoping import require
from common.errors import NotFoundError
from field.errors import InvitationUsedError
from field.models import Invitation
from field.services.tokens import new_token, token_sha256

VALID_FOR = timedelta(minutes=30)


def surveyors_of(administrator: User) -> QuerySet[User]:
    """Return active users who are surveyors and nothing else, all in the administrator's area."""
    scope = require(administrator, Action.ADMINISTER)
    held = Membership.objects.filter(user=OuterRef("pk"))
    here = held.filter(scope.q("unit"), role=Role.SURVEYOR)
    other = held.exclude(pk__in=Membership.objects.filter(scope.q("unit"), role=Role.SURVEYOR))
    plain = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
    return plain.filter(Exists(here), ~Exists(other)).order_by("last_name", "username")


@transaction.atomic
def invite(*, user_id: int, made_by: User) -> tuple[Invitation, str]:
    """Make an invitation for a surveyor; returns it with the token that is shown once.

    Those made before and not used are void. Raises NotFoundError for anybody else.
    """
    user = surveyors_of(made_by).filter(pk=user_id).first()
    if user is None:
        raise NotFoundError
    now = timezone.now()
    Invitation.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        user=user, made_by=made_by, token_sha256=token_sha256(token), expires_at=now + VALID_FOR
    )
    record(
        actor=made_by, verb="phone_invited", target_kind="user", target_id=user.pk,
        invitation=str(invitation.public_id),
    )  # fmt: skip
    return invitation, token


def invitation_of(token: str) -> Invitation:
    """Return the invitation of a token that is still good. Raises InvitationUsedError."""
    rows = Invitation.objects.select_related("user").filter(
        token_sha256=token_sha256(token), used_at=None, expires_at__gt=timezone.now()
    )
    found = rows.filter(user__is_active=True).first()
    if found is None:
        raise InvitationUsedError
    return found


@transaction.atomic
def use(token: str) -> User:
    """Use an invitation up and return whom it signs in. Raises InvitationUsedError.

    Asked again who may be signed in: roles may have changed since.
    """
    invitation = invitation_of(token)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.used_at is not None:
        raise InvitationUsedError
    if not surveyors_of(invitation.made_by).filter(pk=invitation.user_id).exists():
        raise InvitationUsedError
    locked.used_at = timezone.now()
    locked.save(update_fields=["used_at", "updated_at"])
    record(
        actor=invitation.user, verb="phone_joined", target_kind="user",
        target_id=invitation.user_id, invitation=str(invitation.public_id),
    )  # fmt: skip
    return invitation.user
