"""The door for files that people bring: there, whole, and what their name says they are."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

MAX_UNPACKED_BYTES = 4 * 1024**3  # a bomb or a whole country; both are refused
_CHUNK_BYTES = 1024 * 1024

TABLES = {".csv", ".tsv", ".txt", ".xlsx"}
VECTORS = {".geojson", ".json", ".gpkg", ".shp", ".kml", ".gml", ".fgb", ".tab", ".osm", ".pbf"}


class SourceFileError(DomainError):
    """A file cannot be used at all; nothing of it was stored."""

    code = "common.file_unusable"
    status = 422
    template = _("{name} cannot be read: {reason}")


class FileMissingError(SourceFileError):
    code = "common.file_missing"
    template = _("There is no file {name}. Check the path.")


class FileIsFolderError(SourceFileError):
    code = "common.file_is_folder"
    template = _("{name} is a folder. Name one file; a shapefile goes as one .zip.")


class FileEmptyError(SourceFileError):
    code = "common.file_empty"
    template = _("{name} is empty (0 bytes). Fetch or export it again.")


class FileDamagedError(SourceFileError):
    code = "common.file_damaged"
    template = _("{name} is damaged or was cut off ({reason}). Fetch or export it again.")


class FileTooLargeError(SourceFileError):
    code = "common.file_too_large"
    template = _("{name} unpacks to more than {limit_gb} GB. Split it.")


class FileKindError(SourceFileError):
    code = "common.file_kind"
    template = _(
        "{name} is not what its name says: a {suffix} file was expected, but it holds {found}. "
        "Export it again, or give it its right ending."
    )


class FileKindUnknownError(SourceFileError):
    code = "common.file_kind_unknown"
    template = _("{name}: this kind of file is not read here. Use one of: {known}.")


# First bytes and what they are; the ending that may go with them.
_SIGNATURES: tuple[tuple[bytes, str, set[str]], ...] = (
    (b"PK\x03\x04", "ZIP", {".zip", ".xlsx"}),
    (b"PK\x05\x06", "ZIP", {".zip", ".xlsx"}),
    (b"\x1f\x8b", "gzip", {".gz"}),
    (b"SQLite format 3\x00", "SQLite/GeoPackage", {".gpkg"}),
    (b"\x00\x00\x27\x0a", "Shapefile", {".shp"}),
    (b"fgb", "FlatGeobuf", {".fgb"}),
    (b"\x89PNG", "PNG", set()),
    (b"\xff\xd8\xff", "JPEG", set()),
    (b"GIF8", "GIF", set()),
    (b"%PDF", "PDF", set()),
    (b"II*\x00", "TIFF", set()),
    (b"MM\x00*", "TIFF", set()),
    (b"\xd0\xcf\x11\xe0", "Excel 97-2003 (.xls)", set()),
    (b"Rar!", "RAR", set()),
    (b"7z\xbc\xaf", "7-Zip", set()),
)
_NEEDS_SIGNATURE = {".zip", ".xlsx", ".gz", ".gpkg", ".shp", ".fgb"}
_NEEDS_BRACE = {".geojson", ".json"}
_NEEDS_ANGLE = {".kml", ".gml", ".osm"}


def checked_file(path: Path | str) -> Path:
    """Return ``path`` when it is a whole file of the kind its name says; raises SourceFileError."""
    path = Path(path)
    try:
        if path.is_dir():
            raise FileIsFolderError(name=path.name or str(path))
        if not path.is_file():
            raise FileMissingError(name=str(path))
        if path.stat().st_size == 0:
            raise FileEmptyError(name=path.name)
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise SourceFileError(name=path.name, reason=error.strerror or str(error)) from error
    suffix = path.suffix.lower()
    check_content(path.name, suffix, head)
    if suffix == ".gz":
        _check_gzip(path)
    elif suffix in {".zip", ".xlsx"}:
        _check_zip(path)
    return path


def check_content(name: str, suffix: str, head: bytes) -> None:
    """Raise FileKindError when ``head``, a file's first bytes, cannot begin a ``suffix`` file."""
    if suffix not in TABLES | VECTORS | {".zip", ".gz"}:
        raise FileKindUnknownError(name=name, known=known_endings())
    found = what_it_holds(head)
    matches = {kind for kind, _endings in _matching(head)}
    endings = {ending for _kind, allowed in _matching(head) for ending in allowed}
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    wrong = (
        (bool(matches) and suffix not in endings)
        or (suffix in _NEEDS_SIGNATURE and not matches)
        or (suffix in _NEEDS_BRACE and not text.startswith((b"{", b"[")))
        or (suffix in _NEEDS_ANGLE and not text.startswith(b"<"))
        or (suffix in {".csv", ".tsv", ".txt"} and found in {"HTML/XML", "GeoJSON/JSON", "binary"})
    )
    if wrong:
        raise FileKindError(name=name, suffix=suffix, found=found)


def known_endings() -> str:
    return ", ".join([*sorted(VECTORS | TABLES), ".zip", ".gz"])


def what_it_holds(head: bytes) -> str:
    """Name what a file with these first bytes holds; "text" or "binary" when nothing tells."""
    for kind, _endings in _matching(head):
        return kind
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return "HTML/XML"
    if text.startswith(b"{"):
        return "GeoJSON/JSON"
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return "binary" if b"\x00" in head and not utf16 else "text"


def _matching(head: bytes) -> list[tuple[str, set[str]]]:
    return [(kind, endings) for start, kind, endings in _SIGNATURES if head.startswith(start)]


def _check_gzip(path: Path) -> None:
    size = 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > MAX_UNPACKED_BYTES:
                    raise FileTooLargeError(name=path.name, limit_gb=4)
    except (OSError, EOFError, zlib.error) as error:
        raise FileDamagedError(name=path.name, reason=str(error)) from error
    if size == 0:
        raise FileEmptyError(name=path.name)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise FileTooLargeError(name=path.name, limit_gb=4)
            broken = archive.testzip()
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError) as error:
        raise FileDamagedError(name=path.name, reason=str(error)) from error
    except (RuntimeError, NotImplementedError) as error:  # a password, or a rare compression
        raise SourceFileError(name=path.name, reason=str(error)) from error
    if broken:
        raise FileDamagedError(name=path.name, reason=broken)
