"""Are two names one body, written differently? Pure: no database.

Offices write "Cty TNHH MTV Thuỷ lợi Đồng Nai" and "Công ty Thủy lợi Đồng Nai". Marks, case, legal
forms and usual abbreviations are put aside; what is left must be the same words, one slip aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
    """Say whether two essences may be one body: the same words in the same order, one slip aside.

    "Tân Phú" and "Phú Tân" are two communes, and different numbers are different bodies.
    """
    if not one or len(one) != len(other):
        return False
    apart = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return not apart or (len(apart) == 1 and _is_slip(*apart[0]))


def _is_slip(word: str, other: str) -> bool:
    if min(len(word), len(other)) < SLIP_CHARS or word.isdigit() or other.isdigit():
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= SLIP_FROM


def alike_groups(names: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Return groups of keys whose names may be one body, each of two or more, in the order given.

    Names with the same words but one stand in one bucket, so that of three thousand people's
    committees each is compared with a few.
    """
    essences = {key: essence(name) for key, name in names}
    group_of: dict[int, int] = {key: key for key in essences}

    def root(key: int) -> int:
        while group_of[key] != key:
            key = group_of[key]
        return key

    for bucket in _buckets(essences).values():
        for n, (one, word) in enumerate(bucket):
            for other, another in bucket[n + 1 :]:
                is_one = word == another or _is_slip(word, another)
                if is_one and root(one) != root(other):
                    group_of[root(other)] = root(one)
    groups: dict[int, list[int]] = {}
    for key in essences:
        groups.setdefault(root(key), []).append(key)
    return [group for group in groups.values() if len(group) > 1]


def _buckets(
    essences: Mapping[int, Sequence[str]],
) -> dict[tuple[int, tuple[str, ...]], list[tuple[int, str]]]:
    """Return {(place of the word left out, the other words): [(key, that word)]}."""
    buckets: dict[tuple[int, tuple[str, ...]], list[tuple[int, str]]] = {}
    for key, words in essences.items():
        for n, word in enumerate(words):
            rest = (*words[:n], *words[n + 1 :])
            buckets.setdefault((n, rest), []).append((key, word))
    return buckets
