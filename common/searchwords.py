"""Search by the beginnings of words, marks or not: a column of words, and what is typed against it.

A column of words is made by the database from a plain text (``common.text.plain``) and carries an
inverted index. The last word that is typed finds the words that begin with it, so that a list can
follow the typing letter by letter, however short the word; those before it are whole. (Two common
beginnings, "ho" and "chua", are thousands of words each in an index of a million names: 100 ms.)
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, GeneratedField, Lookup

from common.text import plain

_WORDS = re.compile(r"[^\W_]+")


# What is neither letter nor digit parts words. To look whether there is anything but blanks between
# them costs half of what replacing does.
_SPLIT = (
    "array_to_tsvector(array_remove(string_to_array("
    "CASE WHEN %(expressions)s ~ '[^a-z0-9 ]' "
    "THEN regexp_replace(%(expressions)s, '[^[:alnum:]]+', ' ', 'g') "
    "ELSE %(expressions)s END, ' '), ''))"
)


def words_field(source: str) -> GeneratedField:
    """Return the column with the words of the column ``source``, kept by the database."""
    return GeneratedField(
        expression=Func(F(source), template=_SPLIT),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )


@SearchVectorField.register_lookup
class Begin(Lookup):
    """``words__begin="'ao':* & 'sen':*"``: has words that begin so."""

    lookup_name = "begin"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_values, *right_values)


def typed(text: str, *, are_whole: bool = False) -> str:
    """Return what ``words__begin`` takes for a text as typed; empty where it holds no word.

    ``are_whole``: the last word counts as whole, too, which an index answers twice as soon.

    >>> typed("Hồ Đá-2")
    "'ho' & 'da' & '2':*"
    """
    words = [f"'{word}'" for word in _WORDS.findall(plain(text))]
    begun = "" if are_whole or not words else ":*"
    return " & ".join(words) + begun
