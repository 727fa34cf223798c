"""manage.py use_boundary_set: move the register to another set of units."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from hazards.services.boundary_set import use_boundary_set

SHOWN_ROLES = 20


class Command(FileCommand):
    help = "Make a boundary set current: hazards move by place, roles by level and code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("set_name", metavar="NAME")
        parser.add_argument(
            "--near-km",
            type=float,
            default=0.0,
            help="put hazards in no unit under the nearest one up to so many km away",
        )

        parser.add_argument(
            "--despite",
            metavar="REASON",
            default="",
            help="use a set with faults that check_boundary_set calls blocking, for this reason",
        )

    def run(self, *, set_name: str, near_km: float, despite: str, **options: Any) -> None:
        change = use_boundary_set(name=set_name, near_km=near_km, despite=despite)
        for role in change.roles_moved[:SHOWN_ROLES]:
            self.stdout.write(f"  {role}")
        for rows, count in change.left_behind.items():
            self.stderr.write(
                _("Still under units of the former set: {rows}: {n}.").format(rows=rows, n=count)
            )
        self.stdout.write(
            _("{name} is current; hazards moved {hazards}, roles moved {roles}.").format(
                name=set_name, hazards=change.hazards_moved, roles=len(change.roles_moved)
            )
        )
