"""(user, public id) -> candidate. Absent and forbidden raise the same error."""

from typing import Any
from uuid import UUID

from accounts.roles import Action
from candidates.models import Candidate
from common.errors import NotFoundError


def candidate_for(user: Any, public_id: UUID, action: Action = Action.VIEW) -> Candidate:
    """Return the candidate if ``user`` may do ``action`` there. Raises NotFoundError."""
    rows = Candidate.objects.visible_to(user, action).filter(public_id=public_id)
    candidate = rows.select_related("unit", "hazard", "source", "decided_by").first()
    if candidate is None:
        raise NotFoundError
    return candidate  # type: ignore[no-any-return]
