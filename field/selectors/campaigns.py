"""How far a campaign is, by surveyor and by unit; what one surveyor is to visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scoping import AreaScope
from field.models import Assignment, Campaign
from places.models import AdminUnit
from surveys.models import Submission, SubmissionState


@dataclass(frozen=True)
class Progress:
    """``visited`` of ``assigned`` were surveyed in the campaign's days; ``accepted`` of those."""

    who: str
    assigned: int
    visited: int
    accepted: int

    @property
    def left(self) -> int:
        return self.assigned - self.visited


def campaigns_in(scope: AreaScope) -> QuerySet[Campaign]:
    return Campaign.objects.filter(scope.q("unit")).select_related("unit")


def units_in(scope: AreaScope) -> QuerySet[AdminUnit]:
    return AdminUnit.objects.current().filter(scope.q("")).defer("geometry")


def units_of(campaign: Campaign) -> QuerySet[AdminUnit]:
    return AdminUnit.objects.within(campaign.unit).defer("geometry")


def progress_of(campaign: Campaign) -> tuple[list[Progress], list[Progress]]:
    """Return the rows by surveyor and by unit, those with most left first."""
    rows = _with_visits(campaign)
    by_surveyor: Any = rows.values("surveyor").annotate(
        name=F("surveyor__last_name"), first=F("surveyor__first_name"),
        username=F("surveyor__username"), **_COUNTS,
    )  # fmt: skip
    by_unit: Any = rows.values("hazard__unit").annotate(
        name=F("hazard__unit__full_name"), **_COUNTS
    )
    people = [_row(row, f"{row['name']} {row['first']}".strip() or row["username"])
              for row in by_surveyor]  # fmt: skip
    units = [_row(row, row["name"]) for row in by_unit]
    return _most_left_first(people), _most_left_first(units)


def due_for(user: User) -> dict[str, dict[str, str]]:
    """Return {code: {campaign, until}} of what a surveyor has still to visit today."""
    today = timezone.localdate()
    running = Assignment.objects.filter(
        surveyor=user, campaign__starts_on__lte=today, campaign__ends_on__gte=today
    )
    rows = running.annotate(visited=Exists(_visits())).filter(visited=False)
    rows = rows.select_related("campaign", "hazard").order_by("-campaign__ends_on")
    return {
        row.hazard.code: {
            "campaign": row.campaign.name, "until": row.campaign.ends_on.isoformat(),
        }
        for row in rows.defer("hazard__geometry", "hazard__words")
    }  # fmt: skip


def surveyors_in(campaign: Campaign) -> QuerySet[User]:
    """Return who surveys in, below or above the campaign's unit."""
    unit = campaign.unit
    inside = Q(unit__tree_left__gte=unit.tree_left, unit__tree_left__lte=unit.tree_right)
    above = Q(unit__tree_left__lte=unit.tree_left, unit__tree_right__gte=unit.tree_right)
    held = Membership.objects.filter(inside | above, role=Role.SURVEYOR)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("last_name")


_COUNTS: dict[str, Any] = {
    "assigned": Count("pk"),
    "seen": Count("pk", filter=Q(visited=True)),
    "taken": Count("pk", filter=Q(is_accepted=True)),
}


def _visits() -> QuerySet[Submission]:
    """Surveys of the assigned hazard by anybody within the campaign's days."""
    return Submission.objects.filter(
        hazard=OuterRef("hazard"),
        captured_at__date__gte=OuterRef("campaign__starts_on"),
        captured_at__date__lte=OuterRef("campaign__ends_on"),
    ).exclude(state=SubmissionState.REJECTED)


def _with_visits(campaign: Campaign) -> QuerySet[Assignment]:
    accepted = _visits().filter(state=SubmissionState.ACCEPTED)
    rows = Assignment.objects.filter(campaign=campaign)
    return rows.annotate(visited=Exists(_visits()), is_accepted=Exists(accepted))


def _row(row: dict[str, Any], who: str) -> Progress:
    return Progress(who, row["assigned"], row["seen"], row["taken"])


def _most_left_first(rows: list[Progress]) -> list[Progress]:
    return sorted(rows, key=lambda row: (row.visited - row.assigned, row.who))
