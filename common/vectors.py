"""The one place that opens vector files and tables: path in, SourceTable out."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Generator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pyogrio.errors import CRSError as OgrCrsError
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from common.sourcefile import (
    TABLES,
    VECTORS,
    FileDamagedError,
    FileKindUnknownError,
    SourceFileError,
    check_content,
    checked_file,
    known_endings,
)
from common.sourcetable import SourceTable
from common.tables import NoRowsError, csv_parts, parse_csv, read_csv, read_xlsx

_OGR_ERRORS = (
    DataSourceError,
    DataLayerError,
    FieldError,
    GeometryError,
    OgrCrsError,
    UnicodeDecodeError,
    RuntimeError,
    ValueError,
)


class LayerError(SourceFileError):
    code = "common.layer"
    template = _("{name} has several layers. Choose one (--layer): {layers}.")


class LayerMissingError(SourceFileError):
    code = "common.layer_missing"
    template = _("{name} has no layer {layer}. It has: {layers}.")


class ShapefilePartError(SourceFileError):
    code = "common.shapefile_part"
    template = _("{name} lacks {part}: a shapefile is .shp, .shx and .dbf together, in one .zip.")


def read_source(path: Path | str, *, layer: str | None = None) -> SourceTable:
    """Return the rows of a vector file or table; raises SourceFileError with one clear message.

    Takes .geojson .gpkg .shp .kml .gml .fgb .tab .osm.pbf .csv .xlsx, the first packed as .zip or
    .gz too. Reads it whole. ``layer`` names a layer, or a sheet of a workbook.
    """
    path = checked_file(path)
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return _read_gzip(path, layer)
    if suffix == ".zip":
        return _read_zip(path, layer)
    if suffix == ".xlsx":
        return read_xlsx(path, sheet=layer)
    if suffix in TABLES:
        return read_csv(path)
    if suffix == ".shp":
        _need_parts(path.name, {item.name.lower() for item in path.parent.iterdir()}, path.stem)
        with path.open("rb") as file:
            _check_length(path.name, file.read(100), path.stat().st_size)
    return _read_ogr(str(path.resolve()), path.name, suffix, layer)


def source_parts(
    path: Path | str, *, layer: str | None = None, rows_at_once: int
) -> Generator[SourceTable]:
    """Yield the rows of a file as :func:`read_source` reads it, tables of text a part at a time.

    All other kinds of file come whole: their shapes are read by GDAL in one go.
    """
    path = checked_file(path)
    packed = path.suffix.lower() == ".gz"
    suffix = Path(path.stem if packed else path.name).suffix.lower()
    if suffix in TABLES - {".xlsx"}:
        yield from csv_parts(path, rows_at_once=rows_at_once)
    else:
        yield read_source(path, layer=layer)


def _read_gzip(path: Path, layer: str | None) -> SourceTable:
    inner = Path(path.stem).suffix.lower()
    if inner in TABLES - {".xlsx"}:
        return read_csv(path)
    if inner not in VECTORS - {".shp", ".tab", ".gpkg"}:
        raise FileKindUnknownError(name=path.name, known=known_endings())
    return _read_ogr(f"/vsigzip/{path.resolve()}", path.name, inner, layer)


def _read_zip(path: Path, layer: str | None) -> SourceTable:
    """Return the rows of the one data file in an archive; ``layer`` chooses among several."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not _is_clutter(name)]
        usable = [
            name for name in names if _suffix(name) in (VECTORS | {".csv", ".tsv"}) - {".tab"}
        ]
        chosen = [name for name in usable if layer and PurePosixPath(name).stem == layer] or usable
        if not chosen:
            raise SourceFileError(name=path.name, reason=str(_("it holds no vector file or table")))
        if len(chosen) > 1:
            raise LayerError(
                name=path.name, layers=", ".join(PurePosixPath(name).stem for name in chosen)
            )
        inside, suffix = chosen[0], _suffix(chosen[0])
        with archive.open(inside) as file:
            check_content(f"{path.name}/{inside}", suffix, file.read(4096))
        if suffix in TABLES:
            return parse_csv(archive.read(inside), path.name)
        if suffix == ".shp":
            with archive.open(inside) as file:
                _check_length(path.name, file.read(100), archive.getinfo(inside).file_size)
    if suffix == ".shp":
        _need_parts(
            path.name,
            {PurePosixPath(name).name.lower() for name in names},
            PurePosixPath(inside).stem,
        )
        layer = None
    return _read_ogr(f"/vsizip/{path.resolve()}/{inside}", path.name, suffix, layer)


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.endswith("/") or "__MACOSX" in parts or parts[-1].startswith(".")


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _need_parts(name: str, present: set[str], stem: str) -> None:
    for part in (".shx", ".dbf"):
        if f"{stem}{part}".lower() not in present:
            raise ShapefilePartError(name=name, part=part)


def _check_length(name: str, head: bytes, size_bytes: int) -> None:
    """Hold a .shp against the length its head states (16-bit words, big-endian, at byte 24)."""
    stated = int.from_bytes(head[24:28], "big") * 2
    if len(head) < 100 or stated > size_bytes:
        raise FileDamagedError(name=name, reason=f"{size_bytes} < {stated} bytes")


def _read_ogr(address: str, name: str, suffix: str, layer: str | None) -> SourceTable:
    """Read one layer through OGR. GDAL's remarks are not warnings of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            layer = _choose_layer(address, name, layer)
            info = pyogrio.read_info(address, layer=layer)
            meta, _fids, wkb, values = _read_rows(address, layer, info)
        except _OGR_ERRORS as error:
            raise SourceFileError(name=name, reason=_short(error, address, name)) from error
    shapes, broken = _shapes(wkb, len(values[0]) if values else 0)
    if len(shapes) == 0:
        raise NoRowsError(name=name)
    columns = {
        str(field): np.asarray(column, dtype=object)
        for field, column in zip(meta["fields"], values, strict=True)
    }
    return SourceTable(
        name=name,
        columns=columns,
        rows=np.arange(1, len(shapes) + 1, dtype=np.int64),
        shapes=shapes,
        broken=broken,
        crs=_crs(meta.get("crs")),
        crs_is_stated=suffix not in {".geojson", ".json"} or meta.get("crs") != "EPSG:4326",
    )


def _choose_layer(address: str, name: str, layer: str | None) -> str:
    layers = [str(title) for title, kind in pyogrio.list_layers(address) if kind is not None]
    if layer is not None:
        if layer not in layers:
            raise LayerMissingError(name=name, layer=layer, layers=", ".join(layers) or "-")
        return layer
    if not layers:
        raise SourceFileError(name=name, reason=str(_("it has no layer with shapes")))
    if len(layers) > 1:
        raise LayerError(name=name, layers=", ".join(layers))
    return layers[0]


def _read_rows(address: str, layer: str, info: dict[str, Any]) -> tuple[Any, ...]:
    """Read all rows; a DBF that does not name its encoding is tried as UTF-8 first."""
    if info["driver"] == "ESRI Shapefile" and info["encoding"] != "UTF-8":
        try:
            return tuple(pyogrio.raw.read(address, layer=layer, encoding="UTF-8"))
        except (UnicodeDecodeError, *_OGR_ERRORS):
            pass
    return tuple(pyogrio.raw.read(address, layer=layer))


def _shapes(
    wkb: NDArray[np.object_] | None, count: int
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the shapes, None where absent or unreadable, and which of them are unreadable."""
    if wkb is None:
        return np.full(count, None, dtype=object), np.zeros(count, dtype=bool)
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    given = np.array([item is not None for item in wkb], dtype=bool)
    return shapes, given & shapely.is_missing(shapes)


def _crs(text: str | None) -> CRS | None:
    if not text:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    return crs if crs.is_geographic or crs.is_projected or crs.is_bound or crs.is_compound else None


def _short(error: Exception, address: str, name: str) -> str:
    """Return GDAL's reason on one line, without paths of this machine."""
    text = " ".join(str(error).split()).replace(address, name)
    return text[:300]
