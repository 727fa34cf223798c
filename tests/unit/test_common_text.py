"""Old encodings are told from real Vietnamese; no real name is taken for garbage."""

import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.legacy import (
    MISREAD_UTF8,
    TCVN3,
    VNI,
    column_encoding,
    encoding_of_bytes,
    legacy_encoding,
    wrong_encoding,
)
from common.text import plain, plain_column, tidy, tidy_column
from common.vietnamese import is_syllable

# The same eight names of waters, typed in each of the old fonts.
SAMPLES = {
    "Đập Dầu Tiếng": ("§Ëp DÇu TiÕng", "Ñaäp Daàu Tieáng"),
    "Hồ Cần Đơn": ("Hå CÇn §¬n", "Hoà Caàn Ñôn"),
    "ao nuôi cá": ("ao nu«i c¸", "ao nuoâi caù"),
    "Giếng đào": ("GiÕng ®µo", "Gieáng ñaøo"),
    "Kênh mương": ("Kªnh m­¬ng", "Keânh möông"),
    "hồ chứa thủy lợi": ("hå chøa thñy lîi", "hoà chöùa thuûy lôïi"),
    "Bể nước": ("BÓ n­íc", "Beå nöôùc"),
    "Hồ Suối Giai": ("Hå Suèi Giai", "Hoà Suoái Giai"),
}
REAL_NAMES = [
    "Hoà Bình", "Hòa Bình", "hoá chất", "quà", "già", "Thuý", "khoẻ", "xoè", "Quý Đức", "Bù Đăng",
    "Đắk Ơ", "Krông Pắc", "Ea H'leo", "Plei Kần", "Pà Vầy Sủ", "Y Tý", "Uông Bí", "Thuỷ Nguyên",
    "Núi Thành", "Gò Công", "Phú Mỹ", "Ô Môn", "Ia Tôr", "Cư M'gar", "Lý Sơn", "Bàu Bàng",
]  # fmt: skip
SIGNS = [
    "ao 50 m²",
    "· hồ ·",
    "§ 5",
    "© OpenStreetMap",
    "±2 m",
    "15°",
    "« ao »",
    "½ ha",
    "5 µm",
    "N°1",
]


@pytest.mark.parametrize(("tcvn3", "vni"), SAMPLES.values(), ids=SAMPLES)
def test_old_fonts_are_named(tcvn3, vni):
    assert legacy_encoding(tcvn3) == TCVN3
    assert legacy_encoding(vni) == VNI


@pytest.mark.parametrize("name", [*REAL_NAMES, *SIGNS, *SAMPLES])
def test_real_names_and_signs_pass(name):
    assert wrong_encoding(name) is None


@pytest.mark.parametrize("name", SAMPLES)
def test_utf8_read_as_a_windows_page_is_told(name):
    assert wrong_encoding(name.encode().decode("latin-1")) == MISREAD_UTF8


def test_no_false_alarm_in_all_the_official_names(shared_data):
    found, names = [], 0
    for path in sorted((shared_data / "codes").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in csv.reader(file):
                names += len(line)
                found += [cell for cell in line if wrong_encoding(cell)]

    assert found == []
    assert names > 100_000


def test_a_column_decides_for_names_that_are_right_in_both():
    """“Hoà” alone is a word; among VNI names it is “Hồ”."""
    assert legacy_encoding("Hoà") is None
    assert column_encoding(["Hoà", "Hoà Daàu Tieáng", "Keânh", "ao", None]) == VNI
    assert column_encoding([*REAL_NAMES, "Keânh"]) is None  # one slip is a row, not a column


def test_decomposed_text_of_windows_1258_is_composed():
    windows_1258 = "Đâ\u0323p Dâ\u0300u Tiê\u0301ng"

    assert wrong_encoding(windows_1258) is None
    assert tidy(windows_1258) == "Đập Dầu Tiếng"
    assert plain(windows_1258) == "dap dau tieng"


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        ("§Ëp DÇu TiÕng, Hå CÇn §¬n", "latin-1", TCVN3),
        ("Ñaäp Daàu Tieáng, Hoà Caàn Ñôn", "latin-1", VNI),
        ("Đâ\u0323p Dâ\u0300u Tiê\u0301ng, hô\u0300 chư\u0301a", "cp1258", "Windows-1258"),
        ("Đập Dầu Tiếng", "utf-16", "UTF-16"),
    ],
)
def test_bytes_are_named(text, codec, named):
    assert encoding_of_bytes(text.encode(codec)) == named


def test_hidden_signs_and_spaces_are_tidied():
    assert tidy("  Huyện \u200b Vũng\u00a0 Liêm\u0008 ") == "Huyện Vũng Liêm"


@pytest.mark.parametrize(
    "word", ["nghiêng", "khuỷu", "thuở", "ngoèo", "rượu", "quốc", "gì", "giếng", "yên", "ở"]
)
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["xaõ", "ñaäp", "ngèng", "krông", "", "bcd", "cèng", "tạṕ"])
def test_no_syllables(word):
    assert not is_syllable(word)


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text):
    wrong_encoding(text)
    assert tidy(tidy(text)) == tidy(text)
    encoding_of_bytes(text.encode("utf-8"))


# Letters, marks by themselves, spaces of all kinds, and signs that change their number.
CELLS = st.lists(
    st.text(alphabet="aZ Đđẫ\u0302\u0301·\n\t\u00a0\u200b²İΣß–1", max_size=6) | st.text(max_size=6)
)


@given(CELLS)
def test_a_column_is_tidied_and_made_plain_as_its_cells_are(cells: list[str]):
    assert tidy_column(cells) == [tidy(cell) for cell in cells]
    assert plain_column(cells) == [plain(cell) for cell in cells]
