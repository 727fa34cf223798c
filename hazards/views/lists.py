"""The two lists of hazards, with their map beside them and their paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import scope_for
from common.http import form_errors
from hazards.exports.title_block import body_lines, signature_lines
from hazards.selectors.chips import verdict_chips
from hazards.selectors.filters import UNSEEN_VERDICTS
from hazards.selectors.list_facts import list_facts
from hazards.selectors.map_points import map_points, read_box
from hazards.selectors.outlines import unit_outlines
from hazards.selectors.pages import read_cursor
from hazards.selectors.words import VERDICT_MEANINGS, list_title
from hazards.services.printed import record_printed_list
from hazards.taxonomy import UNPROTECTED
from hazards.views.asked import GAPS, REGISTER, Asked, read_list
from hazards.views.map_setup import map_setup

NARROWING = ("q", "kind", "missing", "body", "state", "children_min", "days_min", "real_only")
PAGE_ROWS = 50
PRINT_ROWS = 3000  # about 150 sheets of A4; longer lists are for the workbook


def _page_context(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    rows = asked.rows()
    cursor = read_cursor(request.GET.get("after", ""), request.GET.get("before", ""))
    page = rows.page(PAGE_ROWS, cursor)
    return {
        "form": asked.form,
        "filter": asked.filter,
        "kind": asked.kind,
        "title": list_title(asked.filter.verdicts),
        "page": page,
        "rows": page.rows,
        "chips": verdict_chips(rows),
        "total": (total := sum(rows.verdict_counts().values())),
        "looked_through": total - 1,  # where there are more: that many and at least one
        "is_past": asked.filter.as_of < timezone.localdate(),
        "export_count": _export_count(request, asked, rows.count()),
    }


def _export_count(request: HttpRequest, asked: Asked, shown: int) -> int:
    """Return the rows of the files: fewer than shown where the user may see but not export."""
    may_export = scope_for(request.user, Action.EXPORT)  # type: ignore[arg-type]
    if may_export == asked.reader.area:
        return shown
    if may_export.is_empty:
        return 0
    return read_list(request, asked.kind, Action.EXPORT).rows().count()


@require_safe
@allowed(Action.VIEW)
def hazard_list(request: HttpRequest) -> HttpResponse:
    context = _page_context(request, read_list(request, REGISTER)) | {"map_setup": map_setup()}
    return render(request, "hazards/list.html", context)


@require_safe
@allowed(Action.EXPORT)
def noncompliances(request: HttpRequest) -> HttpResponse:
    context = _page_context(request, asked := read_list(request, GAPS))
    counts = {chip.code: chip for chip in context["chips"]}
    context |= {
        "unseen": sum(counts[code].count for code in UNSEEN_VERDICTS if not counts[code].is_on),
        "all_unprotected": [str(verdict) for verdict in UNPROTECTED],
        "sort_list": [asked.filter.sort],
        "is_narrowed": any(request.GET.get(name) for name in NARROWING),
    }
    return render(request, "hazards/noncompliances.html", context)


@require_safe
@allowed(Action.EXPORT)
def print_noncompliances(request: HttpRequest) -> HttpResponseBase:
    """Show the whole list on one page, laid out to be printed and signed."""
    asked = read_list(request, GAPS)
    if not asked.form.is_valid():
        return form_errors(asked.form)
    rows = asked.rows()
    printed = record_printed_list(
        rows=rows,
        list_name=asked.kind.name,
        file_format="print",
        actor=request.user,  # type: ignore[arg-type]
    )
    rows.printed_code = printed.code
    context = {
        "facts": (facts := list_facts(rows)),
        "lines": body_lines(facts),
        "signers": signature_lines(),
        "meanings": [
            (code, text) for code, text in VERDICT_MEANINGS.items() if code in facts.counts
        ],
        "rows": rows.first(PRINT_ROWS),
        "limit": PRINT_ROWS,
        "is_cut": rows.count() > PRINT_ROWS,
        "filter": asked.filter,
    }
    return render(request, "hazards/noncompliances_print.html", context)


@require_safe
@allowed(Action.VIEW)
def list_points(request: HttpRequest) -> HttpResponseBase:
    """Answer the list's rows as points, for the map beside it; the outlines only with the first."""
    asked = read_list(request, REGISTER)
    if not asked.form.is_valid():
        return form_errors(asked.form)
    box = read_box(request.GET.get("box", ""))
    answer = map_points(asked.rows(), box=box)
    if box is None:
        answer["outlines"] = unit_outlines(asked.filter.unit)
    return JsonResponse(answer)
