"""What a vector file or table looks like once read: columns, rows as people count them, shapes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pyproj import CRS

from common.sourcefile import SourceFileError
from common.text import tidy_column


class FieldMissingError(SourceFileError):
    code = "common.field_missing"
    template = _("{name} has no column {field}. It has: {columns}.")


class WhereError(SourceFileError):
    code = "common.where"
    template = _("{name}: write --where as COLUMN=VALUE; {text} is not.")


@dataclass(frozen=True)
class SourceTable:
    """Rows of one layer or sheet.

    ``rows`` numbers them as people see them: the row of the sheet (its head is row 1), or the
    place of the feature in the file, from 1. ``shapes`` holds shapely geometries in ``crs``, None
    where there is none; ``broken`` marks rows whose shape could not even be read. ``ragged`` gives
    for rows with too many cells how many there are.
    """

    name: str
    columns: dict[str, NDArray[np.object_]]
    rows: NDArray[np.int64]
    shapes: NDArray[np.object_] | None = None
    broken: NDArray[np.bool_] | None = None
    crs: CRS | None = None
    crs_is_stated: bool = False  # False for the default of GeoJSON
    ragged: dict[int, int] = field(default_factory=dict)
    # Worked out once; another table, by ``replace`` too, begins with none.
    _texts: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)
    _tidied: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def column_names(self) -> list[str]:
        return list(self.columns)

    def column(self, name: str) -> NDArray[np.object_]:
        """Return the column ``name``, in any case of letters; raises FieldMissingError."""
        found = self.find([name])
        if found is None:
            listed = ", ".join(self.column_names) or "-"
            raise FieldMissingError(name=self.name, field=name, columns=listed)
        return self.columns[found]

    def find(self, names: Sequence[str]) -> str | None:
        """Return the file's own name of the first of ``names`` that is a column of it, or None."""
        own = {name.casefold(): name for name in reversed(self.column_names)}
        return next((own[name.casefold()] for name in names if name.casefold() in own), None)

    def texts(self, name: str) -> list[str]:
        """Return the cells of a column as text; worked out once, so leave the list as it is."""
        found = self._texts.get(name)
        if found is None:
            values = self.column(name).tolist()
            found = self._texts[name] = [
                value.strip() if type(value) is str else text_of(value) for value in values
            ]
        return found

    def tidied(self, name: str) -> list[str]:
        """Return the cells of a column as tidy text; worked out once, like ``texts``."""
        found = self._tidied.get(name)
        if found is None:
            found = self._tidied[name] = tidy_column(self.texts(name))
        return found

    def where(self, conditions: Iterable[str]) -> Self:
        """Keep the rows for which every ``COLUMN=VALUE`` holds, compared as text."""
        keep = np.ones(len(self), dtype=bool)
        for condition in conditions:
            name, equals, wanted = condition.partition("=")
            if not equals or not name.strip():
                raise WhereError(name=self.name, text=condition)
            texts = self.texts(name.strip())
            keep &= np.array([text == wanted.strip() for text in texts], dtype=bool)
        return self.take(keep)

    def take(self, keep: NDArray[np.bool_]) -> Self:
        if keep.all():
            return self
        return replace(
            self,
            columns={name: values[keep] for name, values in self.columns.items()},
            rows=self.rows[keep],
            shapes=None if self.shapes is None else self.shapes[keep],
            broken=None if self.broken is None else self.broken[keep],
        )


def text_of(value: Any) -> str:
    """Return a cell as text: whole numbers without ".0", dates as ISO, nothing as "".

    >>> text_of(75.0), text_of("01"), text_of(float("nan"))
    ('75', '01', '')
    """
    if value is None or value is np.ma.masked:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, (np.datetime64, dt.date, dt.time)):
        text = str(value)
        return "" if text == "NaT" else text
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    return str(value).strip()
