"""Who has to put up the sign and the barrier."""

from __future__ import annotations

from django.db import connection, transaction

from accounts.audit import record
from accounts.models import User
from common.text import plain, tidy
from hazards.errors import NameMissingError, UnknownWordError
from hazards.models import ResponsibleBody
from hazards.taxonomy import BodyKind
from places.models import AdminUnit

_NAMES_LOCK = 7_301_966  # one at a time, so that two imports do not make one body twice


@transaction.atomic
def find_or_create_body(
    *,
    name: str,
    kind: str = BodyKind.OTHER,
    unit: AdminUnit | None = None,
    contact: str = "",
    actor: User | None = None,
) -> ResponsibleBody:
    """Return the body of that name in that unit, marks and case aside, or a new one.

    The same name in another unit is another body: there is a co-operative "Thống Nhất" in many.
    """
    name = tidy(name)
    if not name:
        raise NameMissingError
    if kind not in BodyKind.values:
        raise UnknownWordError(field="kind", value=kind, allowed=", ".join(BodyKind.values))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NAMES_LOCK])
    known = ResponsibleBody.objects.filter(name_plain=plain(name), unit=unit)
    found = known.select_related("merged_into").order_by("id").first()
    if found is not None:
        return found.merged_into or found
    body = ResponsibleBody.objects.create(
        name=name, name_plain=plain(name), kind=kind, unit=unit, contact=tidy(contact)
    )
    record(actor=actor, verb="create_body", target_kind="body", target_id=body.public_id, name=name)
    return body
