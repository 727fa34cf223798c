"""Rounds of visits: who is to go where, by area, from a day to a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from common.text import tidy
from field.errors import CampaignDatesError, NothingAssignedError
from field.models import Assignment, Campaign
from hazards.models import WaterHazard
from hazards.taxonomy import LIFECYCLES_WITH_WATER
from places.models import AdminUnit


@transaction.atomic
def begin_campaign(
    *, name: str, unit: AdminUnit, starts_on: date, ends_on: date, actor: User
) -> Campaign:
    """Make an empty campaign in a unit. Raises CampaignDatesError."""
    if ends_on < starts_on:
        raise CampaignDatesError(start=starts_on, end=ends_on)
    campaign = Campaign.objects.create(
        name=tidy(name), unit=unit, starts_on=starts_on, ends_on=ends_on, made_by=actor
    )
    record(
        actor=actor, verb="begin_campaign", target_kind="campaign", target_id=campaign.public_id,
        name=campaign.name, unit=unit.full_name,
    )  # fmt: skip
    return campaign


@transaction.atomic
def assign_area(
    *, campaign: Campaign, surveyor: User, unit: AdminUnit, verdicts: Iterable[str], actor: User
) -> int:
    """Give a surveyor the hazards of an area that have one of the verdicts; returns how many.

    Only hazards of the campaign's unit, with water, where he may survey; those given to somebody
    else in this campaign go over to him.
    """
    scope = scope_for(surveyor, Action.CAPTURE)
    hazards = WaterHazard.objects.within_unit(campaign.unit).within_unit(unit)
    hazards = hazards.filter(scope.q("unit"), lifecycle__in=LIFECYCLES_WITH_WATER)
    if chosen := list(verdicts):
        hazards = hazards.filter(assessment__verdict__in=chosen)
    keys = list(hazards.values_list("pk", flat=True))
    if not keys:
        raise NothingAssignedError(surveyor=surveyor.display_name(), unit=unit.full_name)
    Assignment.objects.filter(campaign=campaign, hazard__in=keys).delete()
    Assignment.objects.bulk_create(
        [Assignment(campaign=campaign, hazard_id=key, surveyor=surveyor) for key in keys]
    )
    record(
        actor=actor, verb="assign_area", target_kind="campaign", target_id=campaign.public_id,
        surveyor=surveyor.username, unit=unit.full_name, hazards=len(keys),
    )  # fmt: skip
    return len(keys)
