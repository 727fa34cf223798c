"""Write down who did what."""

from typing import Any

from accounts.models import AuditEntry, User


def record(
    *, actor: User | None, verb: str, target_kind: str, target_id: object, **facts: Any
) -> AuditEntry:
    """Add one audit entry; call it inside the transaction of the change itself."""
    return AuditEntry.objects.create(
        actor=actor, verb=verb, target_kind=target_kind, target_id=str(target_id), facts=facts
    )
