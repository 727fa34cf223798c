"""The queue of candidates, page by page from the most likely down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Distance
from django.db.models import Count, Q, QuerySet

from accounts.roles import Action
from accounts.scoping import AreaScope
from candidates.models import Candidate
from candidates.words import CandidateState
from hazards.models import WaterHazard
from places.models import AdminUnit

NEAR_M = 1000
NEAREST = 5


@dataclass(frozen=True)
class QueuePage:
    """Rows, with the keys that the pager puts into its links."""

    rows: list[Candidate]
    total: int
    next_cursor: str | None
    previous_cursor: str | None


def candidates_of(
    scope: AreaScope, *, unit: AdminUnit | None = None, origin: str = ""
) -> QuerySet[Candidate]:
    rows: QuerySet[Candidate] = Candidate.objects.in_scope(scope)
    if unit is not None:
        rows = rows.within_unit(unit)  # type: ignore[attr-defined]
    return rows.filter(origin=origin) if origin else rows


def counts_by_state(rows: QuerySet[Candidate]) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def queue_page(
    rows: QuerySet[Candidate], *, state: str, size: int, after: str = "", before: str = ""
) -> QueuePage:
    """Return a page; a cursor is the public id of the row it begins after, or ends before."""
    chosen = rows.filter(state=state).select_related("unit", "hazard", "source").defer(
        "unit__geometry", "geometry"
    )  # fmt: skip
    total = chosen.count()
    edge = _edge(chosen, after or before)
    if edge is None:
        found = list(chosen.order_by("-score", "pk")[: size + 1])
        return _page(found[:size], total, has_next=len(found) > size, has_previous=False)
    score, key = edge
    if after:
        further = Q(score__lt=score) | Q(score=score, pk__gt=key)
        found = list(chosen.filter(further).order_by("-score", "pk")[: size + 1])
        return _page(found[:size], total, has_next=len(found) > size, has_previous=True)
    further = Q(score__gt=score) | Q(score=score, pk__lt=key)
    found = list(chosen.filter(further).order_by("score", "-pk")[: size + 1])
    return _page(found[:size][::-1], total, has_next=True, has_previous=len(found) > size)


def next_open(rows: QuerySet[Candidate], candidate: Candidate) -> Candidate | None:
    """Return the candidate to look at after this one: the next less likely, else the first."""
    open_rows = rows.filter(state=CandidateState.NEW).exclude(pk=candidate.pk)
    after = Q(score__lt=candidate.score) | Q(score=candidate.score, pk__gt=candidate.pk)
    ordered = open_rows.order_by("-score", "pk")
    return ordered.filter(after).first() or ordered.first()


def nearest_hazards(user: Any, candidate: Candidate) -> list[WaterHazard]:
    """Return the registered waters near a candidate, the nearest first, with ``distance``."""
    near = WaterHazard.objects.visible_to(user, Action.VIEW).near(candidate.location, NEAR_M)
    ordered = near.annotate(distance=Distance("location", candidate.location)).order_by("distance")
    return list(ordered.select_related("assessment").defer("geometry", "words")[:NEAREST])


def _edge(rows: QuerySet[Candidate], cursor: str) -> tuple[float, int] | None:
    if not cursor:
        return None
    try:
        return rows.filter(public_id=cursor).values_list("score", "pk").first()
    except (ValueError, TypeError):
        return None
    except Exception as error:  # a text that is no uuid
        if type(error).__name__ == "ValidationError":
            return None
        raise


def _page(rows: list[Candidate], total: int, *, has_next: bool, has_previous: bool) -> QueuePage:
    return QueuePage(
        rows=rows,
        total=total,
        next_cursor=str(rows[-1].public_id) if rows and has_next else None,
        previous_cursor=str(rows[0].public_id) if rows and has_previous else None,
    )
