"""The mark of a verdict carries its word in the language of the page, however often it was made."""

from django.utils import translation

from common.templatetags.verdict import verdict_mark


def test_the_word_is_that_of_the_language_each_time():
    for language, word in (("vi", "Chưa đạt"), ("en", "Not compliant"), ("vi", "Chưa đạt")):
        with translation.override(language):
            assert f"<span>{word}</span>" in verdict_mark("noncompliant")
            assert f'aria-label="{word}"' in verdict_mark("noncompliant", "no")


def test_an_unknown_code_cannot_bring_markup_in():
    assert "<b>" not in verdict_mark("<b>")
