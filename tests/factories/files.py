"""Small files as people bring them: GeoJSON, GeoPackage, Shapefile, CSV, XLSX."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio.raw
import shapely

Row = tuple[Mapping[str, Any], shapely.Geometry | None]


def write_geojson(path: Path, rows: Iterable[Row], **members: Any) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": dict(words),
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for words, shape in rows
    ]
    content = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_ogr(path: Path, rows: Sequence[Row], *, crs: str | None, kind: str, **more: Any) -> Path:
    """Write a GeoPackage or Shapefile, by the ending of ``path``; all rows have the same words."""
    fields = list(rows[0][0])
    columns = [np.array([words[name] for words, _ in rows], dtype=object) for name in fields]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # that is what we want
        pyogrio.raw.write(
            path,
            geometry=np.array([shapely.to_wkb(shape) for _words, shape in rows], dtype=object),
            field_data=columns,
            fields=np.array(fields, dtype=object),
            crs=crs,
            geometry_type=kind,
            **more,
        )
    return path


def zip_shapefile(shp: Path, *, leave_out: Sequence[str] = ()) -> Path:
    """Pack a shapefile's parts into ``NAME.zip`` beside it."""
    packed = shp.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(shp.parent.glob(f"{shp.stem}.*")):
            if part.suffix not in {".zip", *leave_out}:
                archive.write(part, part.name)
    return packed


def write_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path: Path, lines: Iterable[Sequence[Any]], *, sheet: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for line in lines:
        page.append(list(line))
    book.save(path)
    return path


def square(west: float, south: float, side: float = 0.1) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)
