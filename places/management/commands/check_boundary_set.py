"""manage.py check_boundary_set NAME"""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

import shapely
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.lineage.checks import Fault, check_for_use, check_set

SHOWN = 30


class Command(FileCommand):
    help = "Look a boundary set through before it goes live; ends with code 1 when a fault blocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("set_name", metavar="NAME")
        parser.add_argument("--level", help="this level alone; else all that waters would lie in")
        parser.add_argument("--geojson", type=Path, metavar="FILE", help="faults for a map")

    def run(
        self, *, set_name: str, level: str | None, geojson: Path | None, **options: Any
    ) -> None:
        faults = check_set(set_name, level) if level else check_for_use(set_name)
        for fault in faults[:SHOWN]:
            names = " + ".join(f"{unit.code} {unit.full_name}" for unit in fault.units[:2])
            words = f"{fault.severity.label}\t{fault.kind.label}"
            self.stdout.write(f"{words}\t{names}\t{fault.text}")
        if len(faults) > SHOWN:
            self.stdout.write(_("and {n} more.").format(n=len(faults) - SHOWN))
        if geojson is not None:
            geojson.write_text(json.dumps(_as_geojson(faults), ensure_ascii=False), "utf-8")
        counts = Counter((fault.severity, fault.kind) for fault in faults)
        said = ", ".join(
            f"{severity.label}, {kind.label}: {n}" for (severity, kind), n in counts.items()
        )
        self.stdout.write(f"{set_name}: {said or _('no fault found')}")
        if any(fault.blocks for fault in faults):
            raise CommandError(_("The set has faults that must be mended before it goes live."))


def _as_geojson(faults: list[Fault]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(fault.shape)) if fault.shape else None,
            "properties": {
                "severity": fault.severity,
                "kind": fault.kind,
                "units": [unit.code for unit in fault.units],
                "area_m2": fault.area_m2,
                "text": fault.text,
            },
        }
        for fault in faults
    ]
    return {"type": "FeatureCollection", "features": features}
