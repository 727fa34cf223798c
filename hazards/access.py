"""(user, public id) -> object. Absent and forbidden raise the same error."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Membership
from accounts.roles import MAY, Action
from accounts.scoping import scope_for
from common.errors import NotFoundError
from hazards.models import (
    AccessPlace,
    ComplianceRule,
    HazardAttachment,
    HazardMerge,
    HazardPhoto,
    ImportJob,
    Responsibility,
    ResponsibleBody,
    Safeguard,
    WaterHazard,
)
from hazards.taxonomy import BodyKind


def hazard_for(user: Any, code: str, action: Action = Action.VIEW) -> WaterHazard:
    """Return the hazard with ``code`` if ``user`` may do ``action`` there. Raises NotFoundError."""
    rows = WaterHazard.objects.visible_to(user, action).filter(code=code.upper())
    hazard = rows.select_related("unit__parent", "responsible_body").first()
    if hazard is None:
        raise NotFoundError
    return hazard  # type: ignore[no-any-return]


def access_place_for(hazard: WaterHazard, public_id: UUID) -> AccessPlace:
    """Return a place of a hazard that has passed the access check. Raises NotFoundError."""
    place = AccessPlace.objects.filter(hazard=hazard, public_id=public_id).first()
    if place is None:
        raise NotFoundError
    return place  # type: ignore[no-any-return]


def safeguard_for(hazard: WaterHazard, public_id: UUID) -> Safeguard:
    """Return a safeguard of a hazard that has passed the access check. Raises NotFoundError."""
    safeguard = Safeguard.objects.filter(hazard=hazard, public_id=public_id).first()
    if safeguard is None:
        raise NotFoundError
    return safeguard  # type: ignore[no-any-return]


def responsibility_for(hazard: WaterHazard, public_id: UUID) -> Responsibility:
    """Return who was named at a hazard that has passed the access check. Raises NotFoundError."""
    rows = Responsibility.objects.filter(hazard=hazard, public_id=public_id)
    named = rows.select_related("body", "hazard").first()
    if named is None:
        raise NotFoundError
    return named  # type: ignore[no-any-return]


def photo_for(user: Any, public_id: UUID) -> HazardPhoto:
    """Return a photo of a hazard that ``user`` may see. Raises NotFoundError."""
    photo = HazardPhoto.objects.visible_to(user).filter(public_id=public_id).first()
    if photo is None:
        raise NotFoundError
    return photo  # type: ignore[no-any-return]


def attachment_for(user: Any, public_id: UUID, action: Action = Action.VIEW) -> HazardAttachment:
    """Return a document of a hazard where ``user`` may do ``action``. Raises NotFoundError."""
    rows = HazardAttachment.objects.visible_to(user, action).filter(public_id=public_id)
    found = rows.select_related("hazard").first()
    if found is None:
        raise NotFoundError
    return found  # type: ignore[no-any-return]


def body_for(user: Any, public_id: str) -> ResponsibleBody:
    """Return a body, no household, of hazards that ``user`` may edit, or a spelling of one.

    Raises NotFoundError.
    """
    editable = WaterHazard.objects.visible_to(user, Action.EDIT).values("responsible_body")
    rows = ResponsibleBody.objects.exclude(kind=BodyKind.HOUSEHOLD)
    try:
        body = rows.filter(public_id=UUID(public_id)).filter(
            Q(pk__in=editable) | Q(merged_into__in=editable)
        )
    except ValueError:
        raise NotFoundError from None
    found = body.first()
    if found is None:
        raise NotFoundError
    return found


def rule_for(public_id: UUID) -> ComplianceRule:
    """Return a rule; everybody with a role may read the rulebook. Raises NotFoundError."""
    found = ComplianceRule.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFoundError
    return found


def import_of(user: Any, public_id: UUID) -> ImportJob:
    """Return an import that ``user`` brought. Raises NotFoundError."""
    job = ImportJob.objects.filter(actor=user, public_id=public_id).first()
    if job is None:
        raise NotFoundError
    return job


def merge_for(user: Any, public_id: UUID) -> HazardMerge:
    """Return a merge where ``user`` may change the register. Raises NotFoundError."""
    scope = scope_for(user, Action.EDIT)
    merges = HazardMerge.objects.filter(scope.q("survivor__unit"), public_id=public_id)
    found = merges.select_related("survivor", "merged").first()
    if found is None:
        raise NotFoundError
    return found


def may_sign_rules(user: Any) -> bool:
    """Say whether ``user`` may put rules in force: they bind everybody, so only at the top."""
    if user.is_superuser:
        return True
    held = Membership.objects.filter(user=user, role__in=MAY[Action.ADMINISTER])
    return held.filter(unit__depth=0).exists()
