"""Load the invented province of fixtures/demo: units, people, waters, visits, photos, users."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from config.demo import candidates, large_water, register, surveys, users
from hazards.models import WaterHazard
from hazards.services.assessment import assess_once
from places.models import BoundarySet

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo"
SET_NAME = "demo"
LEVELS = ["province", "commune", "hamlet"]


class Command(BaseCommand):
    help = "Load the demo: an invented province with 300 waters. Nothing in it is real."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when any unit or hazard is there"
        )

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        if BoundarySet.objects.exists() or WaterHazard.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "There are units or hazards already. Load the demo into an empty database: "
                "./start --setup-only --no-demo with another DATABASE_URL."
            )
        self._load()

    def _load(self) -> None:
        today = timezone.localdate()
        _load_units()
        logins = users.make_users()
        users.write_logins(logins, settings.VAR_DIR / "demo-logins.txt")
        people = {user.username: user for user in User.objects.all()}
        call_command(
            "load_population",
            *sorted(str(path) for path in DEMO.glob("*.tif")),
            "--name=demo-2025",
            "--title=Dân số minh họa 2025",
            "--current",
            "--synthetic",
            stdout=io.StringIO(),
        )
        features = register.read_hazards(DEMO / "hazards.geojson")
        hazards = register.make_hazards(features, today=today)
        with assess_once():
            visits = register.tell_visits(
                features, hazards, today=today, observer=people["kiemtra"]
            )
            large_water.tell_large_water(hazards, today=today, by=people["kiemtra"])
            large_water.register_twice(hazards, today=today)
        register.waive(features, hazards, today=today, by=people["quantri"])
        sent = surveys.send_surveys(
            features,
            hazards,
            scenes=DEMO / "scenes",
            surveyors=[people["khaosat"], people["khaosat2"]],
            reviewers=[people["duyet"], people["duyet2"]],
        )
        candidates.make_candidates(
            DEMO / "hazards.geojson", today=today, inspector=people["kiemtra"]
        )
        call_command("run_exposure", stdout=io.StringIO())
        self.stdout.write(
            f"Demo loaded: {len(hazards) + 1} hazards, {visits} visits, "
            f"{sum(sent.values())} surveys ({sent['waiting']} waiting for review). "
            f"Logins: {settings.VAR_DIR}/demo-logins.txt"
        )


def _load_units() -> None:
    for level in LEVELS:
        words = {
            "level": level,
            "code-field": "code",
            "name-field": "name",
            "full-name-field": "full_name",
            "where": f"level={level}",
            "valid-from": "2025-07-01",
            "set": SET_NAME,
            "title": "Ranh giới minh họa (không có thật)",
            "source": "Safe Shore, fixtures/make_demo.py",
        }
        if level != LEVELS[0]:
            words["parent-field"] = "parent"
        given = [f"--{name}={value}" for name, value in words.items()]
        call_command("load_units", str(DEMO / "units.geojson"), *given, stdout=io.StringIO())
