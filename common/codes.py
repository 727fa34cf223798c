"""Codes that people read over the phone: digits with a check digit.

The check digit is Damm's: it catches every single wrong digit and every swap of two neighbours.
"""

from functools import lru_cache

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _after(interim: int, digits: str) -> int:
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


@lru_cache(maxsize=256)
def _checks(head: int) -> list[int]:
    """Return the check digits of the thousand numbers that share all but their last digits."""
    begun = _after(0, f"{head:04d}")
    return [_after(begun, f"{last:03d}") for last in range(1000)]


def make_code(number: int, prefix: str = "AT") -> str:
    """Return the code of a running number: ``AT-0001234-C``, C being the check digit.

    >>> make_code(572)
    'AT-0000572-4'
    """
    head, last = divmod(number, 1000)
    return f"{prefix}-{number:07d}-{_checks(head)[last]}"


def is_code(text: str, prefix: str = "AT") -> bool:
    """Say whether ``text`` is a code with a right check digit; dashes and case do not matter."""
    bare = text.upper().replace("-", "").replace(" ", "").removeprefix(prefix)
    return bare.isdigit() and len(bare) >= 8 and _after(0, bare) == 0
