"""Names of bodies as offices write them: which may be one body, and which may not."""

import pytest

from hazards.duplicates import spellings
from hazards.duplicates.spellings import alike_groups, essence, is_alike

SAME = [
    ("Công ty TNHH MTV Thủy lợi Đồng Nai", "Cty Thuỷ lợi Đồng Nai"),
    ("Công ty cổ phần Thủy điện Cần Đơn", "CTY CP THUỶ ĐIỆN CẦN ĐƠN"),
    ("UBND xã Lộc Ninh", "Ủy ban nhân dân xã Lộc Ninh"),
    ("HTX Thống Nhất", "Hợp tác xã Thống nhất"),
    ("Ban quản lý rừng phòng hộ Tân Phú", "BQL rừng phòng hộ Tân Phú"),
    ("Công ty Thủy lợi Bình Phước", "Công ty Thủy lợi Bình Phuớc"),
]
APART = [
    ("UBND xã Lộc Ninh", "UBND xã Lộc Hòa"),
    ("HTX Thống Nhất 1", "HTX Thống Nhất 2"),
    ("Công ty Thủy lợi Đồng Nai", "Công ty Thủy lợi Tây Ninh"),
    ("UBND xã Tân Phú", "UBND xã Phú Tân"),
    ("", "Công ty Thủy lợi"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_body_written_differently(one, other):
    assert is_alike(essence(one), essence(other))
    assert is_alike(essence(other), essence(one))


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_bodies(one, other):
    assert not is_alike(essence(one), essence(other))


def test_groups_hold_all_spellings_and_nobody_alone():
    names = [name for pair in SAME[:3] for name in pair] + [
        "Hạt kiểm lâm Bù Đăng",
        "UBND xã Lộc Hòa",
    ]
    assert alike_groups(enumerate(names)) == [[0, 1], [2, 3], [4, 5]]
    assert alike_groups([]) == []


def test_three_thousand_committees_are_compared_with_a_few_each(monkeypatch):
    """Their names begin with the same words: all with all would be 4.5 million pairs."""
    compared = []
    usual = spellings._is_slip
    monkeypatch.setattr(
        spellings, "_is_slip", lambda *words: compared.append(words) or usual(*words)
    )
    syllables = [a + b for a in "bcdghklmnpqrstvx" for b in ("an", "inh", "ong", "uoc")]
    names = [f"UBND xã {one} {other}" for one in syllables for other in syllables][:3000]
    assert alike_groups(enumerate([*names, "Ủy ban nhân dân xã Ban Ban"])) == [[0, 3000]]
    assert len(compared) < 3000 * 64 * 2
