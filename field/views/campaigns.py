"""Rounds of visits: begun, given out by area, and how far they are."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import scope_for
from common.errors import DomainError, NotFoundError
from field.forms import AssignForm, CampaignForm
from field.models import Campaign
from field.selectors.campaigns import (
    campaigns_in,
    progress_of,
    surveyors_in,
    units_in,
    units_of,
)
from field.services.campaigns import assign_area, begin_campaign


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.REVIEW)
def campaigns(request: HttpRequest) -> HttpResponse:
    scope = scope_for(request.user, Action.REVIEW)
    form = CampaignForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    form.offer(units_in(scope))
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_campaign(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("field:campaign", public_id=made.public_id)
        except DomainError as error:
            form.add_error(None, str(error))
    rows = [(campaign, *_total(campaign)) for campaign in campaigns_in(scope)[:50]]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "field/campaigns.html", {"rows": rows, "form": form}, status=status)


def _total(campaign: Campaign) -> tuple[int, int]:
    people, _units = progress_of(campaign)
    return sum(row.visited for row in people), sum(row.assigned for row in people)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.REVIEW)
def campaign(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = campaigns_in(scope_for(request.user, Action.REVIEW)).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundError
    form = AssignForm(request.POST or None)
    form.offer(surveyors_in(found), units_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            count = assign_area(campaign=found, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            text = ngettext(
                "{count} hazard was given out.", "{count} hazards were given out.", count
            )
            messages.success(request, text.format(count=count))
            return redirect("field:campaign", public_id=found.public_id)
    people, units = progress_of(found)
    context = {"campaign": found, "people": people, "units": units, "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "field/campaign.html", context, status=status)
