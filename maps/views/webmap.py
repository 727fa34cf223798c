"""The map of hazards by verdict, its tiles and its areas."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.context import chosen_date, chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from hazards.taxonomy import HazardKind, Verdict
from maps.selectors import webmap
from maps.tiles.mvt import MARKS_FROM_ZOOM, hazard_tile
from maps.views.map_words import map_words

DEFAULT_DISTANCE_M = 200


def _view_of(request: HttpRequest) -> webmap.MapView:
    scope = request.scope  # type: ignore[attr-defined]
    return webmap.MapView(scope=scope, unit=chosen_unit(request, scope), day=chosen_date(request))


def _kept(request: HttpRequest, name: str, known: list[str]) -> tuple[str, ...]:
    return tuple(value for value in request.GET.getlist(name) if value in known)


@require_safe
@allowed(Action.VIEW)
def webmap_page(request: HttpRequest) -> HttpResponse:
    view = _view_of(request)
    with view.then():
        counts = webmap.counts_by_verdict(view)
    distances = webmap.distances(view.day) or settings.EXPOSURE_DISTANCES_M
    query = request.GET.urlencode()
    facts = {
        "bounds": webmap.extent(view),
        "tiles": reverse("maps:hazard_tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}"),
        "areas": reverse("maps:areas"),
        "query": query,
        "record": reverse("hazards:record", args=["AT-0000000-0"]),
        "counts": counts,
        "marksFromZoom": MARKS_FROM_ZOOM,
        "distance": _distance(request, distances),
        "base": {"url": settings.BASE_MAP_URL, "attribution": settings.BASE_MAP_ATTRIBUTION},
        "words": map_words(view),
    }
    return render(
        request,
        "maps/webmap.html",
        {
            "facts": facts,
            "counts": counts,
            "total": sum(counts.values()),
            "kinds": HazardKind.choices,
            "chosen_kinds": _kept(request, "kind", HazardKind.values),
            "distances": distances,
            "distance": facts["distance"],
        },
    )


@require_safe
@allowed(Action.VIEW)
def hazard_tile_view(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    view = _view_of(request)
    with view.then():
        chosen = view.tiles(
            kinds=_kept(request, "kind", HazardKind.values),
            verdicts=_kept(request, "verdict", Verdict.values),
        )
        tile = hazard_tile(z, x, y, scope=view.scope, chosen=chosen)
    response = HttpResponse(
        tile, content_type="application/vnd.mapbox-vector-tile", status=200 if tile else 204
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
@allowed(Action.VIEW)
def areas_view(request: HttpRequest) -> JsonResponse:
    view = _view_of(request)
    distance_m = _distance(request, webmap.distances(view.day) or settings.EXPOSURE_DISTANCES_M)
    with view.then():
        features = webmap.areas(view, distance_m=distance_m)
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _distance(request: HttpRequest, offered: list[int]) -> int:
    wanted = request.GET.get("within", "")
    if wanted.isdecimal() and int(wanted) in offered:
        return int(wanted)
    return DEFAULT_DISTANCE_M if DEFAULT_DISTANCE_M in offered else offered[0]
