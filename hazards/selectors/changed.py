"""Changes in the area of an administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from common.sqlfile import run
from hazards.models import WaterHazard
from history.models import Event
from history.selectors.changes import Entry, field_label, table_label
from history.selectors.words import verb_label
from history.services import undo
from history.services.undo import day_ends
from history.tracking import tracked

BATCHES = 20


def changed_in_area(user: Any, *, day: date, actor_id: int | None) -> QuerySet[Event]:
    """Return the day's events at hazards that ``user`` administers, the newest first.

    Who administers everything sees the other records too (rules, units, roles).
    """
    start, stop = day_ends(day)
    events = Event.objects.filter(change__at__gte=start, change__at__lt=stop)
    if actor_id is not None:
        events = events.filter(change__actor_id=actor_id)
    if not user.is_superuser:
        own = WaterHazard.objects.visible_to(user, Action.ADMINISTER)
        events = events.filter(hazard_id__in=own.values("pk"))
    return events.exclude(op="B").select_related("change").order_by("-pk")


def undo_choices(user: Any, *, day: date) -> dict[str, Any]:
    """Return who changed how much on the day, and the latest batches."""
    by_actor = changed_in_area(user, day=day, actor_id=None).order_by()
    counted = dict(by_actor.values_list("change__actor_id").annotate(n=Count("pk")))
    people = {person.pk: person for person in User.objects.filter(pk__in=counted.keys() - {None})}
    batches = [batch for batch in run(undo.SQL, "batches", most=BATCHES) if _is_near(user, batch)]
    for batch in batches:
        batch["verb"] = verb_label(batch["verb"])
    return {
        "people": sorted(
            ((pk, people[pk].display_name(), n) for pk, n in counted.items() if pk in people),
            key=lambda person: -person[2],
        ),
        "batches": batches,
    }


def with_hazards(entries: list[Entry]) -> list[Entry]:
    """Name the hazard of each entry."""
    keys = {entry.hazard_id for entry in entries if entry.hazard_id is not None}
    found = WaterHazard.objects.only("code", "name").in_bulk(keys)
    for entry in entries:
        entry.hazard = found.get(entry.hazard_id or 0)
    return entries


def kept_rows(plan: undo.UndoPlan) -> list[dict[str, Any]]:
    """Return the rows that an undoing leaves alone, with their words."""
    keys = {row["hazard_id"] for row in plan.kept if row["hazard_id"] is not None}
    hazards = WaterHazard.objects.only("code", "name").in_bulk(keys)
    people = User.objects.in_bulk({row["actor_id"] for row in plan.kept} - {None})
    return [
        row
        | {
            "record": table_label(row["table_name"]),
            "hazard": hazards.get(row["hazard_id"]),
            "who": people[row["actor_id"]].display_name() if row["actor_id"] in people else "",
            "fields": [field_label(row["table_name"], name) for name in row["columns"]],
        }
        for row in plan.kept
    ]


def may_undo(user: Any, plan: undo.UndoPlan, wanted: undo.Wanted) -> bool:
    """Say whether ``user`` administers every hazard that the undoing touches or names.

    For a batch of one's own it is enough to be allowed to edit there.
    Rules, units and roles hold for everybody: to undo what was done to them takes a superuser.
    """
    if user.is_superuser:
        return True
    of_hazards = {name for name, entry in tracked().items() if entry.hazard_column}
    touched = {table for table, _action in plan.counts}
    told = {row["hazard_id"] for row in plan.kept if row["hazard_id"] is not None}
    keys = told | set(plan.hazard_ids)
    action = Action.EDIT if _is_own(user, wanted) else Action.ADMINISTER
    own = WaterHazard.objects.visible_to(user, action)
    return touched <= of_hazards and own.filter(pk__in=keys).count() == len(keys)


def after_undoing(user: Any, plan: undo.UndoPlan) -> str:
    """Return where to go then: the one record, the list of changes, or the list of hazards."""
    if len(plan.hazard_ids) == 1:
        code = WaterHazard.objects.values_list("code", flat=True).get(pk=plan.hazard_ids[0])
        return reverse("hazards:record", args=[code])
    may_see = user.is_superuser or not scope_for(user, Action.ADMINISTER).is_empty
    return reverse("hazards:changes" if may_see else "hazards:list")


def _is_own(user: Any, wanted: undo.Wanted) -> bool:
    if wanted.batch is None:
        return False
    changes = Event.objects.filter(change__batch=wanted.batch)
    return changes.exists() and not changes.exclude(change__actor_id=user.pk).exists()


def _is_near(user: Any, batch: dict[str, Any]) -> bool:
    if user.is_superuser:
        return True
    own = WaterHazard.objects.visible_to(user, Action.ADMINISTER)
    events = Event.objects.filter(change__batch=batch["batch"])
    return bool(events.filter(hazard_id__in=own.values("pk")).exists())
