"""A verdict says why: rule, fact, observation and date, in words of the reader's language."""

from datetime import date

import pytest
from django.utils import translation

from hazards.services.explanation import explain
from tests.factories.hazards import HazardFactory, SafeguardObservationFactory, WaiverFactory

pytestmark = pytest.mark.django_db


def test_the_reasons_say_rule_fact_observation_and_day():
    pond = HazardFactory()
    SafeguardObservationFactory(hazard=pond, observed_on=date(2026, 1, 15))
    gap = SafeguardObservationFactory(
        hazard=pond, duty="barrier", state="missing", observed_on=date(2026, 1, 15)
    )
    explanation = explain(pond, date(2026, 3, 1))

    assert explanation.verdict_label == "Partly compliant"
    assert explanation.rule.rule_code == "deep-water"
    assert explanation.texts[1:] == [
        "Depth: over 2 m, known since 1 Jan 2024. The rule asks for water deeper than 1 m.",
        "Warning sign: seen in place on 15 Jan 2026; this counts up to and including 14 Jul 2026.",
        "Barrier: “missing” on 15 Jan 2026. A gap counts until somebody has seen it mended.",
    ]
    assert explanation.sentences[3].observation == str(gap.public_id)
    assert "7 Aug 2023" in explanation.texts[0]


@pytest.mark.parametrize(
    ("hazard", "on", "words"),
    [
        ({"kind": "pool"}, date(2026, 3, 1), "swimming pool"),
        ({"lifecycle": "filled"}, date(2026, 3, 1), "no water to guard"),
        ({"depth_class": "unknown"}, date(2026, 3, 1), "depth is not known"),
        ({"depth_class": "unknown", "max_depth_m": "0.80"}, date(2026, 3, 1), "Depth: 0.8 m"),
        ({"kind": "well"}, date(2026, 3, 1), "whatever the depth"),
        ({}, date(2026, 3, 1), "Barrier: nobody has looked yet."),
    ],
)
def test_every_reason_has_its_words(hazard, on, words):
    assert words in " ".join(explain(HazardFactory(**hazard), on).texts)


def test_expired_and_waived_have_their_words():
    pond = HazardFactory()
    SafeguardObservationFactory(hazard=pond, observed_on=date(2024, 6, 1))
    WaiverFactory(hazard=pond)

    assert "up to and including 31 Dec 2025" in " ".join(explain(pond, date(2025, 6, 1)).texts)
    assert "It must be looked at again." in " ".join(explain(pond, date(2026, 6, 1)).texts)


def test_explaining_takes_a_fixed_number_of_queries(django_assert_num_queries):
    pond = HazardFactory()
    for _ in range(5):
        SafeguardObservationFactory(hazard=pond)

    with django_assert_num_queries(5):
        explain(pond, date(2026, 3, 1))


def test_the_rule_is_named_in_the_language_of_the_reader():
    pond = HazardFactory()
    with translation.override("vi"):
        assert "Nơi nước sâu phải có biển cảnh báo" in explain(pond, date(2026, 3, 1)).texts[0]
    with translation.override("en"):
        assert "Deep water must carry" in explain(pond, date(2026, 3, 1)).texts[0]
