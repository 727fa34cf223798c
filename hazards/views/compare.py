"""Two days side by side, as a page and as files."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.context import chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import scope_for
from hazards.exports.files import MEDIA_TYPES
from hazards.exports.progress import headings, progress_csv, progress_xlsx
from hazards.selectors.compared import ABSENT, VERDICTS, compare_days
from hazards.selectors.reader import reader_for
from hazards.taxonomy import Verdict

_MAKERS = {"csv": progress_csv, "xlsx": progress_xlsx}
_DEFAULT_DAYS = 90


def _day(text: str, default: date) -> date:
    try:
        return min(date.fromisoformat(text), timezone.localdate())
    except ValueError:
        return default


@require_safe
@allowed(Action.EXPORT)
def compare(request: HttpRequest) -> HttpResponse:
    """Show what became of the hazards between two days, in one unit or in the user's area."""
    today = timezone.localdate()
    end = _day(request.GET.get("to", ""), today)
    start = min(_day(request.GET.get("from", ""), end - timedelta(days=_DEFAULT_DAYS)), end)
    unit = chosen_unit(request, scope_for(request.user, Action.EXPORT))  # type: ignore[arg-type]
    reader = reader_for(request.user, Action.EXPORT)
    found = compare_days(reader, unit=unit, start=start, end=end, title=_("All together"))
    maker = _MAKERS.get(request.GET.get("format", ""))
    if maker is not None:
        kind = request.GET["format"]
        response = HttpResponse(maker(found), content_type=MEDIA_TYPES[kind])
        name = f"bien-dong_{start:%Y-%m-%d}_{end:%Y-%m-%d}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    labels = dict(Verdict.choices) | {ABSENT: _("not in the register")}
    context = {
        "found": found,
        "start": start,
        "end": end,
        "unit": unit,
        "headings": headings(),
        "rows": [*found.communes, found.total],
        "flow_heads": [labels[verdict] for verdict in VERDICTS],
        "flows": [(labels[was], counts, total) for was, counts, total in found.table()],
    }
    return render(request, "hazards/compare.html", context)
