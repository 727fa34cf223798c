"""What happened at a hazard, visit by visit, newest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hazards.models import DepthObservation, HazardPhoto, SafeguardObservation, WaterHazard
from hazards.models.safeguard import Observation

SOURCE_WORDS: dict[str, Promise] = {
    "submission": pgettext_lazy("source of an observation", "accepted survey"),
    "import": pgettext_lazy("source of an observation", "import"),
    "office": pgettext_lazy("source of an observation", "written down in the office"),
    "demo": pgettext_lazy("source of an observation", "demonstration data"),
    "invented": pgettext_lazy("source of an observation", "made up to try things out"),
}


@dataclass(frozen=True)
class Finding:
    """One thing seen: "Barrier: only part of the way round", with what was noted."""

    subject: str
    text: str
    note: str = ""


@dataclass
class Visit:
    """What one person wrote down on one day from one source."""

    on: date
    source: str
    observer: str = ""
    is_synthetic: bool = False
    findings: list[Finding] = field(default_factory=list)
    photos: list[HazardPhoto] = field(default_factory=list)
    observation_ids: list[int] = field(default_factory=list)
    depth_ids: list[int] = field(default_factory=list)

    @property
    def told(self) -> str:
        """The day and what was seen, in one line."""
        seen = "; ".join(f"{finding.subject}: {finding.text}" for finding in self.findings)
        return f"{date_format(self.on, 'SHORT_DATE_FORMAT')}, {self.source}: {seen or '-'}"


Key = tuple[date, str, UUID | None, int | None]


def visits(hazard: WaterHazard, until: date) -> list[Visit]:
    """Return the visits up to ``until``, in three queries."""
    found: dict[Key, Visit] = {}
    seen = SafeguardObservation.objects.filter(hazard=hazard, observed_on__lte=until)
    for observation in seen.select_related("observer", "safeguard", "access_place"):
        visit = _visit(found, observation)
        visit.findings.append(_of_safeguard(observation))
        visit.observation_ids.append(observation.pk)
    depths = DepthObservation.objects.filter(hazard=hazard, observed_on__lte=until)
    for depth in depths.select_related("observer"):
        visit = _visit(found, depth)
        visit.findings.append(_of_depth(depth))
        visit.depth_ids.append(depth.pk)
    _add_photos(found, hazard, until)
    return sorted(found.values(), key=lambda visit: visit.on, reverse=True)


def _visit(found: dict[Key, Visit], observation: Observation) -> Visit:
    key = (
        observation.observed_on,
        observation.source_kind,
        observation.source_uuid,
        observation.observer_id,
    )
    if key not in found:
        kind = observation.source_kind
        found[key] = Visit(
            on=observation.observed_on,
            source=str(SOURCE_WORDS.get(kind, kind)),
            observer=observation.observer.display_name() if observation.observer else "",
        )
    visit = found[key]
    visit.is_synthetic = visit.is_synthetic or observation.is_synthetic
    return visit


def _of_safeguard(observation: SafeguardObservation) -> Finding:
    what = observation.get_duty_display()
    if observation.safeguard:
        what = f"{what} ({observation.safeguard})"
    elif observation.access_place:
        what = f"{what} ({observation.access_place})"
    parts = [observation.get_state_display()]
    if observation.condition:
        parts.append(observation.get_condition_display())
    if observation.coverage_share is not None:
        parts.append(_("{share:.0%} closed").format(share=observation.coverage_share))
    if observation.height_m is not None:
        height = number_format(observation.height_m, 2)
        parts.append(_("{height} m high at its lowest").format(height=height))
    if observation.widest_gap_mm is not None:
        gap = number_format(observation.widest_gap_mm, 0)
        parts.append(_("widest gap {gap} mm").format(gap=gap))
    return Finding(what, ", ".join(str(part) for part in parts), observation.note)


def _of_depth(depth: DepthObservation) -> Finding:
    size = (
        _("{depth} m").format(depth=number_format(depth.depth_m, 1))
        if depth.depth_m is not None
        else ""
    )
    words = ", ".join(
        str(part) for part in (size, depth.get_depth_class_display(), depth.get_method_display())
        if part
    )  # fmt: skip
    return Finding(_("Depth"), words, depth.note)


def _add_photos(found: dict[Key, Visit], hazard: WaterHazard, until: date) -> None:
    """Put photos with the visit of the same source, or make a visit of their own."""
    by_source: dict[UUID, list[Visit]] = defaultdict(list)
    for key, visit in found.items():
        if key[2]:
            by_source[key[2]].append(visit)
    for photo in HazardPhoto.objects.filter(hazard=hazard, taken_on__lte=until):
        same = by_source.get(photo.source_uuid)
        if same:
            same[0].photos.append(photo)
            continue
        key = (photo.taken_on, photo.source_kind, photo.source_uuid, None)
        words = str(SOURCE_WORDS.get(photo.source_kind, photo.source_kind))
        visit = found.setdefault(key, Visit(photo.taken_on, words))
        visit.photos.append(photo)
