"""manage.py check_photos: read every original again and compare it with its hash."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from field.services.audit import audit_originals

SHOWN = 20


class Command(BaseCommand):
    help = "Read the originals of photos and compare them with their hashes; fails if one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--newest", type=int, metavar="N", help="only the N newest photos")

    def handle(self, *, newest: int | None, **options: Any) -> None:
        found = audit_originals(newest=newest)
        for sha256 in found.missing[:SHOWN]:
            self.stderr.write(_("missing: {sha256}").format(sha256=sha256))
        for sha256 in found.changed[:SHOWN]:
            self.stderr.write(_("changed: {sha256}").format(sha256=sha256))
        said = _("{checked} photos read; {missing} missing, {changed} changed.").format(
            checked=found.checked, missing=len(found.missing), changed=len(found.changed)
        )
        if not found.is_well:
            raise CommandError(said)
        self.stdout.write(said)
