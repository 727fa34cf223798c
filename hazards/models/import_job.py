from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import PublicId, Timestamped


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waiting for its columns")
    READING = "reading", _("being read")
    PREVIEW = "preview", _("to be looked through")
    WRITING = "writing", _("being written")
    DONE = "done", _("imported")
    FAILED = "failed", _("could not be used")
    DISCARDED = "discarded", _("thrown away")


class ImportJob(PublicId, Timestamped):
    """One file that somebody brings on the page: read, looked through, then taken or thrown away.

    Seen by whoever brought it. ``asked`` holds the choices of the form, ``counts`` what became of
    the rows, ``preview`` positions and remarks for the page.
    """

    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    source = models.CharField(_("source"), max_length=100)
    filename = models.CharField(_("file"), max_length=250)
    stored_name = models.CharField(max_length=300)  # in the default storage
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(_("columns"), default=list)
    asked = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    message = models.TextField(_("message"), blank=True)
    counts = models.JSONField(_("rows"), default=dict)
    preview = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["actor", "-created_at"], name="import_of_actor")]

    def __str__(self) -> str:
        return self.filename
