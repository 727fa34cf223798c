"""Keep bytes exactly as they came: write-once, named by SHA-256, on disk for good.

A name is ``ab/cd/<sha256>``: nothing a user says is part of a path.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

CHUNK_BYTES = 256 * 1024
INCOMING = "incoming"  # the folder of a storage where files are written before they have a name
INTERRUPTED_HOURS = 24
HEAD_BYTES = 64  # as many as are needed to tell what a file is


@dataclass(frozen=True)
class KeptFile:
    """``head`` holds the first bytes, enough to tell the type."""

    sha256: str
    name: str
    size_bytes: int
    head: bytes


def name_of(sha256: str) -> str:
    """Return the storage name of a hash.

    >>> name_of("ab12" + "0" * 60)[:10]
    'ab/12/ab12'
    """
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep_file(file: File, *, storage_name: str) -> KeptFile:
    """Store ``file`` and return what it is called; a hash already stored is left untouched.

    When this returns, bytes and directory entry are on the disk (fsync). Reads in chunks.
    """
    storage = storages[storage_name]
    if isinstance(storage, FileSystemStorage):
        return _store_on_disk(file, Path(storage.location))
    return _store_elsewhere(file, storage)


def drop_interrupted(*, hours: int = INTERRUPTED_HOURS) -> int:
    """Remove what a killed process left half-written so long ago; returns how many files.

    Nothing was said of these bytes to anybody: a file is named only once it is whole.
    """
    until, gone = time.time() - hours * 3600, 0
    for alias in settings.STORAGES:
        storage = storages[alias]
        if not isinstance(storage, FileSystemStorage) or not storage.base_location:
            continue
        for part in (Path(storage.location) / INCOMING).glob("*.part"):
            if part.stat().st_mtime < until:
                part.unlink(missing_ok=True)
                gone += 1
    return gone


def _copy(file: File, out: object) -> tuple[str, int, bytes]:
    digest, size_bytes, head = hashlib.sha256(), 0, b""
    file.seek(0)
    for chunk in file.chunks(CHUNK_BYTES):
        digest.update(chunk)
        size_bytes += len(chunk)
        head = head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]
        if out is not None:
            out.write(chunk)  # type: ignore[attr-defined]
    return digest.hexdigest(), size_bytes, head


def _store_on_disk(file: File, root: Path) -> KeptFile:
    incoming = root / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    part = incoming / f"{uuid.uuid4().hex}.part"
    try:
        with part.open("xb") as out:
            sha256, size_bytes, head = _copy(file, out)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(0o440)
        _rename_once(part, root / name_of(sha256))
    finally:
        part.unlink(missing_ok=True)
    return KeptFile(sha256, name_of(sha256), size_bytes, head)


def _rename_once(part: Path, final: Path) -> None:
    """Give the finished file its name unless the name is taken, in one step of the file system."""
    for folder in (final.parent.parent, final.parent):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _fsync_folder(folder.parent)
    try:
        os.link(part, final)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not final.exists():
            part.rename(final)
    _fsync_folder(final.parent)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _store_elsewhere(file: File, storage: Storage) -> KeptFile:
    """For storages that are no file system, such as S3: hash first, then send what is not there."""
    sha256, size_bytes, head = _copy(file, None)
    name = name_of(sha256)
    if not storage.exists(name):
        file.seek(0)
        storage.save(name, file)
    return KeptFile(sha256, name, size_bytes, head)


@contextmanager
def kept_on_disk(name: str, *, storage_name: str) -> Iterator[Path]:
    """Give a path to read a kept file from; a copy where the storage is no file system.

    Raises FileNotFoundError.
    """
    storage = storages[storage_name]
    if isinstance(storage, FileSystemStorage):
        path = Path(storage.path(name))
        if not path.is_file():
            raise FileNotFoundError(name)
        yield path
        return
    with NamedTemporaryFile() as copy, storage.open(name) as original:
        for chunk in original.chunks(CHUNK_BYTES):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
