"""From domain errors and forms to answers: JSON for programs, a page for people."""

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from common.errors import DomainError


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer with the error's own status, in the form the client asked for."""
    if wants_json(request):
        return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
    return render(request, "common/error.html", {"error": error}, status=error.status)


def form_errors(form: forms.BaseForm) -> JsonResponse:
    """Answer 400 with each field's messages."""
    fields = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    return JsonResponse({"code": "common.bad_form", "fields": fields}, status=400)
