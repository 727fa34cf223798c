"""Where the head of a sheet stands, as offices make them: titles, merged cells, numbered columns.

Cells are what a reader of CSV or XLSX gives: text, numbers, None.
"""

from __future__ import annotations

from typing import Any

from common.sourcetable import text_of

LOOKED_AT = 20  # filled lines at the top that may hold titles and the head
HEAD_SHARE = 0.6  # a head fills at least this share of the columns that the lines below fill

Cells = list[Any]


def find_head(lines: list[Cells]) -> tuple[int, int]:
    """Return how many lines of titles stand above the head, and how many lines the head has.

    >>> find_head([["Danh sách"], ["STT", "Tên"], ["1", "Ao Sen"]])
    (1, 1)
    """
    widest = max((_filled(line) for line in lines), default=0)
    if widest < 2:
        return 0, 1
    for n, line in enumerate(lines):
        below = lines[n + 1] if n + 1 < len(lines) else []
        if _spans(line, below):
            return n, 2
        if _filled(line) >= max(2, HEAD_SHARE * widest):
            return n, 1
    return 0, 1


def joined_head(lines: list[Cells]) -> list[str]:
    """Return one name for each column; a cell merged over several goes before what stands below.

    >>> joined_head([["STT", "Tọa độ", None], [None, "X", "Y"]])
    ['STT', 'Tọa độ X', 'Tọa độ Y']
    """
    if len(lines) < 2:
        return [" ".join(text_of(cell).split()) for line in lines for cell in line]
    top, below = lines
    names, over = [], ""
    for n in range(max(len(top), len(below))):
        upper, lower = _text(top, n), _text(below, n)
        over = upper or (over if lower else "")
        names.append(" ".join(f"{over} {lower}".split()))
    return names


def is_numbering(line: Cells, *, is_expected: bool) -> bool:
    """Say whether a line only numbers the columns: (1), (2), (3), or 1, 2, 3 where it is expected,
    which is below titles or a head of two lines; elsewhere that may be a row.
    """
    texts = [text for text in map(text_of, line) if text]
    bare = [text.strip("()") for text in texts]
    has_brackets = all(text.startswith("(") for text in texts)
    counts = bare == [str(n) for n in range(1, len(bare) + 1)]
    return len(texts) > 1 and counts and (has_brackets or is_expected)


def _spans(top: Cells, below: Cells) -> bool:
    """Say whether two lines are one head: names below fill the gaps that merged cells leave."""
    width = max(len(top), len(below))
    upper, lower = [_text(top, n) for n in range(width)], [_text(below, n) for n in range(width)]
    if sum(map(bool, upper)) < 2 or not any(lower) or any(c.isdigit() for c in "".join(lower)):
        return False
    has_span = False
    for n in range(width):
        if not lower[n]:
            continue
        if upper[n]:  # the first cell of a merged one: the next must be a gap
            if n + 1 >= width or upper[n + 1] or not lower[n + 1]:
                return False
            has_span = True
        elif n == 0 or not lower[n - 1]:
            return False
    return has_span


def _filled(line: Cells) -> int:
    return sum(bool(text_of(cell)) for cell in line)


def _text(line: Cells, n: int) -> str:
    return text_of(line[n]) if n < len(line) else ""
