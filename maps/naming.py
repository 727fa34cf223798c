"""What the file names of population rasters say. Pure: opens nothing, knows no Django.

Publishers put sex, age and year in the name and nowhere else, and each writes it another way:

WorldPop to 2020     vnm_f_0_2020.tif, afg_f_05_2000.tif, vnm_ppp_2020_1km_Aggregated_UNadj.tif
WorldPop from 2015   xxx_f_05_2025_CN_100m_R2025A_v1.tif, nga_T_M_2025_CN_100m_R2025A_v1.tif
HRSL                 vnm_children_under_five_2020.tif, population_vnm_2018-10-01.tif
GHS-POP              GHS_POP_E2030_GLOBE_R2023A_4326_3ss_V1_0_R6_C12.tif
"""

import re
from dataclasses import dataclass, replace
from typing import Final

BAND_STARTS: Final = (0, 1, *range(5, 95, 5))  # first year of life of each band
OLDEST: Final = 120


@dataclass(frozen=True)
class RasterName:
    """What a name tells. ``year`` or ``sex`` are None where it does not tell them.

    sex       f, m, or t for both
    age_from  first year of life of the band, None for people of all ages
    age_to    last year of life of the band
    """

    family: str
    area: str
    year: int | None
    sex: str | None
    age_from: int | None = None
    age_to: int | None = None
    variant: str = ""  # "1km", "100m", "unadj": what tells two datasets of one year apart
    is_density: bool = False


def band_end(age_from: int) -> int:
    """Return the last year of life of the band that begins at ``age_from``.

    >>> [band_end(age) for age in (0, 1, 5, 15, 90)]
    [0, 4, 9, 19, 120]
    """
    if age_from == 0:
        return 0
    if age_from == 1:
        return 4
    return OLDEST if age_from >= 90 else age_from + 4


_AREA = r"(?P<area>[a-z][a-z0-9]*(?:[ -][a-z]+)*)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TAIL = r"(?P<tail>(?:[_ .(-].*)?)"
_PATTERNS: Final = [
    # WorldPop by age and sex, both families: "_CN_" or a release marks the newer one.
    ("worldpop", rf"{_AREA}_(?P<sex>[fmt])_(?P<age>\d{{1,2}})_{_YEAR}{_TAIL}"),
    ("worldpop", rf"{_AREA}_t_(?P<sex>[fm])_{_YEAR}{_TAIL}"),
    ("worldpop", rf"{_AREA}_(?P<what>ppp|pop|pd)_{_YEAR}{_TAIL}"),
    ("worldpop", rf"{_AREA}_(?P<what>ppp|pop|pd)(?P<tail>.*?)_{_YEAR}(?:_.*)?"),
    ("hrsl", rf"{_AREA}_(?P<what>children_under_five|general|men|women)_{_YEAR}{_TAIL}"),
    ("hrsl", rf"(?P<what>population)_{_AREA}_{_YEAR}(?:-\d\d-\d\d)?{_TAIL}"),
    ("ghs_pop", rf"ghs_(?P<what>pop)_[ep]{_YEAR}_(?P<area>[a-z0-9]+){_TAIL}"),
]
_COMPILED: Final = [(family, re.compile(text)) for family, text in _PATTERNS]
_LOOSE_SEX_AGE = re.compile(
    r"[_-](?:(?P<age>\d{1,2})[_-](?P<sex>[fmt])|(?P<sex2>[fmt])[_-](?P<age2>\d{1,2}))(?=[_.-]|$)"
)
_LOOSE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_VARIANT = re.compile(
    r"(?<![a-z0-9])(1km|100m|constrained|unadj|ua|r20\d\d[a-z]|v\d+|r\d+ c\d+)(?![a-z0-9])"
)
_HRSL_SEX: Final = {"men": "m", "women": "f"}


def parse(filename: str) -> RasterName:
    """Read a file name; unknown names come back with family "other" and what tokens they hold.

    >>> parse("vnm_f_05_2020.tif").age_from
    5
    >>> parse("sgp_pop_2015_CN_1km_R2025A_UA_v1.tif").family
    'worldpop_global2'
    """
    stem = re.sub(r"(\.(tiff?|gz|zip|cog))+$", "", filename.strip().lower())
    for family, pattern in _COMPILED:
        match = pattern.fullmatch(stem)
        if match and _age_is_known(match):
            return _named(family, stem, match)
    return _loose(stem)


def _age_is_known(match: re.Match[str]) -> bool:
    age = match.groupdict().get("age")
    return age is None or int(age) in BAND_STARTS


def _named(family: str, stem: str, match: re.Match[str]) -> RasterName:
    found = match.groupdict()
    tail = found.get("tail") or ""
    what = found.get("what") or ""
    name = RasterName(
        family=_worldpop_family(tail) if family == "worldpop" else family,
        area=found["area"],
        year=int(found["year"]),
        sex=found.get("sex") or _HRSL_SEX.get(what, "t"),
        variant=_variant(stem),
        is_density=what == "pd",
    )
    if found.get("age") is not None:
        age = int(found["age"])
        return replace(name, age_from=age, age_to=band_end(age))
    if what == "children_under_five":
        return replace(name, age_from=0, age_to=4)
    return name


def _worldpop_family(tail: str) -> str:
    newer = re.search(r"(?:^|_)(?:cn|uc|r20\d\d[a-z])(?:_|$)", tail)
    return "worldpop_global2" if newer else "worldpop_global1"


def _variant(stem: str) -> str:
    """Return the tokens that tell two files of one area and year apart, in their order."""
    return "-".join(_VARIANT.findall(stem.replace(".", "_").replace("_", " ")))


def _loose(stem: str) -> RasterName:
    """Pick what can be told from a name of no known publisher: "wuhan_worldpop_20_f_crop"."""
    year = _LOOSE_YEAR.search(stem)
    match = _LOOSE_SEX_AGE.search(stem)
    name = RasterName(
        family="other",
        area=re.split(r"[_ .-]", stem, maxsplit=1)[0],
        year=int(year.group()) if year else None,
        sex=None,
    )
    if match is None:
        return name
    age = int(match["age"] or match["age2"])
    if age not in BAND_STARTS:
        return name
    return replace(name, sex=match["sex"] or match["sex2"], age_from=age, age_to=band_end(age))
