from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from common.models import PublicId
from surveys.models.submission import SubmissionState


class ReviewEventQuerySet(ScopedQuerySet["ReviewEvent"]):
    unit_field = "submission__unit"


class ReviewEvent(PublicId):
    """One decision about a submission, with its reason. Rows are only ever added."""

    submission = models.ForeignKey(
        "surveys.Submission",
        on_delete=models.PROTECT,
        related_name="review_events",
        verbose_name=_("survey"),
    )
    reviewer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    to_state = models.CharField(_("decision"), max_length=10, choices=SubmissionState.choices)
    reason = models.TextField(_("reason"), blank=True)

    objects = ReviewEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.to_state}"
