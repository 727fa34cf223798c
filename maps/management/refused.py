"""What loaders of tables say of the rows they refused: the first by line, the others by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

SHOWN: Final = 20


class Row(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str: ...


def tell_refused(stderr: Any, rows: Sequence[Row]) -> None:
    """Write the first refused rows with their reasons; a report file has them all."""
    refused = [row for row in rows if row.outcome == "refused"]
    for row in refused[:SHOWN]:
        stderr.write(
            _("Line {line}, code {code}: {reason}.").format(
                line=row.line, code=row.code or "-", reason=row.reason
            )
        )
    if len(refused) > SHOWN:
        stderr.write(
            _("… and {count} more; --report FILE lists all.").format(count=len(refused) - SHOWN)
        )
