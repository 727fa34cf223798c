"""The short cuts of the check of encodings, which most names take, let nothing wrong through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.legacy import (
    _is_surely_unicode,
    is_misread_utf8,
    legacy_encoding,
    wrong_encoding,
)
from common.text import tidy

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ -"
)


def misread(text: str, encoding: str) -> str | None:
    try:
        return text.encode("utf-8").decode(encoding)
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1258"])
@given(text=st.text(alphabet=VIETNAMESE + VIETNAMESE.upper(), min_size=1))
def test_whatever_is_read_in_a_wrong_code_page_is_noticed(encoding: str, text: str):
    text = unicodedata.normalize("NFC", text)
    garbage = misread(text, encoding)
    if text.isascii() or garbage is None:
        return
    assert is_misread_utf8(garbage)


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper()))
def test_no_vietnamese_text_is_taken_for_misread(text: str):
    assert not is_misread_utf8(unicodedata.normalize("NFC", text))


@given(st.characters(min_codepoint=0x100, max_codepoint=0x1F00))
def test_a_letter_beyond_the_old_fonts_shows_unicode(letter: str):
    if letter.isalpha() and unicodedata.is_normalized("NFC", letter):
        assert legacy_encoding(f"®Ëp {letter}") is None


@given(st.text(alphabet=st.characters(min_codepoint=0xF00, max_codepoint=0x20FF)) | st.text())
def test_letters_that_only_unicode_has_are_told_by_their_bytes(text: str):
    assert _is_surely_unicode(text) == any("\u1000" <= letter <= "\u1fff" for letter in text)


@given(st.characters(min_codepoint=0x1000, max_codepoint=0x1FFF))
def test_no_old_encoding_is_held_against_a_text_with_such_a_sign(sign: str):
    for code_page in ("latin-1", "cp1252", "cp1258"):
        with pytest.raises(UnicodeEncodeError):
            sign.encode(code_page)
    for garbage in ("®Ëp", "Ñaäp", "Ä‘áº­p"):
        assert wrong_encoding(garbage)
        assert wrong_encoding(f"{garbage} {sign}") is None


@given(st.text())
def test_tidy_text_has_single_spaces_and_nothing_hidden(text: str):
    tidied = tidy(text)
    assert tidied == " ".join(tidied.split())
    assert tidy(tidied) == tidied
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in tidied)
