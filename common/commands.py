"""What commands share: the reader's language, the report, the exit code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.rowreport import NOTED, REFUSED, RowRemark, RowReport

SHOWN = {REFUSED: 20, NOTED: 5}  # remarks printed; the rest is in the report file


class FileCommand(BaseCommand):
    """A command that speaks ``--lang`` and ends with a message and code 1 on a DomainError."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--lang", choices=codes, help="language of the messages")

    def handle(self, *args: Any, lang: str | None, **options: Any) -> None:
        with translation.override(lang or settings.LANGUAGE_CODE):
            try:
                self.run(**options)
            except DomainError as error:
                raise CommandError(str(error)) from error

    def run(self, *args: Any, **options: Any) -> None:
        raise NotImplementedError

    def show(self, report: RowReport, *, report_file: str | None) -> None:
        """Print the remarks, refusals first, and write them all to ``report_file``."""
        if report_file:
            try:
                report.write_csv(report_file)
            except OSError as error:
                raise CommandError(
                    _("{name} cannot be written: {reason}").format(
                        name=report_file, reason=error.strerror
                    )
                ) from error
        for notice in report.notices:
            self.stderr.write(notice)
        for outcome, heading in ((REFUSED, _("Refused")), (NOTED, _("To know"))):
            found = [item for item in report.remarks if item.outcome == outcome]
            self._list(found, heading, shown=SHOWN[outcome])

    def _list(self, remarks: list[RowRemark], heading: str, *, shown: int) -> None:
        if not remarks:
            return
        self.stderr.write(f"{heading} ({len({remark.row for remark in remarks})}):")
        for remark in remarks[:shown]:
            self.stderr.write(f"  {remark.line()}")
        if len(remarks) > shown:
            more = _("and {n} more; --report lists them all.").format(n=len(remarks) - shown)
            self.stderr.write(f"  {more}")
