"""The page on which a surveyor reports one place."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from common.http import form_errors, wants_json
from surveys.access import hazard_to_survey, own_submission
from surveys.forms import CaptureForm
from surveys.models import Submission, SubmissionState
from surveys.services.answers import Answers
from surveys.services.intake import check_send_size, receive_submission
from surveys.views.capture_page import page_of
from surveys.views.shell import phone_context


@csrf_exempt  # checked by the inner view: the handlers must be set before the body is read
def capture(request: HttpRequest) -> HttpResponseBase:
    """Let photos go straight to disk while they come in, whatever their size."""
    check_send_size(int(request.META.get("CONTENT_LENGTH") or 0))
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _capture(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.CAPTURE)
def _capture(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _send(request)
    returned = _returned(request)
    hazard = returned.hazard if returned else None
    if hazard is None and request.GET.get("hazard"):
        hazard = hazard_to_survey(request.user, request.GET["hazard"])  # type: ignore[arg-type]
    return _page(request, page_of(hazard=hazard, returned=returned))


def _returned(request: HttpRequest) -> Submission | None:
    """Return the survey of ``?mend=ID`` while it waits to be mended."""
    try:
        public_id = uuid.UUID(request.GET.get("mend", ""))
    except ValueError:
        return None
    submission = own_submission(request.user, public_id)  # type: ignore[arg-type]
    return submission if submission.state == SubmissionState.RETURNED else None


def _send(request: HttpRequest) -> HttpResponse:
    form = CaptureForm(request.POST, request.FILES, needs_photo=not request.POST.get("mends"))
    if not form.is_valid():
        return form_errors(form) if wants_json(request) else _again(request, form)
    try:
        submission, made = _receive(request, form)
    except DomainError as error:
        if wants_json(request):
            raise
        form.add_error(None, str(error))
        return _again(request, form, status=error.status)
    url = reverse("surveys:receipt", args=[submission.public_id]) + "?new=1"
    if wants_json(request):
        return JsonResponse({"url": url}, status=201 if made else 200)
    return redirect(url)


def _receive(request: HttpRequest, form: CaptureForm) -> tuple[Submission, bool]:
    said: dict[str, Any] = form.cleaned_data
    user = request.user
    hazard = hazard_to_survey(user, said["hazard"]) if said["hazard"] else None  # type: ignore[arg-type]
    states: dict[str, Any] = {
        name: said[name] or Answers.__dataclass_fields__[name].default
        for name in ("sign_state", "barrier_state", "cover_state", "depth_class", "depth_method")
    }
    return receive_submission(
        surveyor=user,  # type: ignore[arg-type]
        client_uuid=said["client_uuid"],
        answers=Answers(
            hazard=hazard,
            new_kind=said["new_kind"],
            new_name=said["new_name"],
            lifecycle=said["lifecycle"],
            note=said["note"],
            position_is_manual=said["position_is_manual"],
            mends=said["mends"],
            **states,
        ),
        position=form.position(),
        accuracy_m=None if said["position_is_manual"] else said["accuracy_m"],
        captured_at=said["captured_at"],
        files=form.sent,
    )


def _again(request: HttpRequest, form: CaptureForm, status: int = 400) -> HttpResponse:
    """Show the page again with what was typed; browsers do not let a page keep its files."""
    code = form.data.get("hazard")
    hazard = hazard_to_survey(request.user, code) if code else None  # type: ignore[arg-type]
    if form.sent:
        messages.warning(request, _("Choose the photos again: the browser could not keep them."))
    return _page(request, page_of(hazard=hazard, form=form), status=status)


def _page(request: HttpRequest, page: dict[str, Any], status: int = 200) -> HttpResponse:
    context = page | phone_context(request, "capture")
    return render(request, "surveys/capture.html", context, status=status)
