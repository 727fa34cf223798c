"""What stands between a phone and the surveys: devices, what they sent, what is still missing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import AreaScope
from common.models import PublicId, Timestamped


class Device(PublicId, Timestamped):
    """One phone of one surveyor. Its token is known to the phone alone; here is only its hash."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="devices", verbose_name=_("user")
    )
    name = models.CharField(_("phone"), max_length=150)
    token_sha256 = models.CharField(max_length=64, unique=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True)
    unsent_visits = models.PositiveIntegerField(_("visits not sent yet"), default=0)
    unsent_files = models.PositiveIntegerField(_("photos not sent yet"), default=0)
    clock_ahead_s = models.IntegerField(_("phone's clock ahead, s"), null=True)
    app_version = models.CharField(_("version of the app"), max_length=40, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    scope: AreaScope | None = None  # where its user may capture, once device_of has asked

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-last_seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class Invitation(PublicId, Timestamped):
    """A square code that signs one phone of a surveyor in, once. Only its hash is kept."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", verbose_name=_("surveyor")
    )
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} ({self.expires_at:%Y-%m-%d %H:%M})"


class FieldVisit(PublicId, Timestamped):
    """One visit as a phone sent it: the bytes' hash, and the survey that it became."""

    client_uuid = models.UUIDField(_("id made on the phone"), unique=True)
    submission = models.OneToOneField(
        "surveys.Submission",
        on_delete=models.PROTECT,
        related_name="field_visit",
        verbose_name=_("survey"),
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="visits")
    body_sha256 = models.CharField(max_length=64)
    body = models.JSONField(_("as sent"))

    class Meta:
        verbose_name = _("visit as sent")
        verbose_name_plural = _("visits as sent")

    def __str__(self) -> str:
        return str(self.client_uuid)


class TrainingVisit(Timestamped):
    """A visit of the training mode: answered like any other, never a survey, never published."""

    client_uuid = models.UUIDField(_("id made on the phone"))
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="training")
    body_sha256 = models.CharField(max_length=64)
    body = models.JSONField(_("as sent"))

    class Meta:
        verbose_name = _("training visit")
        verbose_name_plural = _("training visits")
        constraints = [
            models.UniqueConstraint(fields=["client_uuid", "device"], name="trained_once")
        ]

    def __str__(self) -> str:
        return str(self.client_uuid)


class VisitVariant(Timestamped):
    """The same visit with other words: kept beside the first, for the reviewer to look at."""

    visit = models.ForeignKey(FieldVisit, on_delete=models.PROTECT, related_name="variants")
    body_sha256 = models.CharField(max_length=64)
    body = models.JSONField(_("as sent"))

    class Meta:
        verbose_name = _("variant of a visit")
        verbose_name_plural = _("variants of visits")
        constraints = [
            models.UniqueConstraint(fields=["visit", "body_sha256"], name="variant_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.body_sha256[:8]}"


class ExpectedFile(Timestamped):
    """A photo that a visit names. It has arrived when ``received_at`` says so."""

    visit = models.ForeignKey(FieldVisit, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField(_("size, bytes"))
    subject = models.CharField(_("shows"), max_length=15)
    filename = models.CharField(_("file name on the phone"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True)

    class Meta:
        verbose_name = _("expected photo")
        verbose_name_plural = _("expected photos")
        constraints = [
            models.UniqueConstraint(fields=["visit", "sha256"], name="file_once_a_visit")
        ]
        indexes = [
            models.Index(
                fields=["sha256"],
                condition=models.Q(received_at__isnull=True),
                name="file_still_missing",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(received_at__isnull=True),
                name="file_missing_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} ({self.subject})"


class ArrivedFile(Timestamped):
    """A file whose bytes are all here and hashed; it may have come before its visit."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField(_("size, bytes"))
    stored_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name = _("file that arrived")
        verbose_name_plural = _("files that arrived")
        constraints = [
            models.UniqueConstraint(fields=["user", "sha256"], name="arrived_once_a_user")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Quarantined(PublicId, Timestamped):
    """What a known phone sent and nobody could take: the bytes, why, and what became of them."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="quarantined")
    path = models.CharField(_("sent to"), max_length=200)
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField(_("size, bytes"))
    reason = models.TextField(_("why it could not be taken"))
    replayed_at = models.DateTimeField(_("taken in at"), null=True)

    class Meta:
        verbose_name = _("held back")
        verbose_name_plural = _("held back")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["device", "path", "sha256"], name="held_once")
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.sha256[:8]})"


class Campaign(PublicId, Timestamped):
    """A round of visits in a unit between two days, such as before the summer."""

    name = models.CharField(_("name"), max_length=150)
    unit = models.ForeignKey(
        "places.AdminUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(Timestamped):
    """A hazard that a surveyor is to visit in a campaign. A hazard has one surveyor in each."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="assignments")
    hazard = models.ForeignKey(
        "hazards.WaterHazard",
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("hazard"),
    )
    surveyor = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("surveyor"),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "hazard"], name="assigned_once_a_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.hazard_id} -> {self.surveyor_id}"
