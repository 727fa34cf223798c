"""Runs of the exposure: what they rest on, what was checked, and starting one."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.context import chosen_date
from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from maps.rasters import open_preview
from maps.selectors.runs import datasets, recent_runs
from maps.selectors.trend import months_lacking
from maps.tasks import enqueue_recompute, is_waiting


@require_safe
@allowed(Action.PLAN)
def runs_page(request: HttpRequest) -> HttpResponse:
    context = _runs_context(request) | {"datasets": datasets()}
    return render(request, "maps/runs.html", context)


@require_safe
@allowed(Action.PLAN)
def runs_part(request: HttpRequest) -> HttpResponse:
    """The table alone, asked for again while a run is at work."""
    return render(request, "maps/partials/runs_table.html", _runs_context(request))


def _runs_context(request: HttpRequest) -> dict[str, object]:
    scope = request.scope  # type: ignore[attr-defined]
    return {"runs": recent_runs(scope), "is_waiting": is_waiting()}


@require_POST
@allowed(Action.PLAN)
def start_run(request: HttpRequest) -> HttpResponse:
    """Ask for figures of the day in the bar; the work is done in the background."""
    day = chosen_date(request)
    as_of = None if day == timezone.localdate() else day
    user_id = request.user.pk
    if enqueue_recompute(actor_id=user_id, force=True, as_of=as_of):
        messages.success(request, _("The figures are being worked out. You may leave this page."))
    elif is_waiting():
        messages.info(request, _("The figures are being worked out already."))
    else:
        messages.warning(
            request,
            _("There is no population dataset or boundary set to count with. Load them first."),
        )
    return redirect("maps:runs")


@require_POST
@allowed(Action.PLAN)
def start_trend(request: HttpRequest) -> HttpResponse:
    """Ask for the ends of the months that the trend lacks, one background job each."""
    lacking = months_lacking(as_of=chosen_date(request))
    asked = [day for day in lacking if enqueue_recompute(actor_id=request.user.pk, as_of=day)]
    if asked:
        messages.success(
            request,
            ngettext(
                "%(n)d month is being worked out. You may leave this page.",
                "%(n)d months are being worked out. You may leave this page.",
                len(asked),
            )
            % {"n": len(asked)},
        )
    else:
        messages.info(request, _("The figures are being worked out already."))
    return redirect("maps:runs")


@require_safe
@allowed(Action.PLAN)
def dataset_preview(request: HttpRequest, sha256: str) -> HttpResponseBase:
    picture = open_preview(sha256)
    if picture is None:
        raise NotFoundError
    response = FileResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
