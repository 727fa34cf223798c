"""Are two names one body, written differently? Pure: no database.

Offices write "Cty TNHH MTV Thuỷ lợi Đồng Nai" and "Công ty Thủy lợi Đồng Nai". Marks, case, legal
forms and usual abbreviations are put aside; what is left must be the same words, one slip aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from common.text import plain

SLIP_FROM = 0.8  # share of letters in common of a word and its misspelling
SLIP_CHARS = 4  # shorter words differ by a letter and mean something else
_WORDS = re.compile(r"[^\W_]+")
_WRITTEN_OUT = {
    "cty": "cong ty", "ct": "cong ty", "xn": "xi nghiep", "htx": "hop tac xa",
    "ubnd": "uy ban nhan dan", "bql": "ban quan ly", "dn": "doanh nghiep", "nm": "nha may",
    "kcn": "khu cong nghiep", "tp": "thanh pho", "tt": "thi tran", "ktct": "khai thac cong trinh",
}  # fmt: skip
# Legal forms, which one office writes and the next leaves out.
_FORMS = re.compile(
    r"\b(tnhh|mtv|cp|trach nhiem huu han|(1|mot) thanh vien|co phan|nha nuoc|tu nhan)\b"
)


def essence(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell bodies apart, in order."""
    words = [_WRITTEN_OUT.get(word, word) for word in _WORDS.findall(plain(name))]
    return tuple(_FORMS.sub(" ", " ".join(words)).split())


def is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two essences may be one body; different numbers are different bodies."""
    if not one or not other:
        return False
    left, right = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if not left and not right:
        return True
    if left.total() != 1 or right.total() != 1:
        return False
    [word], [misspelt] = left, right
    if min(len(word), len(misspelt)) < SLIP_CHARS or word.isdigit() or misspelt.isdigit():
        return False
    return SequenceMatcher(None, word, misspelt, autojunk=False).ratio() >= SLIP_FROM


def alike_groups(names: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Return groups of keys whose names may be one body, each of two or more, in the order given.

    Compares only names that begin or end with the same words: few of many.
    """
    essences = {key: essence(name) for key, name in names}
    group_of: dict[int, int] = {key: key for key in essences}

    def root(key: int) -> int:
        while group_of[key] != key:
            key = group_of[key]
        return key

    for side in (0, -1):
        buckets: dict[str, list[int]] = {}
        for key, words in essences.items():
            if words:
                buckets.setdefault(" ".join(words[:3] if side == 0 else words[-2:]), []).append(key)
        for keys in buckets.values():
            for n, one in enumerate(keys):
                for other in keys[n + 1 :]:
                    if root(one) != root(other) and is_alike(essences[one], essences[other]):
                        group_of[root(other)] = root(one)
    groups: dict[int, list[int]] = {}
    for key in essences:
        groups.setdefault(root(key), []).append(key)
    return [group for group in groups.values() if len(group) > 1]
