"""Registering population rasters: all files of a call, or none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import Polygon
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from common.errors import DomainError
from maps import errors, naming, pictures, rasters
from maps.models import PopulationDataset, PopulationRaster
from maps.remarks import remark
from maps.services.bands import ALL_BANDS, CheckedFile, has_bands, problems_together
from places.selectors import current_set, finest_levels

LICENCES: Final = {
    "worldpop_global1": "CC BY 4.0, WorldPop",
    "worldpop_global2": "CC BY 4.0, WorldPop",
    "hrsl": "CC BY 4.0, Meta and CIESIN",
    "ghs_pop": "CC BY 4.0, European Commission, JRC",
}
NEGLIGIBLE_SHARE: Final = 1e-6  # of a unit's area
UNITS_NAMED: Final = 12  # of those that the raster does not cover; the others are only counted


@dataclass(frozen=True)
class FileOptions:
    """What the caller says where the file names do not.

    year      of all files
    nodata    value that means no data in files that declare none
    measures  "total": unknown names are people of all ages and both sexes
    """

    year: int | None = None
    nodata: float | None = None
    measures: str = ""


@dataclass(frozen=True)
class DatasetOptions:
    name: str = ""
    title: str = ""
    is_current: bool = False
    is_synthetic: bool = False
    water_policy: str = ""


@dataclass(frozen=True)
class Registered:
    dataset: PopulationDataset
    is_new: bool
    warnings: list[dict[str, Any]] = field(default_factory=list)


def register_population(
    *,
    paths: Sequence[Path],
    options: FileOptions = FileOptions(),
    dataset: DatasetOptions = DatasetOptions(),
    actor: User | None = None,
    progress: Callable[[Sequence[Path]], Any] = lambda paths: paths,
) -> Registered:
    """Check the files, copy them, and register them as one dataset; a repeat changes nothing.

    Raises PopulationFilesError with every problem found; then nothing was stored.
    """
    checked = check_files(paths, options, progress)
    name = dataset.name or _default_name(checked)
    known = PopulationDataset.objects.filter(name=name).first()
    if known is not None:
        return _known(known, checked, dataset)
    new_names = _store_all(checked)
    try:
        with transaction.atomic():
            made = _create(name, checked, dataset, actor)
    except BaseException:
        for stored in new_names:
            rasters.store().delete(stored)
        raise
    return Registered(made, is_new=True, warnings=made.facts["warnings"])


def check_files(
    paths: Sequence[Path],
    options: FileOptions,
    progress: Callable[[Sequence[Path]], Any] = lambda paths: paths,
) -> list[CheckedFile]:
    """Check each file and then all together; raises PopulationFilesError naming all problems."""
    checked: list[CheckedFile] = []
    problems: list[DomainError] = []
    for path in progress(paths):
        try:
            checked.append(_check_file(path, options))
        except DomainError as problem:
            problems.append(problem)
    if not problems:
        problems = problems_together(checked)
    if problems:
        raise errors.PopulationFilesError(problems=problems, count=len(problems), files=len(paths))
    return checked


def _check_file(path: Path, options: FileOptions) -> CheckedFile:
    if not path.is_file():
        raise errors.RasterUnreadableError(filename=path.name, reason=_("there is no such file"))
    name = naming.parse(path.name)
    facts = rasters.inspect(path, filename=path.name, nodata=options.nodata)
    if name.is_density:
        raise errors.RasterDensityError(filename=path.name)
    return CheckedFile(path, _completed(path.name, name, options), facts)


def _completed(filename: str, name: naming.RasterName, options: FileOptions) -> naming.RasterName:
    if name.sex is None and name.age_from is None and options.measures == "total":
        name = replace(name, sex="t")
    name = replace(name, year=options.year or name.year)
    missing = []
    if name.year is None:
        missing.append((_("the year"), "--year"))
    if name.sex is None:
        missing.append((_("who is counted"), "--measures total"))
    if missing:
        raise errors.RasterNameError(
            filename=filename,
            missing=", ".join(str(what) for what, _option in missing),
            options=" ".join(option for _what, option in missing),
        )
    return name


def _default_name(checked: Sequence[CheckedFile]) -> str:
    name = checked[0].name
    holds = "bands" if has_bands(checked) else "total"
    return slugify(f"{name.area} {name.year} {name.family} {holds} {name.variant}")[:80]


def _known(
    known: PopulationDataset, checked: Sequence[CheckedFile], dataset: DatasetOptions
) -> Registered:
    held = set(known.rasters.values_list("sha256", flat=True))
    if held != {file.facts.sha256 for file in checked}:
        files = ", ".join(known.rasters.values_list("filename", flat=True))
        raise errors.DatasetTakenError(name=known.name, files=files)
    if dataset.is_current and not known.is_current:
        make_dataset_current(dataset=known)
    if dataset.water_policy and dataset.water_policy != known.water_policy:
        known.water_policy = dataset.water_policy
        known.save(update_fields=["water_policy", "updated_at"])
    return Registered(known, is_new=False, warnings=known.facts.get("warnings", []))


@transaction.atomic
def make_dataset_current(*, dataset: PopulationDataset) -> None:
    """Make ``dataset`` the one that pages and the live figures count with."""
    PopulationDataset.objects.filter(is_current=True).update(is_current=False)
    PopulationDataset.objects.filter(pk=dataset.pk).update(is_current=True)
    dataset.is_current = True


def _store_all(checked: Sequence[CheckedFile]) -> list[str]:
    """Copy every file; returns the names that are new, so that they can be taken back."""
    new: list[str] = []
    try:
        for file in checked:
            name, is_new = rasters.store_tiled(file.path, file.facts)
            if is_new:
                new.append(name)
            new += _store_preview(file)
    except BaseException:
        for name in new:
            rasters.store().delete(name)
        raise
    return new


def _store_preview(file: CheckedFile) -> list[str]:
    name = rasters.preview_name_of(file.facts.sha256)
    if rasters.store().exists(name):
        return []
    grid = file.facts.grid
    factor = max(1, -(-max(grid.shape) // pictures.LONGEST_SIDE))
    picture = rasters.read_summed(rasters.stored_name_of(file.facts.sha256), grid, factor)
    return [rasters.store().save(name, ContentFile(pictures.draw_png(picture)))]


def _create(
    name: str, checked: Sequence[CheckedFile], options: DatasetOptions, actor: User | None
) -> PopulationDataset:
    first = checked[0].name
    measures = PopulationDataset.Measures
    made = PopulationDataset.objects.create(
        name=name,
        title=options.title,
        family=first.family,
        year=first.year or 0,  # every name without a year was refused
        measures=measures.BANDS if has_bands(checked) else measures.TOTAL,
        licence=LICENCES.get(first.family, ""),
        is_synthetic=options.is_synthetic,
        water_policy=options.water_policy or PopulationDataset.WaterPolicy.KEEP,
        facts={"warnings": _warnings(checked)},
    )
    PopulationRaster.objects.bulk_create(_row(made, file) for file in checked)
    if options.is_current or not PopulationDataset.objects.filter(is_current=True).exists():
        make_dataset_current(dataset=made)
    record(
        actor=actor,
        verb="load_population",
        target_kind="population_dataset",
        target_id=made.pk,
        name=name,
        files={file.filename: file.facts.sha256 for file in checked},
    )
    return made


def _row(dataset: PopulationDataset, file: CheckedFile) -> PopulationRaster:
    facts, grid = file.facts, file.facts.grid
    return PopulationRaster(
        dataset=dataset,
        filename=file.filename,
        stored_name=rasters.stored_name_of(facts.sha256),
        sha256=facts.sha256,
        sex=file.sex,
        age_from=file.name.age_from,
        age_to=file.name.age_to,
        rows=grid.rows,
        cols=grid.cols,
        west_deg=grid.west_deg,
        north_deg=grid.north_deg,
        cell_width_deg=grid.dlon_deg,
        cell_height_deg=grid.dlat_deg,
        nodata=facts.nodata if _is_storable(facts.nodata) else None,
        nodata_is_declared=facts.nodata_declared,
        people_total=facts.people,
        facts={
            "bytes": facts.size_bytes,
            "dtype": facts.dtype,
            "settled_cells": facts.settled_cells,
            "missing_cells": facts.missing_cells,
            "most_in_a_cell": facts.most_in_a_cell,
        },
    )


def _is_storable(nodata: float | None) -> bool:
    """NaN stands in the file; in the table it would only break comparisons."""
    return nodata is not None and nodata == nodata


def _warnings(checked: Sequence[CheckedFile]) -> list[dict[str, Any]]:
    found = []
    for file in checked:
        if not file.facts.nodata_declared and file.facts.nodata is None:
            found.append(remark("nodata_not_declared", filename=file.filename))
        if file.facts.looks_like_density:
            most = file.facts.most_in_a_cell
            found.append(remark("looks_like_density", filename=file.filename, most=most))
    ages = {file.name.age_from for file in checked}
    if None not in ages and not ages >= ALL_BANDS:
        found.append(remark("no_adults"))
    return [*found, *_units_not_covered(checked[0].facts)]


def _units_not_covered(facts: rasters.RasterFacts) -> list[dict[str, Any]]:
    """Name the units of the current set that reach beyond the raster, with the part outside."""
    boundary_set = current_set()
    if boundary_set is None:
        return []
    box = Polygon.from_bbox(facts.grid.bounds)
    box.srid = 4326
    shares = [
        (1 - unit.geometry.intersection(box).area / unit.geometry.area, unit)
        for unit in finest_levels(boundary_set).exclude(geometry__within=box)
        if unit.geometry
    ]
    beyond = sorted(
        ((share, unit) for share, unit in shares if share > NEGLIGIBLE_SHARE),
        key=lambda pair: (-pair[0], pair[1].tree_left),
    )
    if not beyond:
        return []
    named = [f"{unit} ({unit.code}): {share * 100:.1f} %" for share, unit in beyond[:UNITS_NAMED]]
    more = " …" if len(beyond) > UNITS_NAMED else ""
    return [remark("units_beyond", count=len(beyond), units="; ".join(named) + more)]
