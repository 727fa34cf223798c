"""What to do next at a hazard, from what is known of it."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from hazards.models.assessment import DutyState
from hazards.selectors.rows import HazardRow
from hazards.taxonomy import SEEN_GAPS, Duty, Verdict


def next_step(row: HazardRow, changes_on: date | None) -> str:
    """Return one sentence that says who has to do what."""
    if row.verdict in SEEN_GAPS:
        return _repair(row)
    steps = {
        Verdict.NOT_SURVEYED: _(
            "Send somebody to look for: {missing}. Until then nothing is known."
        ),
        Verdict.EXPIRED: _("Look again: {missing}. The last look is too long ago to count."),
        Verdict.DEPTH_UNKNOWN: _(
            "Measure the greatest depth, or ask residents, and write it down."
        ),
        Verdict.WAIVED: _("Nothing until the waiver ends."),
        Verdict.OUT_OF_SCOPE: _("The rule asks nothing here. Look again if the water changes."),
    }
    if row.verdict in steps:
        return steps[Verdict(row.verdict)].format(missing=_open_duties(row))
    if changes_on is None:
        return _("Keep the safeguards in order.")
    return _("Look again before {day}, when the evidence becomes too old.").format(
        day=formats.date_format(changes_on, "SHORT_DATE_FORMAT")
    )


def _repair(row: HazardRow) -> str:
    facts = {"missing": _open_duties(row), "body": row.body_name}
    if not row.body_name:
        return _(
            "Find out who is responsible and name them here; until then it is for the commune. "
            "To put up or mend: {missing}."
        ).format(**facts)
    return _("Ask {body} to put up or mend: {missing}. Then look again.").format(**facts)


def _open_duties(row: HazardRow) -> str:
    names = [str(Duty(duty).label) for duty, state in row.duties if state != DutyState.MET]
    return ", ".join(names) or "-"
