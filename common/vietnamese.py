"""Which letter groups are Vietnamese syllables: the ground for telling text from garbage."""

import re
import unicodedata

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ONSET = re.compile(r"^(ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?(.*)$")
_RIME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi
    om on ong op ot ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu
"""
_RIMES = frozenset(_RIME_LIST.split())
_STOPPED = re.compile(r"(c|ch|p|t)$")  # such a syllable takes only the acute or the dot
_FRONT = ("e", "ê", "i", "y")


def split_tone(word: str) -> tuple[str, str]:
    """Return ``word`` in lower case without its tone marks, and those marks.

    >>> split_tone("Đập")
    ('đâp', '\\u0323')
    """
    parts = unicodedata.normalize("NFD", word.lower())
    marks = "".join(c for c in parts if c in _TONES)
    bare = "".join(c for c in parts if c not in _TONES)
    return unicodedata.normalize("NFC", bare), marks


def is_syllable(word: str) -> bool:
    """Say whether ``word`` is spelled as a Vietnamese syllable ("Hoà" and "Hòa" both are).

    >>> is_syllable("Nghiêm"), is_syllable("ñaäp"), is_syllable("xaõ")
    (True, False, False)
    """
    bare, marks = split_tone(word)
    found = _ONSET.match(bare)
    if found is None or len(marks) > 1:
        return False
    onset, rime = found.group(1) or "", found.group(2)
    if onset == "gi" and rime not in _RIMES:
        onset, rime = "g", "i" + rime  # "gì", "giêng"
    if rime not in _RIMES or not _spelling_agrees(onset, rime):
        return False
    # -1: on the u of "qu" or the i of "gi", as many write
    if marks and _toned_letter(word) - len(onset) not in {*_tone_places(rime), -1}:
        return False
    return not (_STOPPED.search(rime) and marks and marks not in "\u0301\u0323")


def _toned_letter(word: str) -> int:
    """Return the place of the letter of ``word`` that carries the tone."""
    letters = unicodedata.normalize("NFC", word)
    return next(i for i, c in enumerate(letters) if _TONES & set(unicodedata.normalize("NFD", c)))


def _tone_places(rime: str) -> set[int]:
    """Return where the tone of ``rime`` may stand."""
    vowels = rime.rstrip("cghmnpt")
    marked = [i for i, c in enumerate(vowels) if c in "ăâêôơư"]
    if vowels in {"oa", "oe", "uy"} and vowels == rime:
        return {0, 1}
    if vowels in {"ưu", "ưa"}:
        return {0}
    if marked:
        return {marked[-1]}
    if len(vowels) == 3:
        return {1}
    return {1} if len(vowels) == 2 and vowels != rime else {0}


def _spelling_agrees(onset: str, rime: str) -> bool:
    """c, g, ng before back vowels; k, gh, ngh before e, ê, i, y ("gi" and "kạn" aside)."""
    front = rime.startswith(_FRONT)
    if onset in {"c", "ng"}:
        return not front
    if onset in {"gh", "ngh"}:
        return front
    if onset == "g":
        return not front or rime.startswith("i")
    return True


def has_word_case(word: str) -> bool:
    """Say whether ``word`` is written small, Capitalised or LARGE, as people write words."""
    return word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())
