"""What can be wrong with a raster, a table of shares or a run, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class RasterUnreadableError(DomainError):
    code = "maps.raster_unreadable"
    status = 422
    template = _(
        "{filename}: this is not a raster that can be read ({reason}). "
        "Give a GeoTIFF as the publisher offers it."
    )


class RasterEmptyFileError(DomainError):
    code = "maps.raster_empty_file"
    status = 422
    template = _("{filename}: the file holds 0 bytes. Download it again.")


class RasterTruncatedError(DomainError):
    code = "maps.raster_truncated"
    status = 422
    template = _(
        "{filename}: the file is cut off or damaged: rows {first_row} to {last_row} of "
        "{rows} cannot "
        "be read. Download it again and compare the size with the publisher's."
    )


class RasterWithoutCrsError(DomainError):
    code = "maps.raster_without_crs"
    status = 422
    template = _(
        "{filename}: the file does not say its coordinate system. If it is longitude and latitude, "
        "write it into the file (gdal_edit.py -a_srs EPSG:4326) and try again."
    )


class RasterCrsError(DomainError):
    code = "maps.raster_crs"
    status = 422
    template = _(
        "{filename}: the coordinate system is {crs}; it has to be EPSG:4326. Take the publisher's "
        "file in longitude and latitude: warping a count of people does not keep its sum."
    )


class RasterNotNorthUpError(DomainError):
    code = "maps.raster_not_north_up"
    status = 422
    template = _(
        "{filename}: the raster is rotated, mirrored or stands on its head (its transform is "
        "{transform}). Bring it to north-up first."
    )


class RasterBandsError(DomainError):
    code = "maps.raster_band_count"
    status = 422
    template = _(
        "{filename}: the file holds {bands} bands; one is needed, the count of people. "
        "Split the file and give one file per age and sex."
    )


class RasterNodataError(DomainError):
    code = "maps.raster_no_nodata"
    status = 422
    template = _(
        "{filename}: {cells} cells are below 0 (least {least:g}) and the file does not declare a "
        "no-data value. Say which value means no data, for example --nodata {least:g}."
    )


class RasterNegativeError(DomainError):
    code = "maps.raster_negative"
    status = 422
    template = _(
        "{filename}: {cells} cells count fewer than 0 people (least {least:g}; no data is "
        "{nodata}). "
        "A count cannot be negative: take the publisher's file, or correct the no-data value."
    )


class RasterNotFiniteError(DomainError):
    code = "maps.raster_not_finite"
    status = 422
    template = _(
        "{filename}: {cells} cells are not numbers (NaN or infinite) although no data is {nodata}. "
        "Set them to the no-data value and try again."
    )


class RasterNothingError(DomainError):
    code = "maps.raster_nobody"
    status = 422
    template = _(
        "{filename}: nobody lives in this raster: its {cells} cells are all zero or without data."
    )


class RasterDensityError(DomainError):
    code = "maps.raster_density"
    status = 422
    template = _(
        "{filename}: by its name this raster holds people per km², not people per cell. "
        "Take the publisher's file of counts (ppp or pop instead of pd)."
    )


class RasterNameError(DomainError):
    code = "maps.raster_name"
    status = 422
    template = _(
        "{filename}: the file name does not tell {missing}. Say it with {options}, "
        "or give the file the publisher's name back."
    )


class RasterGridsDifferError(DomainError):
    code = "maps.raster_grids_differ"
    status = 422
    template = _(
        "{filename}: its grid is {grid}, that of {other_filename} is {other_grid}. Files of one "
        "dataset must lie on one grid: take all of them from one release."
    )


class RasterSexesMixedError(DomainError):
    code = "maps.raster_sexes_mixed"
    status = 422
    template = _(
        "{filename}: the band {band} comes as both sexes together (t) and again as {others}. "
        "Adding them would count people twice: give t alone, or f and m."
    )


class RasterSexMissingError(DomainError):
    code = "maps.raster_sex_missing"
    status = 422
    template = _(
        "{filename}: the band {band} comes for sex {sex} only. Give the file of the other sex too."
    )


class RasterBandTwiceError(DomainError):
    code = "maps.raster_band_twice"
    status = 422
    template = _(
        "{filename}: it holds the same people as {other_filename} (band {band}, sex {sex}). "
        "Give each band once."
    )


class RasterBandsMissingError(DomainError):
    code = "maps.raster_bands_missing"
    status = 422
    template = _(
        "The files lack the age bands beginning at {missing}. Children under 16 are added up from "
        "the bands 0, 1, 5, 10 and one fifth of 15: give these files too, or the raster of people "
        "of all ages and a table of child shares."
    )


class RasterAgesDifferError(DomainError):
    code = "maps.raster_band_of_other_ages"
    status = 422
    template = _(
        "{filename}: it counts ages {age_from} to {age_to}, which overlaps the band of "
        "another file. "
        "Leave it out."
    )


class RasterYearsDifferError(DomainError):
    code = "maps.raster_years_differ"
    status = 422
    template = _(
        "The files are of different years or sources ({found}). Load each as a dataset of its own."
    )


class DatasetTakenError(DomainError):
    code = "maps.dataset_taken"
    status = 409
    template = _(
        "The dataset {name} already holds other files ({files}). Give this one another --name."
    )


class PopulationFilesError(DomainError):
    """Everything that is wrong with the files of one call; nothing was stored."""

    code = "maps.population_files"
    status = 422
    template = _("Nothing was loaded: {count} problems in {files} files.")


class NoDatasetError(DomainError):
    code = "maps.no_dataset"
    status = 409
    template = _(
        "There is no population dataset to count with{named}. "
        "Load one first: manage.py load_population FILES… --current."
    )


class NoLineageError(DomainError):
    code = "maps.no_lineage"
    status = 409
    template = _(
        "No unit of the level {level} in the set {from_set} has an outline and a later unit with "
        "one in {to_set}. Join the sets first: manage.py load_lineage, or lineage_shares --derive."
    )


class NoBoundarySetError(DomainError):
    code = "maps.no_boundary_set"
    status = 409
    template = _(
        "There is no boundary set{named} with outlines. Load units first: manage.py "
        "load_units FILE."
    )


class NoChildSharesError(DomainError):
    code = "maps.no_child_shares"
    status = 409
    template = _(
        "The dataset {dataset} holds people of all ages, and no child shares are loaded for it. "
        "Load them: manage.py load_child_shares CSV --dataset {dataset} …"
    )


class DistanceOutOfRangeError(DomainError):
    code = "maps.distance_out_of_range"
    status = 422
    template = _(
        "{distance_m} m cannot be used: give distances from {least_m} to {most_m} m. "
        "Nearer than that needs houses instead of a raster, farther says nothing about a child."
    )


class AreaTooLargeError(DomainError):
    code = "maps.area_too_large"
    status = 422
    template = _(
        "{unit} is too large to be worked out while you wait. Choose a commune or another smaller "
        "unit; figures of larger ones stand in the table of children and gaps."
    )


class NoUnitOutlineError(DomainError):
    code = "maps.no_unit_outline"
    status = 422
    template = _(
        "{unit}: no outline is known for this unit or any unit below it. "
        "Load its boundary, or choose another unit."
    )


class UnitNotFoundError(DomainError):
    code = "maps.unit_not_found"
    status = 404
    template = _("There is no unit with code {code} in the boundary set {set_name}.")


class NoSuchLevelError(DomainError):
    code = "maps.no_such_level"
    status = 422
    template = _(
        "The boundary set {set_name} has no units of level {level} with an outline. It has: "
        "{levels}."
    )


class SharesFileError(DomainError):
    code = "maps.shares_file"
    status = 422
    template = _("{filename}: {reason}")


class SharesColumnError(DomainError):
    code = "maps.shares_column"
    status = 422
    template = _("{filename}: there is no column {column}. The columns are: {columns}.")


class SharesNoneError(DomainError):
    code = "maps.shares_none"
    status = 422
    template = _(
        "{filename}: none of the {rows} rows could be used; nothing was loaded. "
        "The first reason: {reason}"
    )


class SharesForBandsError(DomainError):
    code = "maps.shares_for_bands"
    status = 409
    template = _("The dataset {dataset} holds people by age already; it needs no child shares.")


class RunBusyError(DomainError):
    code = "maps.run_busy"
    status = 409
    template = _(
        "The figures are being worked out already; they will stand here when they are done."
    )


class NoClusterError(DomainError):
    code = "maps.no_cluster"
    status = 503
    template = _(
        "The scheduler at {address} does not answer ({reason}). Start it, or leave out --cluster "
        "and EXPOSURE_SCHEDULER: the run is then worked out on this machine."
    )


class NoClusterLibraryError(DomainError):
    code = "maps.no_cluster_library"
    status = 503
    template = _(
        "Runs on several machines need the package distributed. Install it: "
        "pip install -r requirements-cluster.lock"
    )
