"""The reviewers' layer on the map: surveys that wait. Nobody else gets it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.roles import Action
from common.layers import Layer, register
from surveys.models import OPEN_STATES, Submission


def _visible(user: Any) -> QuerySet[Submission]:
    waiting = Submission.objects.filter(state__in=OPEN_STATES)
    return waiting.visible_to(user, Action.REVIEW)


register(
    Layer(
        name="surveys_waiting",
        title=_("Surveys waiting for review"),
        queryset=_visible,
        fields=("public_id", "state", "new_kind", "received_at"),
        geometry="position",
    )
)
