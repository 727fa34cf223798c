"""Checks that every import asks of its rows: texts in Unicode, keys that stand once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.legacy import column_encoding, wrong_encoding
from common.rowreport import RowReport
from common.sourcefile import SourceFileError
from common.sourcetable import SourceTable


class ColumnEncodingError(SourceFileError):
    code = "common.column_encoding"
    template = gettext_lazy(
        "{name}: the column {field} is written in {encoding}, not Unicode (row {row}: “{value}”). "
        "Nothing was stored. Convert the text to Unicode and export the file again as UTF-8."
    )


def refuse_wrong_encoding(report: RowReport, table: SourceTable, fields: Iterable[str]) -> None:
    """Refuse rows whose text is garbage; raises ColumnEncodingError when a whole column is."""
    for field in fields:
        texts = [value if isinstance(value, str) else "" for value in table.column(field).tolist()]
        wrong = {text: name for text in set(texts) if (name := wrong_encoding(text))}
        if not wrong:
            continue
        found = [(i, wrong[text]) for i, text in enumerate(texts) if text in wrong]
        first, encoding = found[0]
        if len(found) > 1 and (whole := column_encoding(texts)):
            raise ColumnEncodingError(
                name=table.name,
                field=field,
                encoding=whole,
                row=table.rows[first],
                value=texts[first][:60],
            )
        for i, encoding in found:
            report.refuse(
                table.rows[i],
                field,
                texts[i],
                _("looks like {encoding}, not Unicode.").format(encoding=encoding),
                _("Convert the text to Unicode and save the file as UTF-8."),
            )


def first_rows(rows: Sequence[int], keys: Sequence[str]) -> dict[str, list[int]]:
    """Return for each key that stands more than once the rows it stands in; "" is no key."""
    given = [key for key in keys if key]
    if len(set(given)) == len(given):
        return {}
    places: dict[str, list[int]] = {}
    for row, key in zip(rows, keys, strict=True):
        if key:
            places.setdefault(key, []).append(int(row))
    return {key: found for key, found in places.items() if len(found) > 1}
