"""Tell Vietnamese text from what is left of it after a wrong turn between encodings.

Three accidents are known: fonts older than Unicode (TCVN3 and VNI keep Vietnamese in Western
signs), and UTF-8 read as a Windows code page. A word is held against a value only when it is no
Vietnamese syllable as it stands and becomes one when read in the old encoding, so "Hoà", "Thuý",
"m²" and "·" are left alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from common.vietnamese import has_word_case, is_syllable

TCVN3 = "TCVN3 (ABC)"
VNI = "VNI"
MISREAD_UTF8 = "UTF-8 (read as Windows-1252)"

_TCVN3_LETTERS = (
    "\xa1Ă\xa2Â\xa3Ê\xa4Ô\xa5Ơ\xa6Ư\xa7Đ\xa8ă\xa9â\xaaê\xabô\xacơ\xadư\xaeđ"
    "\xb5à\xb6ả\xb7ã\xb8á\xb9ạ\xbbằ\xbcẳ\xbdẵ\xbeắ\xc6ặ\xc7ầ\xc8ẩ\xc9ẫ\xcaấ\xcbậ"
    "\xccè\xceẻ\xcfẽ\xd0é\xd1ẹ\xd2ề\xd3ể\xd4ễ\xd5ế\xd6ệ\xd7ì\xd8ỉ\xdcĩ\xddí\xdeị"
    "\xdfò\xe1ỏ\xe2õ\xe3ó\xe4ọ\xe5ồ\xe6ổ\xe7ỗ\xe8ố\xe9ộ\xeaờ\xebở\xecỡ\xedớ\xeeợ"
    "\xefù\xf1ủ\xf2ũ\xf3ú\xf4ụ\xf5ừ\xf6ử\xf7ữ\xf8ứ\xf9ự\xfaỳ\xfbỷ\xfcỹ\xfdý\xfeỵ"
)
_FROM_TCVN3 = dict(zip(_TCVN3_LETTERS[::2], _TCVN3_LETTERS[1::2], strict=True))

_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_TONE = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_CIRCUMFLEX = {"â": "", "á": _ACUTE, "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVE = {"ê": "", "é": _ACUTE, "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}

_WORDS = re.compile(r"[^\s\d.,;:()/\[\]\"'“”‘’!?&+*=<>|_\\-]+")
_MEASURES = {"µm", "µs", "µg", "µl", "m¹"}


def _from_tcvn3(word: str) -> str:
    return "".join(_FROM_TCVN3.get(c, c if c.isascii() else "\ufffd") for c in word)


def _from_vni(word: str) -> str:
    """Read ``word`` as VNI, where a vowel is followed by the sign for its marks."""
    read: list[str] = []
    for sign in word.lower():
        vowel = read[-1][-1:] if read else ""
        marks = None
        if vowel and vowel in "aeiouyơư":
            marks = _VNI_TONE.get(sign)
        if vowel and vowel in "aeo" and sign in _VNI_CIRCUMFLEX:
            marks = _CIRCUMFLEX + _VNI_CIRCUMFLEX[sign]
        if vowel == "a" and sign in _VNI_BREVE:
            marks = _BREVE + _VNI_BREVE[sign]
        read.append(_VNI_ALONE.get(sign, sign) if marks is None else marks)
    return unicodedata.normalize("NFC", "".join(read))


_BEYOND_LATIN = re.compile("[^\u0000-\u00ff]")
_BEYOND_FONTS = re.compile("[\u0100-\u017f\u01a0-\u01b0\u1ea0-\u1ef9]")  # letters, all of them


@lru_cache(maxsize=10_000)  # a register says the same few words again and again
def _read_as_syllable(word: str) -> tuple[bool, bool]:
    """Say whether a word becomes a syllable when read in TCVN3, and in VNI; never if it is one."""
    if word.isascii() or len(word) < 2 or word.lower() in _MEASURES:
        return False, False
    if not any(c.isascii() and c.isalpha() for c in word):
        return False, False
    if is_syllable(word) and has_word_case(word):
        return False, False
    return is_syllable(_from_tcvn3(word)), is_syllable(_from_vni(word))


def _telling(value: str) -> str | None:
    """Return the old encoding that most telling words of ``value`` point to, or None."""
    votes: Counter[str] = Counter()
    for word in _WORDS.findall(value):
        in_tcvn3, in_vni = _read_as_syllable(word)
        votes[TCVN3] += in_tcvn3
        votes[VNI] += in_vni
    best = max(votes, key=lambda name: votes[name], default=None)
    return best if best and votes[best] else None


def legacy_encoding(value: str) -> str | None:
    """Name the pre-Unicode Vietnamese encoding that ``value`` seems to be in, or None.

    >>> legacy_encoding("®Ëp DÇu TiÕng")
    'TCVN3 (ABC)'
    >>> legacy_encoding("Ñaäp Daàu Tieáng")
    'VNI'
    >>> legacy_encoding("Đập Dầu Tiếng") is None
    True
    """
    if value.isascii():
        return None
    value = unicodedata.normalize("NFC", value)
    if _BEYOND_FONTS.search(value) or any(map(str.isalpha, _BEYOND_LATIN.findall(value))):
        return None  # a letter that neither font has: written in Unicode
    return _telling(value)


def _is_surely_unicode(value: str) -> bool:
    """Say whether a sign of U+1000 to U+1FFF is there, as most marked vowels of Vietnamese are.

    No old font and no Windows code page has one. Told by the first byte of such a sign in UTF-8:
    an import asks this of each name, and a pattern looks at sign after sign.
    """
    return 0xE1 in value.encode(errors="replace")


# How Windows-1252, Windows-1258 and Latin-1 show the second and later bytes of a sign in UTF-8.
_FOLLOWING = re.compile("[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def _byte_of(sign: str) -> bytes:
    """Return the byte that a Windows code page shows as ``sign``; raises UnicodeEncodeError."""
    if ord(sign) < 0x100:
        return bytes([ord(sign)])
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("cp1258")


def is_misread_utf8(value: str) -> bool:
    """Say whether ``value`` is UTF-8 that was read as Windows-1252, Windows-1258 or Latin-1.

    >>> is_misread_utf8("Ä‘áº­p Dáº§u Tiáº¿ng")
    True
    """
    if value.isascii() or _is_surely_unicode(value) or not _FOLLOWING.search(value):
        return False
    try:
        text = b"".join(_byte_of(c) for c in value).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    return text != value


def wrong_encoding(value: str) -> str | None:
    """Name what went wrong with the encoding of ``value``, or None; give the text before tidying.

    Signs that stand for nothing (U+FFFD) count too.
    """
    if value.isascii():
        return None
    if "\ufffd" in value:
        return "?"
    if _is_surely_unicode(value):
        return None
    return MISREAD_UTF8 if is_misread_utf8(value) else legacy_encoding(value)


def column_encoding(values: Iterable[str | None]) -> str | None:
    """Name the old encoding of a whole column, or None: one in ten of its non-ASCII values tells.

    Short names may be right in both ("Hoà" is also "Hồ" in VNI); the column decides for them.
    """
    marked = [value for value in values if value and not value.isascii()]
    votes = Counter(name for value in marked if (name := wrong_encoding(value)))
    name, count = votes.most_common(1)[0] if votes else (None, 0)
    return name if count and count >= max(2, len(marked) / 10) else None


def encoding_of_bytes(data: bytes) -> str:
    """Name the encoding that ``data``, which is not UTF-8, seems to be in.

    Judged by the first 200,000 bytes; "unknown" when nothing tells.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    sample = data[:200_000]
    legacy = _telling(sample.decode("latin-1"))
    modern = _syllable_share(sample.decode("cp1258", errors="replace"))
    if legacy and modern < 0.5:
        return legacy
    return "Windows-1258" if modern >= 0.5 else legacy or "unknown"


def _syllable_share(text: str) -> float:
    """Return the share of the marked words of ``text`` that are Vietnamese syllables, 0 to 1."""
    text = unicodedata.normalize("NFC", text)
    words = [word for word in _WORDS.findall(text) if not word.isascii()]
    good = sum(is_syllable(word) and has_word_case(word) for word in words)
    return good / len(words) if words else 0.0
