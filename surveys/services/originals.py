"""Photos exactly as they came from the phone, in the storage "originals"."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from django.core.files import File

from common.keptfiles import KeptFile, keep_file, kept_on_disk

ORIGINALS = "originals"


def store_original(file: File) -> KeptFile:
    """Store the bytes of a photo and return what they are called (common.keptfiles)."""
    return keep_file(file, storage_name=ORIGINALS)


def original_on_disk(name: str) -> AbstractContextManager[Path]:
    """Give a path to read an original from. Raises FileNotFoundError."""
    return kept_on_disk(name, storage_name=ORIGINALS)
