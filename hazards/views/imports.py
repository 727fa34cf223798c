"""Bring a file of waters, say what its columns mean, look it through, then take it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError, NotFoundError
from common.sourcefile import TABLES
from hazards.access import import_of
from hazards.exports.import_template import template_workbook
from hazards.import_forms import BringForm, MappingForm
from hazards.models import ImportJob, ImportState
from hazards.selectors.imports import imports_of
from hazards.services import import_jobs
from hazards.tasks import read_import, write_import
from hazards.views.map_setup import map_setup

PAGE_ROWS = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def imports(request: HttpRequest) -> HttpResponse:
    """List the files that the user brought, and take another."""
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = import_jobs.bring_file(
                file=form.cleaned_data["file"],
                filename=form.cleaned_data["file"].name,
                source=form.cleaned_data["source"],
                actor=request.user,  # type: ignore[arg-type]
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:job", public_id=job.public_id)
    page = Paginator(imports_of(request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "hazards/imports.html", {"form": form, "page": page}, status=status)


@require_safe
@allowed(Action.EDIT)
def job(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return render(request, "hazards/import_job.html", _context(request, public_id))


@require_POST
@allowed(Action.EDIT)
def job_step(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Go one step on: read with these columns, take it, or throw it away."""
    found = import_of(request.user, public_id)
    step = request.POST.get("step", "")
    try:
        if step == "read":
            form = _mapping(found, request.POST)
            if not form.is_valid():
                context = _context(request, public_id) | {"form": form}
                return render(request, "hazards/import_job.html", context, status=422)
            import_jobs.ask(job=found, asked=form.asked())
            read_import.defer(job_id=found.pk)
        elif step == "write":
            import_jobs.confirm(
                job=found,
                accept_good="accept_good" in request.POST,
                skip_twins="skip_twins" in request.POST,
            )
            write_import.defer(job_id=found.pk)
        elif step == "discard":
            import_jobs.discard(job=found, actor=request.user)  # type: ignore[arg-type]
            messages.success(request, _("The file was thrown away; nothing of it was written."))
            return redirect("imports:list")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("imports:job", public_id=public_id)


@require_safe
@allowed(Action.EDIT)
def remarks(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Hand out what was said of each row, to mend the file by."""
    found = import_of(request.user, public_id)
    name = import_jobs.remarks_name(found)
    if not default_storage.exists(name):
        raise NotFoundError
    return FileResponse(
        default_storage.open(name), as_attachment=True, filename=f"{found.filename}.csv"
    )


@require_safe
@allowed(Action.EDIT)
def template(request: HttpRequest) -> HttpResponse:
    """Hand out an empty workbook with drop-down lists and an explanation."""
    answer = HttpResponse(template_workbook(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="mau-nhap-diem-nguy-co.xlsx"'
    return answer


def _mapping(found: ImportJob, data: QueryDict | None = None) -> MappingForm:
    is_table = Path(found.filename).suffix.lower() in TABLES
    return MappingForm(data, columns=found.columns, asked=found.asked, is_table=is_table)


def _context(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    found = import_of(request.user, public_id)
    return {
        "job": found,
        "form": _mapping(found),
        "is_busy": found.state in (ImportState.READING, ImportState.WRITING),
        "may_map": found.state
        in (ImportState.UPLOADED, ImportState.PREVIEW, ImportState.FAILED),
        "setup": map_setup() | {"preview": {
            "new": found.preview.get("new", []), "moves": found.preview.get("moves", []),
        }},
        "has_map": bool(found.preview.get("new") or found.preview.get("moves")),
    }  # fmt: skip
