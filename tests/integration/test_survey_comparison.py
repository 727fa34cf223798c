"""What a survey would change: beside each answer stands what the register rests on today."""

from datetime import date

import pytest

from hazards.services.assessment import assess
from surveys.selectors.comparison import changes
from tests.factories.hazards import DepthObservationFactory, HazardFactory
from tests.factories.surveys import SubmissionFactory

pytestmark = pytest.mark.django_db


def test_the_depth_of_the_register_is_what_was_last_seen_not_what_was_first_given() -> None:
    hazard = HazardFactory(depth_class="unknown")
    DepthObservationFactory(hazard=hazard, depth_class="gt_2", observed_on=date(2025, 6, 1))
    assess([hazard.pk])

    survey = SubmissionFactory(hazard=hazard, unit=hazard.unit, depth_class="gt_2")
    line = next(line for line in changes(survey) if line.label == "Depth")

    assert (line.now, line.now_on, line.differs) == ("over 2 m", date(2025, 6, 1), False)
