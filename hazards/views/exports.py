"""The lists as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from common.http import form_errors
from hazards.exports.files import FORMATS, MEDIA_TYPES, file_pieces
from hazards.services.printed import record_printed_list
from hazards.views.asked import LIST_KINDS, Asked, read_list


@require_safe
@allowed(Action.EXPORT)
def export(request: HttpRequest, list_name: str, format_name: str) -> HttpResponseBase:
    """Send the rows that the page with the same address shows, all of them, in its order."""
    if list_name not in LIST_KINDS or format_name not in FORMATS:
        raise NotFoundError
    asked = read_list(request, LIST_KINDS[list_name], Action.EXPORT)
    if not asked.form.is_valid():
        return form_errors(asked.form)
    rows = asked.rows()
    printed = record_printed_list(
        rows=rows,
        list_name=list_name,
        file_format=format_name,
        actor=request.user,  # type: ignore[arg-type]
    )
    rows.printed_code = printed.code
    pieces = file_pieces(rows, format_name, get_language() or "vi")
    record(
        actor=request.user,  # type: ignore[arg-type]
        verb="export_list",
        target_kind="unit",
        target_id=asked.filter.unit.pk if asked.filter.unit else "-",
        list=list_name,
        format=format_name,
        rows=rows.count(),
    )
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[format_name])
    response["Content-Disposition"] = f'attachment; filename="{_file_name(asked, format_name)}"'
    response["X-List-Code"] = printed.code  # a table of comma-separated values has no foot
    response["Cache-Control"] = "private, no-store"
    return response


def _file_name(asked: Asked, format_name: str) -> str:
    unit = asked.filter.unit
    place = f"_{unit.code}" if unit and unit.code.isalnum() else ""
    return f"{asked.kind.file_stem}{place}_{asked.filter.as_of:%Y-%m-%d}.{format_name}"
