"""Where bytes are kept: folders of this machine, or a bucket that speaks S3."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from config import env

KINDS: Final = (
    "default",
    "originals",  # bytes as they came from the phone, named by SHA-256, never changed, never public
    "derivatives",  # upright copies without metadata; served through access checks
    "attachments",  # documents of hazards, kept like originals; served through access checks
    "quarantine",  # what phones sent and nobody could read, for an administrator
    "rasters",  # population rasters after registration
)
FOLDERS: Final = {"default": "files"}  # others have the name of their kind


def media_storages(folder: Path) -> dict[str, dict[str, object]]:
    """Return STORAGES for all kinds of files: below ``folder``, or in S3_BUCKET if that is set."""
    bucket = env.text("S3_BUCKET")
    if bucket:
        return bucket_storages(
            bucket,
            endpoint_url=env.text("S3_ENDPOINT_URL"),
            region=env.text("S3_REGION"),
            access_key=env.text("S3_ACCESS_KEY"),
            secret_key=env.text("S3_SECRET_KEY"),
        )
    return {
        kind: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / FOLDERS.get(kind, kind)},
        }
        for kind in KINDS
    }


def bucket_storages(
    bucket: str,
    *,
    endpoint_url: str = "",
    region: str = "",
    access_key: str = "",
    secret_key: str = "",
) -> dict[str, dict[str, object]]:
    """Return STORAGES in a private bucket, a prefix for each kind.

    Names are hashes or ids, so writing a name twice writes the same bytes. Without keys the
    machine's own role is used; without an endpoint, Amazon's.
    """
    common: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": endpoint_url or None,
        "region_name": region or None,
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "addressing_style": "path" if endpoint_url else None,
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
    }
    return {
        kind: {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": common | {"location": FOLDERS.get(kind, kind)},
        }
        for kind in KINDS
    }
