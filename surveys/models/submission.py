from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId, Timestamped
from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, Lifecycle, ObservedState


class SubmissionState(models.TextChoices):
    RECEIVED = "received", _("waiting for review")
    SECONDED = "seconded", _("waits for a second reviewer")
    RETURNED = "returned", _("returned to the surveyor")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


# What some reviewer still has to decide about.
OPEN_STATES = (SubmissionState.RECEIVED, SubmissionState.SECONDED)


class SubmissionQuerySet(ScopedQuerySet["Submission"]):
    pass


class Submission(PublicId, Timestamped):
    """One visit's report as a surveyor sent it. Nothing here is in the register until accepted.

    ``client_uuid`` is made on the phone: a second send of the same visit finds the first.
    """

    client_uuid = models.UUIDField(_("id made on the phone"), unique=True)
    surveyor = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("surveyor"),
    )
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("unit"),
    )
    hazard = models.ForeignKey(  # empty: a hazard that is not in the register yet
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("hazard"),
    )
    new_kind = models.CharField(
        _("kind of the new hazard"), max_length=20, choices=HazardKind.choices, blank=True
    )
    new_name = models.CharField(_("name of the new hazard"), max_length=250, blank=True)
    lifecycle = models.CharField(
        _("state of the hazard"), max_length=20, choices=Lifecycle.choices, blank=True
    )
    position = models.PointField(_("position"), geography=True, srid=4326)
    position_accuracy_m = models.FloatField(_("position accuracy, m"), null=True, blank=True)
    position_is_manual = models.BooleanField(_("placed on the map"), default=False)
    captured_at = models.DateTimeField(_("seen at"))  # by the phone's clock
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    sign_state = models.CharField(
        _("warning sign"),
        max_length=15,
        choices=ObservedState.choices,
        default=ObservedState.NOT_CHECKED,
    )
    barrier_state = models.CharField(
        _("barrier"),
        max_length=15,
        choices=ObservedState.choices,
        default=ObservedState.NOT_CHECKED,
    )
    cover_state = models.CharField(
        _("cover"),
        max_length=15,
        choices=ObservedState.choices,
        default=ObservedState.NOT_CHECKED,
    )
    depth_class = models.CharField(
        _("depth class"), max_length=10, choices=DepthClass.choices, default=DepthClass.UNKNOWN
    )
    depth_method = models.CharField(
        _("depth known by"), max_length=10, choices=DepthMethod.choices, default=DepthMethod.UNKNOWN
    )
    note = models.TextField(_("note"), blank=True)
    details = models.JSONField(_("full form"), default=dict, blank=True)  # surveys.full_form
    skipped_shots = models.JSONField(_("not photographed"), default=dict, blank=True)
    state = models.CharField(
        _("state of review"),
        max_length=10,
        choices=SubmissionState.choices,
        default=SubmissionState.RECEIVED,
    )
    photos_expected = models.PositiveSmallIntegerField(_("photos that the phone named"), default=0)
    content_sha256 = models.CharField(max_length=64)  # of the answers, to tell a repeat
    is_synthetic = models.BooleanField(_("invented for training"), default=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["state", "received_at"], name="submission_queue"),
            models.Index(fields=["surveyor", "-received_at"], name="submission_surveyor"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.state})"
