"""What is typed becomes a search for words that begin so, and nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.searchwords import typed


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hồ Đá", "'ho' & 'da':*"),
        ("  ao  ", "'ao':*"),
        ("N2-4", "'n2' & '4':*"),
        ("o'neil", "'o' & 'neil':*"),
        ("(!&|:*)\\", ""),
    ],
)
def test_words_as_typed(text, asked):
    assert typed(text) == asked


@given(st.text())
def test_no_sign_of_the_query_language_comes_from_the_text(text):
    rest = typed(text).replace(":*", "").replace("'", "").replace(" & ", "")
    assert rest == "" or rest.isalnum()
