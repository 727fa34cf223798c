"""The gap table by unit: on the page and, with the same rows, as CSV and XLSX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.context import chosen_date, chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import AreaScope, require
from common.errors import NotFoundError
from hazards.taxonomy import IN_SCOPE
from maps.reports.gap_columns import columns_of
from maps.reports.gap_files import WRITERS
from maps.selectors.gaps import GapQuery, GapTable, gap_table


def _asked(request: HttpRequest, scope: AreaScope) -> GapTable:
    distance = request.GET.get("within", "")
    return gap_table(
        GapQuery(
            scope=scope,
            unit=chosen_unit(request, scope),
            as_of=chosen_date(request),
            level=request.GET.get("level", ""),
            distance_m=int(distance) if distance.isdecimal() else None,
            sort=request.GET.get("sort", ""),
        )
    )


@require_safe
@allowed(Action.VIEW)
def gaps_page(request: HttpRequest) -> HttpResponse:
    table = _asked(request, request.scope)  # type: ignore[attr-defined]
    columns = columns_of([*table.rows, table.total])
    context = {
        "table": table,
        "state": table.state,
        "columns": columns,
        "children_columns": sum(1 for column in columns if column.group != columns[0].group),
        "in_scope_verdicts": list(IN_SCOPE),
    }
    return render(request, "maps/gaps.html", context)


@require_safe
@allowed(Action.EXPORT)
def gaps_export(request: HttpRequest, format_name: str) -> HttpResponse:
    """Answer exactly the rows of the page, as far as the user may take them away."""
    if format_name not in WRITERS:
        raise NotFoundError
    table = _asked(request, require(request.user, Action.EXPORT))  # type: ignore[arg-type]
    writer, content_type = WRITERS[format_name]
    day = chosen_date(request)
    response = HttpResponse(writer(table, day), content_type=content_type)
    filename = f"gaps-{day:%Y-%m-%d}.{format_name}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
