"""Documents of a hazard: added, sent to who may see the hazard, taken back."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError, NotFoundError
from hazards.access import attachment_for, hazard_for
from hazards.record_forms import DateInput
from hazards.services.attachments import (
    STORAGE,
    SUFFIXES,
    add_attachment,
    withdraw_attachment,
)
from hazards.taxonomy import AttachmentKind
from history.context import acting


class AttachmentForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File (PDF, DOCX, XLSX, JPEG, PNG)"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AttachmentKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    dated_on = forms.DateField(
        label=gettext_lazy("Date of the document"), widget=DateInput(), required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def add(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actor: Any = request.user
        try:
            with acting(batch=uuid.uuid4()):
                add_attachment(hazard=hazard, actor=actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The document is with the record."))
            return redirect("hazards:record", code=hazard.code)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "hazards/attach.html", {"hazard": hazard, "form": form}, status=status)


@require_safe
@allowed(Action.VIEW)
def send(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Send the bytes as they came, to be saved and never shown by the browser itself."""
    found = attachment_for(request.user, public_id)
    try:
        source = storages[STORAGE].open(found.stored_name)
    except FileNotFoundError:
        raise NotFoundError from None
    name = f"{found.hazard.code}-{found.title}"[:120].replace("/", "-")
    response = FileResponse(
        source,
        as_attachment=True,
        content_type=found.media_type,
        filename=f"{name}{SUFFIXES[found.media_type]}",
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@allowed(Action.EDIT)
def withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = attachment_for(request.user, public_id, Action.EDIT)
    with acting(batch=uuid.uuid4()):
        withdraw_attachment(attachment=found, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("{title} was taken off the record.").format(title=found.title))
    return redirect("hazards:record", code=found.hazard.code)
