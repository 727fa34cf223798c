"""Which files together give people, and children under 16, without counting anybody twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from common.errors import DomainError
from maps import errors
from maps.naming import RasterName
from maps.rasters import RasterFacts

# Band -> part of it that is under 16: of 15-19 one year in five, taken as even (an estimate).
UNDER_16: Final = {0: 1.0, 1: 1.0, 5: 1.0, 10: 1.0, 15: 0.2}
ALL_BANDS: Final = frozenset({0, 1, *range(5, 85, 5)})  # both families reach at least 80


@dataclass(frozen=True)
class CheckedFile:
    """One file of a call after its own checks. ``sex`` and ``year`` are settled."""

    path: Path
    name: RasterName
    facts: RasterFacts

    @property
    def filename(self) -> str:
        return self.path.name

    @property
    def sex(self) -> str:
        return self.name.sex or "t"

    @property
    def band(self) -> str:
        return "-" if self.name.age_from is None else str(self.name.age_from)


def problems_together(files: Sequence[CheckedFile]) -> list[DomainError]:
    """Say what is wrong with the files as one dataset; empty when they fit together."""
    return [
        *_different_grids(files),
        *_different_origins(files),
        *_twice(files),
        *_sexes(files),
        *_odd_ages(files),
        *_missing_bands(files),
    ]


def has_bands(files: Sequence[CheckedFile]) -> bool:
    return any(file.name.age_from is not None for file in files)


def _grid_text(facts: RasterFacts) -> str:
    grid = facts.grid
    return (
        f"{grid.cols} x {grid.rows} cells of {grid.dlon_deg:.8g} x {grid.dlat_deg:.8g} deg "
        f"from {grid.west_deg:.6f} E, {grid.north_deg:.6f} N"
    )


def _different_grids(files: Sequence[CheckedFile]) -> list[DomainError]:
    first = files[0]
    return [
        errors.RasterGridsDifferError(
            filename=file.filename,
            grid=_grid_text(file.facts),
            other_filename=first.filename,
            other_grid=_grid_text(first.facts),
        )
        for file in files[1:]
        if not file.facts.grid.same_as(first.facts.grid)
    ]


def _different_origins(files: Sequence[CheckedFile]) -> list[DomainError]:
    origins = sorted({f"{file.name.family} {file.name.year}" for file in files})
    return [errors.RasterYearsDifferError(found=", ".join(origins))] if len(origins) > 1 else []


def _twice(files: Sequence[CheckedFile]) -> list[DomainError]:
    seen: dict[tuple[str, str], CheckedFile] = {}
    found: list[DomainError] = []
    for file in files:
        earlier = seen.setdefault((file.sex, file.band), file)
        if earlier is not file:
            found.append(
                errors.RasterBandTwiceError(
                    filename=file.filename,
                    other_filename=earlier.filename,
                    band=file.band,
                    sex=file.sex,
                )
            )
    return found


def _sexes(files: Sequence[CheckedFile]) -> list[DomainError]:
    found: list[DomainError] = []
    for band, group in groupby(sorted(files, key=lambda file: file.band), lambda file: file.band):
        members = list(group)
        sexes = {file.sex for file in members}
        if "t" in sexes and len(sexes) > 1:
            both = next(file for file in members if file.sex == "t")
            others = ", ".join(sorted(file.filename for file in members if file.sex != "t"))
            found.append(
                errors.RasterSexesMixedError(filename=both.filename, band=band, others=others)
            )
        elif len(sexes) == 1 and "t" not in sexes:
            found.append(
                errors.RasterSexMissingError(
                    filename=members[0].filename, band=band, sex=members[0].sex
                )
            )
    return found


def _odd_ages(files: Sequence[CheckedFile]) -> list[DomainError]:
    """Refuse a band that is no WorldPop band beside those that are (HRSL's 0 to 4)."""
    return [
        errors.RasterAgesDifferError(
            filename=file.filename, age_from=file.name.age_from, age_to=file.name.age_to
        )
        for file in files
        if file.name.age_from == 0 and file.name.age_to != 0
        if any(other.name.age_from in (1, 5) for other in files)
    ]


def _missing_bands(files: Sequence[CheckedFile]) -> list[DomainError]:
    ages = {file.name.age_from for file in files} - {None}
    ends = {file.name.age_from: file.name.age_to for file in files}
    if not ages:
        return []
    missing = [age for age in UNDER_16 if age not in ages]
    if ends.get(0, 0) == 4 and 1 in missing:
        missing.remove(1)  # one file of ages 0 to 4
    if not missing:
        return []
    return [errors.RasterBandsMissingError(missing=", ".join(map(str, missing)))]
