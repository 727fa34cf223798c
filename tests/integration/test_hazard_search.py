"""Names are found by the beginnings of their words, with or without marks, however short."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from common.searchwords import typed
from common.text import plain
from hazards.models import WaterHazard
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", ["Ao (ông Tư)", "Đập số 12/A"]),
        ("hồ đ", ["Hồ Đá Bàng"]),
        ("HO DA BANG", ["Hồ Đá Bàng"]),
        ("tu", ["Ao (ông Tư)"]),
        ("so 1", ["Đập số 12/A"]),
        ("s 12", []),  # words before the last are whole
        ("12", ["Đập số 12/A"]),
        ("ap", []),  # the middle of a word
        ("ho ao", []),  # every word must be there
        ("&", []),
        ("", ["Ao (ông Tư)", "Hồ Đá Bàng", "Đập số 12/A"]),
    ],
)
def test_search(text, names):
    for name in ("Hồ Đá Bàng", "Ao (ông Tư)", "Đập số 12/A"):
        HazardFactory(name=name)

    found = WaterHazard.objects.matching(text)

    assert sorted(found.values_list("name", flat=True)) == names


@given(st.text("aoAOđĐồứỵ09 .,-–()/_'\t", max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_name_is_found_by_its_own_words_whatever_signs_part_them(db, name):
    assume(typed(name))
    hazard = HazardFactory(name="Ao")
    WaterHazard.objects.filter(pk=hazard.pk).update(name_plain=plain(name))

    for words_of_name in (name, " ".join(reversed(re.findall(r"[^\W_]+", name)))):
        assert WaterHazard.objects.filter(pk=hazard.pk).matching(words_of_name).exists()


def test_a_new_name_is_found_at_once_also_when_changed_by_hand():
    HazardFactory(name="Ao Cũ")
    WaterHazard.objects.update(name="Giếng", name_plain="gieng")

    assert WaterHazard.objects.matching("gi").count() == 1
    assert not WaterHazard.objects.matching("ao").exists()
