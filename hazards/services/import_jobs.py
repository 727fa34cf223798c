"""A file brought on the page: kept, read by the worker, looked through, written or thrown away."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from common.errors import DomainError
from common.rowreport import OUTSIDE, REFUSED, RowReport, without_options
from common.text import tidy
from common.vectors import source_parts
from hazards.errors import ImportBusyError, ImportTooLargeError
from hazards.importing.options import ImportOptions
from hazards.importing.preview import Preview
from hazards.importing.run import import_hazards
from hazards.models import ImportJob, ImportState

MAX_BYTES = 200 * 1024 * 1024
REMARKS_SHOWN = 200
HEAD_ROWS = 50
FIELDS = ("kind_field", "name_field", "lon_field", "lat_field", "x_field", "y_field",
          "source_id_field", "depth_field", "body_field", "lifecycle_field")  # fmt: skip


def bring_file(*, file: File[Any], filename: str, source: str, actor: User) -> ImportJob:
    """Keep a file and read its head; raises SourceFileError when it is no file of rows.

    The choices made for the last file of the same source are taken up where the columns are there.
    """
    if (file.size or 0) > MAX_BYTES:
        raise ImportTooLargeError(
            name=filename, size_mb=(file.size or 0) / 1e6, limit_mb=MAX_BYTES / 1e6
        )
    name = Path(filename).name[:200]
    stored = default_storage.save(f"imports/{uuid.uuid4()}/{name}", file)
    try:
        with _local(stored, name) as path:
            digest = _sha256(path)
            columns = _columns(path)
    except DomainError:
        default_storage.delete(stored)
        raise
    source = tidy(source)
    before = ImportJob.objects.filter(actor=actor, source=source).exclude(asked={}).first()
    asked = {
        key: value
        for key, value in (before.asked if before else {}).items()
        if key not in FIELDS or value in columns
    }
    return ImportJob.objects.create(
        actor=actor, source=source, filename=name, stored_name=stored, sha256=digest,
        columns=columns, asked=asked,
    )  # fmt: skip


@transaction.atomic
def ask(*, job: ImportJob, asked: dict[str, Any]) -> ImportJob:
    """Keep the choices of the form; the worker reads the file with them. Raises ImportBusyError."""
    job = _free(job)
    job.asked = {key: value for key, value in asked.items() if value not in (None, "")}
    job.state, job.message, job.counts, job.preview = ImportState.READING, "", {}, {}
    job.save()
    return job


def read_job(job_id: int) -> None:
    """Read the file without writing, and keep what would become of its rows."""
    job = ImportJob.objects.select_related("actor").get(pk=job_id)
    preview = Preview()
    with translation.override(job.actor.language):
        report = _run(job, preview=preview, dry_run=True, twins="take")
        if report is None:
            return
        job.preview = preview.as_json() | {"remarks": _shown(report), "notices": report.notices}
        _keep_remarks(job, report)
    job.counts, job.state = _counts(report), ImportState.PREVIEW
    job.save()


@transaction.atomic
def confirm(*, job: ImportJob, accept_good: bool, skip_twins: bool = False) -> ImportJob:
    """Have the worker write what was looked through; only good rows when the user says so, and
    without those that are very likely in the register already.
    """
    job = _free(job, ImportState.PREVIEW)
    job.asked |= {"accept_good": accept_good, "twins": "skip" if skip_twins else "take"}
    job.state = ImportState.WRITING
    job.save()
    return job


def write_job(job_id: int) -> None:
    """Write the rows, all in one transaction that can be undone as one batch."""
    job = ImportJob.objects.select_related("actor").get(pk=job_id)
    with translation.override(job.actor.language):
        report = _run(job, accept_good=bool(job.asked.get("accept_good")))
        if report is None:
            return
        _keep_remarks(job, report)
        job.counts, job.finished_at = _counts(report), timezone.now()
        job.state = ImportState.DONE
        if not report.is_written:
            job.state = ImportState.PREVIEW
            job.message = _("Rows are refused now. Take the good rows only, or mend the file.")
        job.save()


@transaction.atomic
def discard(*, job: ImportJob, actor: User) -> None:
    """Throw the file away; nothing of it was written."""
    job = _free(job)
    job.state, job.preview = ImportState.DISCARDED, {}
    job.save()
    record(actor=actor, verb="discard_import", target_kind="import", target_id=job.public_id)
    stored = job.stored_name
    transaction.on_commit(lambda: default_storage.delete(stored))


def remarks_name(job: ImportJob) -> str:
    return f"imports/remarks/{job.public_id}.csv"


def _run(job: ImportJob, *, preview: Preview | None = None, **more: Any) -> RowReport | None:
    """Import with the choices of the job; a file that cannot be used fails the job and says why."""
    words = {key: value for key, value in job.asked.items() if key not in ("accept_good", *more)}
    try:
        with _local(job.stored_name, job.filename) as path:
            options = ImportOptions(path=path, source=job.source, **words, **more)
            report = import_hazards(options, actor=job.actor, preview=preview)
            report.remarks = [one.for_page() for one in report.remarks]
            return report
    except DomainError as error:
        job.state, job.message = ImportState.FAILED, without_options(str(error))
    except Exception:
        job.state = ImportState.FAILED
        job.message = _(
            "Something went wrong while reading; the administrator finds it in the log."
        )
        job.save()
        raise
    job.save()
    return None


def _free(job: ImportJob, *states: str) -> ImportJob:
    fresh = ImportJob.objects.select_for_update().get(pk=job.pk)
    allowed = states or (ImportState.UPLOADED, ImportState.PREVIEW, ImportState.FAILED)
    if fresh.state not in allowed:
        raise ImportBusyError(name=fresh.filename, state=fresh.get_state_display())
    return fresh


@contextmanager
def _local(stored: str, filename: str) -> Iterator[Path]:
    """Copy a kept file to where GDAL can open it, under its own name."""
    with tempfile.TemporaryDirectory(prefix="safeshore-import-") as folder:
        path = Path(folder) / filename
        with default_storage.open(stored) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield path


def _sha256(path: Path) -> str:
    stream: BinaryIO
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _columns(path: Path) -> list[str]:
    with closing(source_parts(path, rows_at_once=HEAD_ROWS)) as parts:
        return next(parts).column_names


def _counts(report: RowReport) -> dict[str, int]:
    names = ("rows", "taken", "updated", "unchanged", "outside", "refused")
    return {name: getattr(report, name) for name in names}


def _shown(report: RowReport) -> list[dict[str, Any]]:
    order = {REFUSED: 0, OUTSIDE: 1}
    remarks = sorted(report.remarks, key=lambda one: (order.get(one.outcome, 2), one.row))
    return [vars(remark) for remark in remarks[:REMARKS_SHOWN]]


def _keep_remarks(job: ImportJob, report: RowReport) -> None:
    text = io.StringIO(newline="")
    text.write("\ufeff")
    report.write_remarks(text)
    name = remarks_name(job)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(text.getvalue().encode("utf-8")))


__all__ = ["ask", "bring_file", "confirm", "discard", "read_job", "remarks_name", "write_job"]
