"""Photos that come in pieces: kept on disk from the first byte, hashed at the last, never twice.

No row is written until a file is whole, so a slow phone holds no lock and no transaction.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction

from accounts.models import User
from common.keptfiles import keep_file
from field.errors import FileHashError, FileSizeError, OffsetError, StorageFullError
from field.models import ArrivedFile
from field.services.linking import link_arrived
from surveys.photos import sniff
from surveys.services.originals import ORIGINALS

CHUNK_BYTES = 256 * 1024
KEEP_PARTS_DAYS = 30
_MB = 1024 * 1024


def part_path(user: User, sha256: str) -> Path:
    """Return where the pieces of a file lie; the hash was checked to be one."""
    return Path(settings.UPLOAD_PARTS_DIR) / str(user.pk) / f"{sha256}.part"


def offset_of(user: User, sha256: str) -> tuple[int, bool]:
    """Return (bytes that are here, whether the file is whole)."""
    arrived = ArrivedFile.objects.filter(user=user, sha256=sha256).first()
    if arrived is not None:
        return arrived.size_bytes, True
    try:
        return part_path(user, sha256).stat().st_size, False
    except FileNotFoundError:
        return 0, False


def append(
    *, user: User, sha256: str, size_bytes: int, offset: int, body: BinaryIO
) -> tuple[int, bool]:
    """Add bytes at ``offset``; returns (bytes here now, whether the file is whole).

    What arrives before a connection breaks is kept. The bytes are on the disk (fsync) before this
    returns. Raises OffsetError where another offset is due, FileHashError when the whole file is
    another than announced (its pieces are thrown away).
    """
    if not 1 <= size_bytes <= settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES / _MB
        raise FileSizeError(size_mb=size_bytes / _MB, limit_mb=limit)
    here, whole = offset_of(user, sha256)
    if whole:
        return here, True
    if not connection.in_atomic_block:
        connection.close()  # back to the pool: a slow phone may take minutes for what follows
    path = part_path(user, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path) as part:
        here = os.fstat(part.fileno()).st_size
        if offset != here:
            here, whole = offset_of(user, sha256)  # another line of the phone was quicker
            if whole:
                return here, True
            raise OffsetError(offset=here, given=offset)
        try:
            got = _copy(body, part, most=size_bytes - here)
            part.flush()
            os.fsync(part.fileno())
        except OSError as error:  # no room: what was here before stays, and the phone keeps all
            os.ftruncate(part.fileno(), here)
            raise StorageFullError from error
        here += got
        if here < size_bytes:
            return here, False
        _finish(user, sha256, part, path)
    return here, True


def _copy(body: BinaryIO, part: BufferedRandom, *, most: int) -> int:
    """Copy until the end, the limit or a break of the connection; what came counts."""
    copied = 0
    while copied < most:
        try:
            chunk = body.read(min(CHUNK_BYTES, most - copied))
        except OSError:  # the phone lost its signal
            break
        if not chunk:
            break
        part.write(chunk)
        copied += len(chunk)
    return copied


def _finish(user: User, sha256: str, part: BufferedRandom, path: Path) -> None:
    part.seek(0)
    digest = hashlib.file_digest(part, "sha256").hexdigest()
    if digest != sha256:
        size = path.stat().st_size
        path.unlink()
        raise FileHashError(size=size)
    kept = keep_file(File(part, name=sha256), storage_name=ORIGINALS)
    with transaction.atomic():
        file, _is_new = ArrivedFile.objects.get_or_create(
            user=user,
            sha256=sha256,
            defaults={
                "size_bytes": kept.size_bytes,
                "stored_name": kept.name,
                "media_type": sniff.media_type(kept.head) or "",
            },
        )
        link_arrived(file)
    path.unlink(missing_ok=True)  # after the commit: a killed worker finds the pieces again


@contextmanager
def _alone(path: Path) -> Iterator[BufferedRandom]:
    """Open the pieces for one writer at a time; the file that was locked is the one at the path."""
    while True:
        part = path.open("a+b")
        try:
            fcntl.flock(part, fcntl.LOCK_EX)
            if _is_same(part, path):
                yield part
                return
        finally:
            part.close()


def _is_same(part: BufferedRandom, path: Path) -> bool:
    try:
        return os.fstat(part.fileno()).st_ino == path.stat().st_ino
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        return False


def throw_away_old_parts(*, days: int = KEEP_PARTS_DAYS) -> int:
    """Remove pieces that nobody has added to for so many days; returns how many."""
    until, gone = time.time() - days * 86_400, 0
    for path in Path(settings.UPLOAD_PARTS_DIR).glob("*/*.part"):
        if path.stat().st_mtime < until:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
