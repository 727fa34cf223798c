"""The table of cases of fixtures/rules_cases.json, read for the rulebook and for the database."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hazards.compliance.facts import DepthFacts, HazardFacts, ObservationFacts, WaiverFacts
from hazards.compliance.rules import Rule

_TABLE = json.loads(
    (Path(__file__).resolve().parent.parent / "fixtures" / "rules_cases.json").read_text("utf-8")
)
CASES: list[dict[str, Any]] = _TABLE["cases"]
NAMES = [case["name"] for case in CASES]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def rules() -> list[Rule]:
    return [
        Rule(
            code=row["code"],
            kinds=frozenset(row["kinds"]),
            duties=tuple(row["duties"]),
            min_depth_m=row["min_depth_m"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_months=row["valid_months"],
        )
        for row in _TABLE["rules"]
    ]


def facts_of(case: dict[str, Any]) -> HazardFacts:
    hazard = case["hazard"]
    return HazardFacts(
        kind=hazard["kind"],
        lifecycle=hazard["lifecycle"],
        own_depth=DepthFacts(
            observed_on=date.fromisoformat(hazard["registered_on"]),
            depth_class=hazard["depth_class"],
            depth_m=hazard["depth_m"],
        ),
        observations=tuple(
            ObservationFacts(
                uuid=f"o{number}",
                duty=seen["duty"],
                state=seen["state"],
                observed_on=date.fromisoformat(seen["on"]),
                safeguard=seen.get("safeguard"),
                removed_on=day(seen.get("removed_on")),
            )
            for number, seen in enumerate(case["observations"])
        ),
        depths=tuple(
            DepthFacts(
                uuid=f"d{number}",
                observed_on=date.fromisoformat(seen["on"]),
                depth_class=seen.get("depth_class", "unknown"),
                depth_m=seen.get("depth_m"),
            )
            for number, seen in enumerate(case["depths"])
        ),
        waivers=tuple(
            WaiverFacts(
                valid_from=date.fromisoformat(waiver["valid_from"]),
                valid_to=date.fromisoformat(waiver["valid_to"]),
            )
            for waiver in case["waivers"]
        ),
    )
