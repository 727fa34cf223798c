"""Two communes side by side, each with everything a user could come upon."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from candidates.models import Candidate, CandidateSource
from field.models import Campaign, Device, Quarantined
from hazards.models import (
    AccessPlace,
    HazardAttachment,
    HazardPhoto,
    ImportJob,
    Responsibility,
    Safeguard,
    WaterHazard,
)
from hazards.services.assessment import assess
from maps.models import ExposureRun, PopulationDataset, PopulationRaster, UnitExposure
from places.models import AdminUnit
from surveys.models import Submission, SurveyPhoto, VoiceNote
from tests.factories.accounts import user_with_role
from tests.factories.hazards import (
    HazardFactory,
    ResponsibleBodyFactory,
    SafeguardFactory,
    SafeguardObservationFactory,
)
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SubmissionFactory,
    SurveyPhotoFactory,
    VoiceNoteFactory,
    photo_bytes,
)


@dataclass
class Commune:
    """One commune's records; ``secrets`` are words that nobody of another commune may read."""

    unit: AdminUnit
    hazard: WaterHazard
    photo: HazardPhoto
    submission: Submission
    survey_photo: SurveyPhoto
    candidate: Candidate
    import_job: ImportJob
    place: AccessPlace
    safeguard: Safeguard
    attachment: HazardAttachment
    responsibility: Responsibility
    device: Device
    campaign: Campaign
    held: Quarantined
    voice: VoiceNote
    users: dict[Role, User] = field(default_factory=dict)

    @property
    def secrets(self) -> list[str]:
        return [
            self.hazard.name,
            self.hazard.code,
            str(self.photo.public_id),
            str(self.submission.public_id),
            str(self.survey_photo.public_id),
            self.candidate.name,
            str(self.candidate.public_id),
            self.import_job.filename,
            self.place.label,
            self.device.name,
            self.campaign.name,
            self.held.reason,
            str(self.held.public_id),
            self.attachment.title,
            str(self.safeguard.public_id),
            self.unit.full_name,
        ]


def make_commune(name: str, place: int, tree_left: int) -> Commune:
    unit = UnitFactory(name=name, place=place, tree_left=tree_left)
    hazard = HazardFactory(
        unit=unit,
        name=f"Ao bí mật {name}",
        responsible_body=ResponsibleBodyFactory(name=f"Công ty {name}"),
    )
    SafeguardObservationFactory(hazard=hazard, state="missing")
    submission = SubmissionFactory(
        unit=unit, hazard=hazard, surveyor=user_with_role(Role.SURVEYOR, unit), note=f"Ghi {name}"
    )
    image = _store()
    commune = Commune(
        unit=unit,
        hazard=hazard,
        photo=HazardPhoto.objects.create(
            hazard=hazard,
            taken_on=timezone.localdate(),
            image_name=image,
            thumbnail_name=image,
            original_sha256="0" * 64,
            source_kind="submission",
            source_uuid=submission.public_id,
        ),
        submission=submission,
        survey_photo=SurveyPhotoFactory(
            submission=submission, image_name=image, thumbnail_name=image, original_name=image
        ),
        voice=VoiceNoteFactory(submission=submission, original_name=image),
        import_job=ImportJob.objects.create(
            actor=submission.surveyor,
            source=name,
            filename=f"Danh sách {name}.csv",
            stored_name="x",
            sha256="0" * 64,
        ),
        place=AccessPlace.objects.create(
            hazard=hazard,
            kind="access_point",
            label=f"Bến {name}",
            geometry=hazard.geometry,
            unit=unit,
            known_from=hazard.registered_on,
        ),
        safeguard=SafeguardFactory(hazard=hazard, label=f"Biển {name}", geometry=hazard.geometry),
        responsibility=Responsibility.objects.create(
            hazard=hazard,
            body=hazard.responsible_body,
            role="operator",
            valid_from=hazard.registered_on,
        ),
        attachment=HazardAttachment.objects.create(
            hazard=hazard,
            kind="decision",
            title=f"Quyết định {name}",
            media_type="application/pdf",
            size_bytes=1,
            sha256="0" * 64,
            stored_name="x",
            added_by=submission.surveyor,
        ),
        device=(
            device := Device.objects.create(
                user=submission.surveyor, name=f"Máy {name}", token_sha256=f"{place:064d}"
            )
        ),
        campaign=Campaign.objects.create(
            name=f"Đợt {name}",
            unit=unit,
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate(),
            made_by=submission.surveyor,
        ),
        held=Quarantined.objects.create(
            device=device,
            path="visits/x",
            sha256=f"{place:064d}",
            stored_name="x",
            size_bytes=1,
            reason=f"Lý do {name}",
        ),
        candidate=_candidate(unit, hazard, name),
        users={role: user_with_role(role, unit) for role in Role},
    )
    commune.users[Role.SURVEYOR] = submission.surveyor
    commune.import_job.actor = commune.users[Role.INSPECTOR]
    commune.import_job.save()
    assess()
    return commune


def _candidate(unit: AdminUnit, hazard: WaterHazard, name: str) -> Candidate:
    source = CandidateSource.objects.create(origin="osm", filename="x", sha256="0" * 64)
    return Candidate.objects.create(
        origin="osm", source=source, source_key=f"way/{unit.pk}", kind="pond",
        name=f"Ao nghi ngờ {name}", unit=unit, geometry=hazard.location, location=hazard.location,
    )  # fmt: skip


def make_exposure(communes: list[Commune]) -> None:
    """One finished run of today with a figure for each commune."""
    dataset = PopulationDataset.objects.create(
        name="test", family="test", year=2025, measures="bands", is_current=True
    )
    PopulationRaster.objects.create(
        dataset=dataset, filename="t.tif", stored_name="t.tif", sha256="0" * 64, sex="t", rows=1,
        cols=1, west_deg=106.5, north_deg=12, cell_width_deg=0.1, cell_height_deg=0.1, nodata=-1,
        people_total=1000,
    )  # fmt: skip
    run = ExposureRun.objects.create(
        dataset=dataset,
        boundary_set=communes[0].unit.boundary_set,
        as_of=timezone.localdate(),
        distances_m=[100, 200, 500],
        state=ExposureRun.State.DONE,
        finished_at=timezone.now(),
    )
    for commune in communes:
        for distance_m in run.distances_m:
            UnitExposure.objects.create(
                run=run, unit=commune.unit, distance_m=distance_m, people_total=1000,
                children_total=300, children_exposed=77, near_seen_gap=77, near_not_surveyed=0,
                near_expired=0, near_depth_unknown=0,
            )  # fmt: skip


def _store() -> str:
    """Put the same photo into both storages under one new name."""
    name = f"two/{uuid.uuid4()}.jpg"
    for storage in ("derivatives", "originals"):
        storages[storage].save(name, ContentFile(photo_bytes()))
    return name


def words_of(content: bytes) -> bytes:
    """Return what can be read in an answer; the sheets of a workbook are unpacked."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"\n".join(book.read(name) for name in book.namelist())


def content_of(response: Any) -> bytes:
    """Return the words of an answer, streamed or not; reading a file to its end closes it."""
    return words_of(
        b"".join(response.streaming_content) if response.streaming else response.content
    )
