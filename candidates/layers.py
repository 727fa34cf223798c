"""The candidates on the map, drawn apart from hazards: they have no verdict."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from candidates.words import CandidateState
from common.layers import Layer, register


def _open(user: Any) -> QuerySet[Candidate]:
    return Candidate.objects.visible_to(user).filter(state=CandidateState.NEW)


register(
    Layer(
        name="candidates",
        title=_("Candidates"),
        queryset=_open,
        fields=("public_id", "kind", "name", "score"),
    )
)
